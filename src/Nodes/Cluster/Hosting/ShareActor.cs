using Akka.Actor;
using Akka.Event;
using IoScale.Nodes.Cluster.Windows;
using IoScale.Protocol.Wire;
using IoScale.Scenarios;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>What a node gives to the shares it hosts.</summary>
/// <param name="Threads">For the partitions.</param>
internal sealed record HostingSettings(int Threads, WindowSettings Windows);

/// <summary>
/// This node's share of a run in one epoch: fetches the scenario, waits for its partitions, and then does what the coordinator says. Every order may come
/// twice; the answer is then given again.
/// </summary>
internal sealed class ShareActor : ReceiveActor
{
    private const string GateName = "windows";

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly PrepareShare _order;
    private readonly HostingSettings _settings;
    private readonly ScenarioCache _cache;
    private readonly int[] _own;
    private readonly Dictionary<int, PartitionArrived> _arrived = [];
    private readonly WindowChannels _channels;
    private IActorRef _coordinator;
    private ScenarioFetch? _fetch;
    private Scenario? _scenario;
    private RunShare? _share;
    private Task<RunShare>? _starting;
    private bool _busy;
    private Reached? _reached;
    private long _step;
    private ShareFailed? _failed;
    private CaptureShare? _capture;
    private ShareCaptured? _captured;
    private ShareDurable? _durable;

    public ShareActor(PrepareShare order, IActorRef coordinator, HostingSettings settings, ScenarioCache cache)
    {
        _order = order;
        _coordinator = coordinator;
        _settings = settings;
        _cache = cache;
        _own = [.. Enumerable.Range(0, order.SlotOfPartition.Count).Where(p => order.SlotOfPartition[p] == order.Slot)];
        ActorSystem system = Context.System;
        _channels = new WindowChannels(order.Run, order.Epoch, order.Slot, settings.Windows, slot => GateAt(system, order, slot));
        Receive<PrepareShare>(_ => Repeat());
        Receive<Piece>(OnPiece);
        Receive<Scenario>(scenario =>
        {
            _scenario = scenario;
            StartWhenReady();
        });
        Receive<PartitionArrived>(OnArrived);
        Receive<PartitionDelayed>(delayed => Tell(new ShareDelayed { Checkpoint = delayed.Checkpoint, Reason = delayed.Reason }));
        Receive<RunShare>(OnStarted);
        Receive<RunTo>(_ => _share is not null, OnRunTo);
        Receive<Ran>(OnRan);
        Receive<CaptureShare>(_ => _share is not null, OnCapture);
        Receive<Captured>(OnCaptured);
        Receive<StateSaved>(OnSaved);
        Receive<Failed>(failed => Fail(failed.Cause));
        Receive<Terminated>(gone => Fail(new InvalidOperationException($"partition {gone.ActorRef.Path.Name} is gone; nobody would keep its states")));
        ReceiveAny(_ => { });
    }

    public static string NameOf(string run, long epoch) => $"share-{run}-{epoch}";

    protected override void PreStart()
    {
        WindowChannels channels = _channels;
        Context.ActorOf(Props.Create(() => new WindowGate(channels)), GateName);
        if (_cache.Find(_order.ScenarioHash) is { } scenario)
        {
            Self.Tell(scenario);
        }
        else
        {
            _fetch = new ScenarioFetch(_order.ScenarioHash, _order.ScenarioBytes);
            AskForPiece();
        }
    }

    /// <summary>The simulation's threads end in their own time.</summary>
    protected override void PostStop()
    {
        foreach (PartitionArrived partition in _arrived.Values)
        {
            partition.Entity.Tell(new LeaveEpoch(_order.Epoch));
        }

        _starting?.ContinueWith(start => start.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    private static IActorRef GateAt(ActorSystem system, PrepareShare order, int slot)
    {
        ActorPath path = new RootActorPath(Address.Parse(order.Nodes[slot])) / "user" / NodeAgent.Name / NameOf(order.Run, order.Epoch) / GateName;
        return ((ExtendedActorSystem)system).Provider.ResolveActorRef(path.ToSerializationFormat());
    }

    private void Repeat()
    {
        _coordinator = Sender;
        if (_failed is not null)
        {
            Tell(_failed);
        }
        else if (_share is not null)
        {
            SayPrepared();
        }
        else if (_scenario is null)
        {
            AskForPiece();
        }
    }

    private void AskForPiece()
    {
        if (_fetch is { IsComplete: false })
        {
            _coordinator.Tell(new FetchPiece { Protocol = WireProtocol.Version, Run = _order.Run, File = ScenarioFetch.File, Offset = _fetch.Received });
        }
    }

    private void OnPiece(Piece piece)
    {
        if (_fetch is null or { IsComplete: true })
        {
            return;
        }

        _fetch.Add(piece);
        if (!_fetch.IsComplete)
        {
            AskForPiece();
            return;
        }

        ScenarioFetch fetch = _fetch;
        ScenarioCache cache = _cache;
        ulong hash = _order.ScenarioHash;
        Do(Task.Run(() => cache.Keep(hash, fetch.Parse())), scenario => scenario);
    }

    private void OnArrived(PartitionArrived arrived)
    {
        if (_arrived.TryAdd(arrived.Partition, arrived))
        {
            Context.Watch(arrived.Entity);
            StartWhenReady();
        }
    }

    private void StartWhenReady()
    {
        if (_starting is not null || _scenario is null || _arrived.Count < _own.Length)
        {
            return;
        }

        byte[][]? states = null;
        if (_order.Checkpoint != 0)
        {
            states = [.. Enumerable.Range(0, _order.SlotOfPartition.Count).Select(p => _arrived.TryGetValue(p, out PartitionArrived? a) ? a.State! : [])];
        }

        Variant variant = _scenario.Variants[_order.Variant];
        _starting = RunShare.Start(Context.System, _order, variant.System, _settings.Threads, _channels, states);
        Do(_starting, share => share);
    }

    private void OnStarted(RunShare share)
    {
        _share = share;
        foreach (int partition in _own)
        {
            _arrived[partition] = _arrived[partition] with { State = null };
        }

        SayPrepared();
    }

    private void SayPrepared() => Tell(new SharePrepared { TopologyHash = _share!.TopologyHash });

    private void OnRunTo(RunTo order)
    {
        if (_failed is not null)
        {
            Tell(_failed);
        }
        else if (_reached is not null && order.Step == _reached.Step)
        {
            Tell(_reached);
        }
        else if (!_busy && order.Step > _step)
        {
            _busy = true;
            _step = order.Step;
            Do(_share!.RunTo(order.Time), time => new Ran(order.Step, time));
        }
    }

    private void OnRan(Ran ran)
    {
        _busy = false;
        _reached = new Reached
        {
            Step = ran.Step,
            Time = ran.Time,
            Events = _share!.EventsHandled,
            Windows = _share.Windows,
            BytesSent = _share.BytesSent,
        };
        Tell(_reached);
    }

    private void OnCapture(CaptureShare order)
    {
        if (_failed is not null)
        {
            Tell(_failed);
        }
        else if (_durable?.Checkpoint == order.Checkpoint && _durable.Blobs.Count == _own.Length)
        {
            Tell(_durable);
        }
        else if (_captured?.Checkpoint == order.Checkpoint)
        {
            Tell(_captured);
        }
        else if (!_busy && order.Checkpoint > (_capture?.Checkpoint ?? 0))
        {
            _busy = true;
            _capture = order;
            _durable = null;
            Do(_share!.Capture(), states => new Captured(order, states));
        }
    }

    private void OnCaptured(Captured captured)
    {
        _busy = false;
        _durable = new ShareDurable { Checkpoint = captured.Order.Checkpoint };
        _captured = new ShareCaptured { Checkpoint = captured.Order.Checkpoint, Bytes = _own.Sum(p => (long)captured.States[p].Length) };
        Tell(_captured);
        foreach (int partition in _own)
        {
            _arrived[partition].Entity.Tell(
                new SaveState(_order.Run, _order.Epoch, captured.Order.Checkpoint, captured.Order.Committed, captured.States[partition]));
        }
    }

    private void OnSaved(StateSaved saved)
    {
        if (_durable?.Checkpoint != saved.Checkpoint || _durable.Blobs.Any(blob => blob.Partition == saved.Partition))
        {
            return;
        }

        _durable.Blobs.Add(new PartitionBlob { Partition = saved.Partition, Hash = saved.Hash, Bytes = saved.Bytes });
        if (_durable.Blobs.Count == _own.Length)
        {
            Tell(_durable);
        }
    }

    private void Fail(Exception cause)
    {
        _busy = false;
        _failed = cause switch
        {
            ModelErrorException error => new ShareFailed { Reason = error.Message, Time = error.TimePs, Entity = error.Entity.Value + 1 },
            _ => new ShareFailed { Reason = $"{cause.GetType().Name}: {cause.Message}" },
        };
        if (cause is not ModelErrorException)
        {
            _log.Error(cause, "share of run {0}, epoch {1} failed", _order.Run, _order.Epoch);
        }

        Tell(_failed);
    }

    /// <summary>Brings a job's result, or its failure, back here.</summary>
    private void Do<T>(Task<T> job, Func<T, object> result) => job.ContinueWith(
        done => done.IsCompletedSuccessfully ? result(done.Result) : new Failed(done.Exception!.GetBaseException()), TaskScheduler.Default).PipeTo(Self);

    private void Tell(IShareAnswer answer)
    {
        (answer.Run, answer.Epoch, answer.Slot) = (_order.Run, _order.Epoch, _order.Slot);
        _coordinator.Tell(answer);
    }

    private sealed record Ran(long Step, long Time);

    private sealed record Captured(CaptureShare Order, IReadOnlyList<byte[]> States);

    private sealed record Failed(Exception Cause);
}
