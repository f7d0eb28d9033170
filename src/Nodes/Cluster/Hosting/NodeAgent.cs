using Akka.Actor;
using Akka.Event;
using IoScale.Nodes.Cluster.Coordination;
using IoScale.Nodes.Store;
using IoScale.Protocol.Wire;
using ClusterOf = Akka.Cluster.Cluster;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>Who a node is, as it tells the coordinator.</summary>
/// <param name="Refused">Called with the reason when the coordinator does not want this node.</param>
internal sealed record NodeIdentity(string Address, string Build, Action<string> Refused);

/// <summary>
/// A node's part in runs, at <c>/user/agent</c>: says once a second that the node is there, and keeps the share of the run that it takes part in. A node
/// has one share at a time. Epochs are numbered through all runs, and an order of an older one is not obeyed.
/// </summary>
internal sealed class NodeAgent : ReceiveActor, IWithTimers
{
    public const string Name = "agent";

    private const int PatientLooks = 30;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeIdentity _identity;
    private readonly HostingSettings _settings;
    private readonly IActorRef _coordinator;
    private readonly ScenarioCache _cache = new();
    private readonly List<PartitionArrived> _early = [];
    private IActorRef? _share;
    private (PrepareShare Order, IActorRef Coordinator) _prepared;
    private readonly ClusterOf _cluster = ClusterOf.Get(Context.System);
    private readonly StateStore _store;
    private string _mark = "";
    private int _looks;
    private string _run = "";
    private long _epoch;

    /// <param name="coordinator">Finds the coordinator wherever it is.</param>
    public NodeAgent(NodeIdentity identity, HostingSettings settings, StateStore store, IActorRef coordinator)
    {
        _identity = identity;
        _store = store;
        _settings = settings;
        _coordinator = coordinator;
        Receive<Tick>(_ => SayHello());
        Receive<Mark>(OnMark);
        Receive<NodeRefused>(_ => IsFromMember, refused => _identity.Refused(refused.Reason));
        Receive<PrepareShare>(order => IsFromMember && IsSound(order), Prepare);
        Receive<RunTo>(order => Forward(order.Epoch, order));
        Receive<CaptureShare>(order => Forward(order.Epoch, order));
        Receive<DropShare>(_ => IsFromMember, Drop);
        Receive<PartitionArrived>(Deliver);
        Receive<PartitionDelayed>(delayed => Forward(delayed.Epoch, delayed));
        Receive<StateSaved>(saved => Forward(saved.Epoch, saved));
        Receive<Terminated>(OnTerminated);
        Receive<IWireMessage>(message => _log.Warning("refused a {0} from {1}", message.GetType().Name, Sender));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A share that broke is no use; the coordinator begins anew from the last checkpoint.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TimeSpan.Zero, Interval);

    /// <summary>Orders come from the coordinator, on this node or another of the cluster.</summary>
    private bool IsFromMember => !Sender.Path.Address.HasGlobalScope || _cluster.State.Members.Any(member => member.Address == Sender.Path.Address);

    private static bool IsSound(PrepareShare order) =>
        ActorPath.IsValidPathElement(ShareActor.NameOf(order.Run, order.Epoch))
        && order.ScenarioBytes is > 0 and <= Uploads.LargestBytes
        && order.Variant >= 0
        && order.Slot >= 0 && order.Slot < order.Nodes.Count
        && order.SlotOfPartition.All(slot => slot >= 0 && slot < order.Nodes.Count)
        && order.Nodes.All(node => Address.TryParse(node, out _));

    private void SayHello()
    {
        if (_mark.Length == 0 || _mark == StoreIdentity.Missing)
        {
            // A database that does not answer is asked again.
            StoreIdentity.Find(_store).ContinueWith(
                find => new Mark(find.IsCompletedSuccessfully ? find.Result : "", find.IsCompletedSuccessfully), TaskScheduler.Default).PipeTo(Self);
        }

        _coordinator.Tell(new NodeHello
        {
            Protocol = WireProtocol.Version,
            Build = _identity.Build,
            Address = _identity.Address,
            Threads = _settings.Threads,
            Run = _share is null ? "" : _run,
            Epoch = _epoch,
            Store = _mark,
        });
    }

    /// <summary>The coordinator writes the mark when it starts; where it stays away the database is another.</summary>
    private void OnMark(Mark mark)
    {
        if (mark.Answered)
        {
            _mark = mark.Value ?? (++_looks >= PatientLooks ? StoreIdentity.Missing : "");
        }
    }

    private void Prepare(PrepareShare order)
    {
        if (_share is not null && order.Epoch == _epoch)
        {
            _share.Forward(order);
            return;
        }

        if (order.Epoch <= _epoch)
        {
            _log.Warning("refused from {0}: epoch {1} of run {2}; epoch {3} has begun", Sender, order.Epoch, order.Run, _epoch);
            return;
        }

        Leave();
        (_run, _epoch) = (order.Run, order.Epoch);
        IActorRef coordinator = Sender;
        _share = Context.ActorOf(
            Props.Create(() => new ShareActor(order, coordinator, _settings, _cache)), ShareActor.NameOf(order.Run, order.Epoch));
        _prepared = (order, coordinator);
        Context.Watch(_share);
        _log.Info("run {0}, epoch {1}: slot {2} of {3}", order.Run, order.Epoch, order.Slot, order.Nodes.Count);
        foreach (PartitionArrived arrived in _early.Where(a => a.Epoch == _epoch))
        {
            _share.Tell(arrived);
        }

        _early.Clear();
    }

    /// <summary>A partition may be here before the order that says what for.</summary>
    private void Deliver(PartitionArrived arrived)
    {
        if (_share is not null && arrived.Epoch == _epoch)
        {
            _share.Tell(arrived);
        }
        else if (arrived.Epoch > _epoch)
        {
            _early.RemoveAll(a => a.Epoch < arrived.Epoch);
            _early.Add(arrived);
        }
        else
        {
            // Nobody waits for it any more, and nobody else would tell it to go.
            arrived.Entity.Tell(new LeaveEpoch(arrived.Epoch));
        }
    }

    private void Forward(long epoch, object message)
    {
        if (epoch == _epoch)
        {
            _share?.Forward(message);
        }
    }

    private void Drop(DropShare order)
    {
        if (order.Epoch >= _epoch)
        {
            _epoch = order.Epoch;
            Leave();
        }
    }

    private void OnTerminated(Terminated gone)
    {
        if (gone.ActorRef.Equals(_share))
        {
            _share = null;
            _prepared.Coordinator.Tell(new ShareFailed { Run = _run, Epoch = _epoch, Slot = _prepared.Order.Slot, Reason = "its share of the run broke; see its log" });
        }
    }

    private void Leave()
    {
        if (_share is not null)
        {
            Context.Unwatch(_share);
            Context.Stop(_share);
            _share = null;
        }
    }

    private sealed record Mark(string? Value, bool Answered);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
