using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Cluster.Membership;
using IoScale.Nodes.Store;

namespace IoScale.Nodes.Tests.Cluster;

/// <summary>Nodes inside the test process, each with a port and a folder of its own.</summary>
internal sealed class TestNodes : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ActorSystem> _systems = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("ioscale-nodes-").FullName;

    /// <summary>Ports that nobody listens on at the moment.</summary>
    public static int[] FreePorts(int count)
    {
        List<TcpListener> listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        listeners.ForEach(l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        listeners.ForEach(l => l.Stop());
        return ports;
    }

    public static IReadOnlyDictionary<string, string> NoVariables { get; } = new Dictionary<string, string>();

    /// <summary>Settings of a node with a database in a folder of its own.</summary>
    public NodeSettings Settings(int port = 0, int[]? seeds = null, IReadOnlyDictionary<string, string>? variables = null) =>
        NodeSettings.Load(
            new NodeOptions(Port: port, Seeds: seeds?.Select(s => $"127.0.0.1:{s}").ToArray(), Threads: 1, Data: Path.Combine(Folder, $"{port}")),
            variables ?? NoVariables);

    /// <summary>A node's actor system, joined to its seeds, whose warnings and errors go to a list.</summary>
    public ActorSystem Start(NodeSettings settings, LogSink log)
    {
        StoreCheck.Prepare(settings.Store);
        ActorSystem system = NodeStart.System(settings with { Config = LogSink.Hocon.WithFallback(settings.Config) });
        log.Listen(system);
        _systems.Add(system);
        if (settings.Seeds.Count > 0)
        {
            Akka.Cluster.Cluster.Get(system).JoinSeedNodes(settings.SeedAddresses);
        }

        return system;
    }

    public ActorSystem Add(ActorSystem system)
    {
        _systems.Add(system);
        return system;
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        using CancellationTokenSource late = new(Patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (!condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not within {Patience.TotalSeconds} s: {what}");
            }
        }
    }

    public static Task UntilUp(ActorSystem system, int members) => Until(
        () => Akka.Cluster.Cluster.Get(system).State.Members.Count(m => m.Status == Akka.Cluster.MemberStatus.Up) == members, $"{members} members");

    public void Dispose()
    {
        Task.WaitAll([.. _systems.Select(s => s.Terminate())], Patience);
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Warnings and errors of actor systems, as the node's logger would print them.</summary>
internal sealed class LogSink
{
    public static readonly Config Hocon = ConfigurationFactory.ParseString("akka.loggers = []");

    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Listen(ActorSystem system)
    {
        IActorRef listener = system.ActorOf(Props.Create(() => new Listener(_lines)));
        system.EventStream.Subscribe(listener, typeof(Warning));
        system.EventStream.Subscribe(listener, typeof(Error));
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(ConcurrentQueue<string> lines) => Receive<LogEvent>(e =>
        {
            if (NodeLogger.LineOf(e) is { } line)
            {
                lines.Enqueue(line);
            }
        });
    }
}
