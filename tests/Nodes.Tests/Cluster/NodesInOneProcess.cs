using Akka.Actor;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Nodes.Cluster.Membership;
using IoScale.Nodes.Store;
using IoScale.Protocol.Wire;
using ClusterOf = Akka.Cluster.Cluster;

namespace IoScale.Nodes.Tests.Cluster;

/// <summary>Nodes as actor systems of the test process: everything but the processes is as in a real cluster.</summary>
internal sealed class NodesInOneProcess : IDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ioscale-nodes-");

    /// <param name="databaseOf">Name of the folder with a node's database; the same for all unless said otherwise.</param>
    public NodesInOneProcess(int count, Func<int, string>? databaseOf = null)
    {
        for (int i = 0; i < count; i++)
        {
            NodeSettings settings = NodeSettings.Load(
                new NodeOptions(Port: 0, Threads: 1, Data: Path.Combine(_folder.FullName, databaseOf?.Invoke(i) ?? "data")), new Dictionary<string, string>());
            StoreCheck.Prepare(settings.Store);
            ActorSystem system = NodeStart.System(settings);
            Systems.Add(system);
            NodeActors.Start(system, settings);
            ClusterOf.Get(system).Join(ClusterOf.Get(Systems[0]).SelfAddress);
        }

        Assert.True(
            SpinWait.SpinUntil(() => Systems.All(s => ClusterOf.Get(s).State.Members.Count(m => m.Status == Akka.Cluster.MemberStatus.Up) == count), Bound),
            "the cluster does not form");
    }

    public List<ActorSystem> Systems { get; } = [];

    public T Ask<T>(IWireMessage question, int node = 0) =>
        Assert.IsType<T>(Systems[node].ActorSelection("/user/desk").Ask<object>(question, Bound).GetAwaiter().GetResult());

    public RunStatus Status(string run) => Assert.Single(Ask<StatusReply>(new AskStatus { Protocol = WireProtocol.Version, Run = run }).Runs);

    /// <summary>Waits for a state of a run.</summary>
    public RunStatus Await(string run, Func<RunStatus, bool> holds, int node = 0)
    {
        RunStatus status = new();
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    Thread.Sleep(20);
                    object answer = Systems[node].ActorSelection("/user/desk").Ask<object>(new AskStatus { Protocol = WireProtocol.Version, Run = run }, Bound).GetAwaiter().GetResult();
                    status = answer is StatusReply reply ? reply.Runs[0] : status;
                    return holds(status);
                },
                Bound),
            $"the run stays {status}");
        return status;
    }

    public string Submit(string resolved, int nodes = 0, long everyWallMs = 0, long everyVirtual = 0)
    {
        byte[] packed = ScenarioFetch.Pack(System.Text.Encoding.UTF8.GetBytes(resolved));
        SubmitRun submit = new()
        {
            Protocol = WireProtocol.Version,
            Ticket = Path.GetRandomFileName(),
            Scenario = "test",
            Resolved = new Piece { Total = packed.Length, Content = Google.Protobuf.ByteString.CopyFrom(packed) },
            Nodes = nodes,
            EveryWallMs = everyWallMs,
            EveryVirtual = everyVirtual,
        };
        for (int attempt = 0; ; attempt++)
        {
            object answer = Systems[0].ActorSelection("/user/desk").Ask<object>(submit, Bound).GetAwaiter().GetResult();
            if (answer is Submitted submitted)
            {
                return submitted.Run;
            }

            Assert.True(attempt < 10, $"{answer}");
        }
    }

    /// <summary>Ends a node without a word to the others, as nearly as that goes within a process.</summary>
    public void Kill(int node) => ((ExtendedActorSystem)Systems[node]).Abort();

    public void Dispose()
    {
        Task.WhenAll(Systems.Select(s => s.Terminate())).Wait(Bound);
        _folder.Delete(recursive: true);
    }
}
