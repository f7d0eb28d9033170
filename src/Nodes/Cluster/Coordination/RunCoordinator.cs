using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Persistence;
using Google.Protobuf;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Nodes.Store;
using IoScale.Protocol.Wire;
using ClusterOf = Akka.Cluster.Cluster;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>
/// Carries runs from submission to result, one after the other: a cluster singleton whose memory is its journal. What is not in the journal (who is here,
/// how far the nodes are) it learns anew when it starts, and then begins a new epoch from the last committed checkpoint. Two coordinators at once, on
/// both sides of a cut, can not do harm: the journal takes only one event of each number, and the one that loses stops.
/// </summary>
internal sealed partial class RunCoordinator : ReceivePersistentActor, IWithTimers
{
    /// <summary>Below the cluster singleton's name; the same for ever, because the journal goes by it.</summary>
    public const string JournalId = "run-coordinator";

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ClusterOf _cluster = ClusterOf.Get(Context.System);
    private readonly CoordinatorSettings _settings;
    private readonly StateStore _store;
    private readonly IActorRef _partitions;
    private readonly RunBook _book = new();
    private readonly NodeRegistry _nodes;
    private string _mark = "";
    private string _waitingFor = "";

    /// <param name="partitions">The shard region, or a proxy of it.</param>
    public RunCoordinator(CoordinatorSettings settings, StateStore store, IActorRef partitions)
    {
        _settings = settings;
        _store = store;
        _partitions = partitions;
        _nodes = new NodeRegistry(settings.Quorum);
        RecoverEvents();
        Command<Tick>(_ => OnTick());
        Command<NodeHello>(OnHello);
        Command<Marked>(marked => _mark = marked.Mark);
        Command<ClusterEvent.IMemberEvent>(_ => LookAtNodes());
        Command<ClusterEvent.IReachabilityEvent>(_ => LookAtNodes());
        CommandEpochs();
        CommandClients();
        CommandClosing();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public override string PersistenceId => JournalId;

    private static long NowMs => Environment.TickCount64;

    private static long UnixMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    protected override void OnReplaySuccess()
    {
        _log.Info("coordinator here: {0} runs in the journal, {1} of them not over", _book.Runs.Count, _book.Runs.Count(run => !run.IsOver));
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, Beat, Beat);
    }

    /// <summary>The supervisor above starts the coordinator again after a while: a database that is away means waiting.</summary>
    protected override void OnPersistFailure(Exception cause, object e, long sequenceNr)
    {
        _log.Warning("the journal did not take {0}: {1}; the coordinator starts again", e.GetType().Name, cause.GetBaseException().Message);
        base.OnPersistFailure(cause, e, sequenceNr);
    }

    /// <summary>Other than after a failure, Akka would go on.</summary>
    protected override void OnPersistRejected(Exception cause, object e, long sequenceNr)
    {
        OnPersistFailure(cause, e, sequenceNr);
        Context.Stop(Self);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _log.Warning("the journal can not be read: {0}; the coordinator starts again", reason.GetBaseException().Message);
        base.OnRecoveryFailure(reason, message);
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        base.PostStop();
    }

    private void RecoverEvents()
    {
        Recover<RunSubmitted>(_book.Apply);
        Recover<EpochStarted>(_book.Apply);
        Recover<CheckpointCommitted>(_book.Apply);
        Recover<RunFinished>(_book.Apply);
        Recover<RunFailed>(_book.Apply);
        Recover<RunCancelled>(_book.Apply);
    }

    /// <summary>Writes an event down, then acts on it.</summary>
    private void Record<T>(T e, Action<T> then)
        where T : IMessage => Persist(e, written =>
        {
            _book.Apply(written);
            then(written);
        });

    private void OnTick()
    {
        if (_mark.Length == 0)
        {
            StoreIdentity.Ensure(_store).ContinueWith(mark => new Marked(mark.IsCompletedSuccessfully ? mark.Result : ""), TaskScheduler.Default).PipeTo(Self);
        }

        LookAtNodes();
        _epoch?.Tick(NowMs);
        Drive();
    }

    private void OnHello(NodeHello hello)
    {
        if (hello.Protocol != WireProtocol.Version || hello.Build != _settings.Build)
        {
            string theirs = hello.Protocol != WireProtocol.Version ? $"protocol {hello.Protocol}, here {WireProtocol.Version}" : $"build {hello.Build}, here {_settings.Build}";
            _log.Warning("refused node {0}: it is of another version of ioscale ({1})", hello.Address, theirs);
            Sender.Tell(new NodeRefused { Reason = $"the cluster runs another version of ioscale ({theirs}); start all nodes from the same build" });
            return;
        }

        if (_mark.Length == 0 || hello.Store.Length == 0)
        {
            return;
        }

        if (hello.Store != _mark)
        {
            _log.Warning("refused node {0}: it uses another database", hello.Address);
            Sender.Tell(new NodeRefused { Reason = $"it uses another database than the coordinator on {_settings.Address}; give all nodes the same --data folder (on one machine) or the same PostgreSQL" });
            return;
        }

        // Who is no member yet says hello again.
        if (_cluster.State.Members.FirstOrDefault(m => m.Address.ToString() == hello.Address) is { } member)
        {
            _nodes.Welcome(new KnownNode(member.Address, Sender, hello, NowMs));
        }

        if (hello.Run.Length > 0 && hello.Epoch <= _book.Epoch && hello.Epoch != _starting?.Epoch)
        {
            // The word that this epoch is over was lost, or a coordinator before this one did not live to say it.
            Sender.Tell(new DropShare { Run = hello.Run, Epoch = hello.Epoch });
        }
    }

    private void LookAtNodes()
    {
        _nodes.Observe(_cluster.State, NowMs);
        for (int slot = 0; slot < _epochNodes.Count; slot++)
        {
            string? trouble = _nodes.TroubleWith(_epochNodes[slot], _agents[slot], _cluster.State, NowMs, PatienceMs)
                ?? (IsRunning ? _nodes.LostShare(_epochNodes[slot], _starting!.Epoch, _readyMs) : null);
            if (trouble is not null)
            {
                AbandonEpoch(trouble);
                return;
            }
        }
    }

    private sealed record Marked(string Mark);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
