using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Cluster.Membership;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Tests.Cluster.Membership;

public sealed class NodeVerbTests : IDisposable
{
    private readonly TestNodes _nodes = new();

    public void Dispose() => _nodes.Dispose();

    [Fact]
    public async Task A_node_says_that_it_is_up_and_leaves_when_it_is_asked()
    {
        using Running node = new(_nodes.Settings());
        await TestNodes.Until(() => node.Output.Contains("is up", StringComparison.Ordinal), "up");
        Assert.Matches(@"^node 127\.0\.0\.1:\d+ is up: coordinator, worker; cluster of 1 \(quorum 1\)\n$", node.Output);
        node.Stop();
        Assert.Equal(ExitCode.Ok, await node.Exit);
        Assert.Equal(2, node.Output.TrimEnd().Split('\n').Length);
        Assert.EndsWith("has left\n", node.Output, StringComparison.Ordinal);
        Assert.Empty(node.Errors);
    }

    [Fact]
    public async Task Members_that_come_and_go_are_a_line_each()
    {
        int[] ports = TestNodes.FreePorts(2);
        using Running first = new(_nodes.Settings(ports[0], ports));
        using Running second = new(_nodes.Settings(ports[1], ports));
        await TestNodes.Until(() => first.Output.Contains("cluster of 2 (quorum 2)", StringComparison.Ordinal) && second.Output.Contains("is up", StringComparison.Ordinal), "two members");
        second.Stop();
        Assert.Equal(ExitCode.Ok, await second.Exit);
        await TestNodes.Until(() => first.Output.Contains($"node 127.0.0.1:{ports[1]} has left; cluster of 1 (quorum 2)", StringComparison.Ordinal), "one member");
        first.Stop();
        Assert.Equal(ExitCode.Ok, await first.Exit);
    }

    [Fact]
    public async Task Alone_of_three_a_node_gives_up_in_time()
    {
        int[] ports = TestNodes.FreePorts(3);
        using Running node = new(_nodes.Settings(ports[0], ports) with { JoinTimeout = TimeSpan.FromSeconds(1) });
        Assert.Equal(ExitCode.NodeEnded, await node.Exit);
        Assert.DoesNotContain("is up", node.Output, StringComparison.Ordinal);
        Assert.Matches($@"^ioscale: node 127\.0\.0\.1:{ports[0]} found no cluster within 1s: 2 of .* must be there and agree\n$", node.Errors);
    }

    [Fact]
    public async Task Any_two_of_three_seeds_make_a_cluster()
    {
        int[] ports = TestNodes.FreePorts(3);
        TimeSpan patience = TimeSpan.FromSeconds(36);
        using Running second = new(_nodes.Settings(ports[1], ports) with { JoinTimeout = patience });
        using Running third = new(_nodes.Settings(ports[2], ports) with { JoinTimeout = patience });
        await TestNodes.Until(() => second.Output.Contains("cluster of 2", StringComparison.Ordinal) && third.Output.Contains("cluster of 2", StringComparison.Ordinal), "two members");
    }

    [Fact]
    public async Task A_node_that_cannot_go_on_ends_with_the_reason()
    {
        using Running node = new(_nodes.Settings());
        await TestNodes.Until(() => node.Output.Contains("is up", StringComparison.Ordinal), "up");
        NodeFate.Of(node.System!).End("was refused by the coordinator: another build");
        NodeFate.Of(node.System!).End("and something else");
        Assert.Equal(ExitCode.NodeEnded, await node.Exit);
        Assert.Matches(@"^ioscale: node 127\.0\.0\.1:\d+ was refused by the coordinator: another build\n$", node.Errors);
    }

    [Fact]
    public async Task A_node_that_is_declared_down_ends_with_a_line()
    {
        using Running node = new(_nodes.Settings());
        await TestNodes.Until(() => node.Output.Contains("is up", StringComparison.Ordinal), "up");
        Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(node.System!);
        cluster.Down(cluster.SelfAddress);
        Assert.Equal(ExitCode.NodeEnded, await node.Exit);
        Assert.Contains(MemberWatch.CutOff, Assert.Single(node.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_in_use_is_one_line()
    {
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        int port = ((IPEndPoint)other.LocalEndPoint!).Port;
        SettingsException error = Assert.Throws<SettingsException>(() => NodeStart.System(_nodes.Settings(port)));
        Assert.Contains($"127.0.0.1:{port} is in use", Assert.Single(error.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_of_another_node_is_in_use()
    {
        using Running node = new(_nodes.Settings());
        await TestNodes.Until(() => node.Output.Contains("is up", StringComparison.Ordinal), "up");
        int port = Akka.Cluster.Cluster.Get(node.System!).SelfAddress.Port!.Value;
        SettingsException error = Assert.Throws<SettingsException>(() => NodeStart.System(_nodes.Settings(port)));
        Assert.Contains($"127.0.0.1:{port} is in use", Assert.Single(error.Mistakes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.9", true)]
    [InlineData("localhost", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("host", false)]
    public void Only_this_machine_reaches_loopback(string host, bool loopback) => Assert.Equal(loopback, NodeStart.IsLoopback(host));

    [Fact]
    public async Task A_node_that_is_open_to_the_network_without_encryption_says_so()
    {
        using Running node = new(_nodes.Settings(variables: new Dictionary<string, string> { ["IOSCALE__NODE__HOST"] = "0.0.0.0", ["IOSCALE__NODE__PUBLIC_HOST"] = "127.0.0.1" }));
        await TestNodes.Until(() => node.Output.Contains("is up", StringComparison.Ordinal), "up");
        node.Stop();
        Assert.Equal(ExitCode.Ok, await node.Exit);
        Assert.Matches("^ioscale: warning: 0.0.0.0 is open to the network without encryption: .*\n$", node.Errors);
    }

    /// <summary>A node as the command runs it, on a thread of its own, with no actors but those of its membership.</summary>
    private sealed class Running : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly SharedText _output = new();
        private readonly SharedText _error = new();

        public Running(NodeSettings settings)
        {
            settings = settings with { Config = LogSink.Hocon.WithFallback(settings.Config) };
            Terminal terminal = new(_output, _error, () => Stream.Null, errorIsTerminal: false);
            NodeVerb verb = new(terminal, (system, _) => System = system);
            Exit = Task.Factory.StartNew(() => verb.Run(settings, _stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(TestNodes.Patience);
        }

        public ActorSystem? System { get; private set; }

        public Task<int> Exit { get; }

        public string Output => _output.ToString();

        public string Errors => _error.ToString();

        public void Stop() => _stop.Cancel();

        public void Dispose()
        {
            _stop.Cancel();
            _ = Exit.Wait(TestNodes.Patience);
            _stop.Dispose();
            _output.Dispose();
            _error.Dispose();
        }
    }
}
