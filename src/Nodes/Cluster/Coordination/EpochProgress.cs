using Google.Protobuf;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>
/// An epoch on its way: which node was told what, how far each component is, which checkpoint is being made. Takes the nodes' answers and gives
/// orders; an order that stays without answer is given again. No actor, no clock of its own.
/// </summary>
internal sealed class EpochProgress
{
    private const long RepeatMs = 3_000;

    private readonly EpochPlan _plan;
    private readonly Action<int, IMessage> _order;
    private readonly Component[] _components;
    private readonly long[] _events;
    private readonly long[] _windows;
    private readonly long[] _bytes;
    private readonly SortedDictionary<int, ShareFailed> _failures = [];
    private int _checkpoints;
    private long _committed;
    private long _lastCheckpointMs;
    private long _nextCheckpointPs;
    private long _repeatedMs;

    /// <param name="order">Sends an order to the node of a slot.</param>
    public EpochProgress(EpochPlan plan, Action<int, IMessage> order, long nowMs)
    {
        _plan = plan;
        _order = order;
        _components = [.. plan.Components.Select(slots => new Component(slots, plan.FromPs, plan.DurationPs, plan.Step))];
        _events = new long[plan.Nodes];
        _windows = new long[plan.Nodes];
        _bytes = new long[plan.Nodes];
        _committed = plan.Committed;
        _lastCheckpointMs = nowMs;
        _nextCheckpointPs = NextMark(plan.FromPs);
    }

    /// <summary>Every partition has reached this time.</summary>
    public long ReachedPs => _components.Min(component => component.ReachedPs);

    public long Events => _events.Sum();

    public long Windows => _windows.Max();

    public long BytesSent => _bytes.Sum();

    /// <summary>The checkpoint being made.</summary>
    public PendingCheckpoint? Pending { get; private set; }

    /// <summary>Why a checkpoint is late; empty while none is.</summary>
    public string Delay { get; private set; } = "";

    /// <summary>Every node has its share ready: begin.</summary>
    public void Begin(long nowMs)
    {
        foreach (Component component in _components)
        {
            Advance(component, nowMs);
        }
    }

    public void On(Reached reached, long nowMs)
    {
        Component component = ComponentOf(reached.Slot);
        (_events[reached.Slot], _windows[reached.Slot], _bytes[reached.Slot]) = (reached.Events, reached.Windows, reached.BytesSent);
        if (component.Phase == ComponentPhase.Running && reached.Step == component.Step && component.Answered(reached.Slot, nowMs))
        {
            Advance(component, nowMs);
        }
    }

    public void On(ShareCaptured captured, long nowMs)
    {
        Component component = ComponentOf(captured.Slot);
        if (component.Phase == ComponentPhase.Capturing && captured.Checkpoint == Pending?.Number && component.Answered(captured.Slot, nowMs))
        {
            Pending.Captured(component);
            Advance(component, nowMs);
        }
    }

    /// <summary>True when the pending checkpoint is whole and can be committed.</summary>
    public bool On(ShareDurable durable, long nowMs)
    {
        if (Pending is null || Pending.IsDurable || durable.Checkpoint != Pending.Number)
        {
            return false;
        }

        // What is durable was captured, even if the message that said so was lost.
        On(new ShareCaptured { Slot = durable.Slot, Checkpoint = durable.Checkpoint }, nowMs);
        Pending.Durable(durable);
        Delay = Pending.IsDurable ? "" : Delay;
        return Pending.IsDurable;
    }

    public void On(ShareDelayed delayed) => Delay = delayed.Reason;

    /// <summary>The pending checkpoint is in the journal.</summary>
    public void Committed(long nowMs)
    {
        _committed = Pending!.Number;
        _lastCheckpointMs = nowMs;
        _nextCheckpointPs = NextMark(Pending.TimePs);
        Pending = null;
        Begin(nowMs);
    }

    public void On(ShareFailed failed) => _failures[failed.Slot] = failed;

    /// <summary>
    /// The failure of the model that ends the run, once its nodes have found all they can: the one with the smallest time, then entity, whichever node was
    /// first to say so. Null before.
    /// </summary>
    public ShareFailed? Failure => _failures.Count > 0 && _failures.Keys.All(slot => ComponentOf(slot).Waiting.All(_failures.ContainsKey))
        ? _failures.Values.OrderBy(f => f.Time).ThenBy(f => f.Entity).First()
        : null;

    /// <summary>Time has passed: repeats orders that nobody answered, and starts a checkpoint that is due.</summary>
    public void Tick(long nowMs)
    {
        if (Pending is null && _plan.EveryWallMs > 0 && nowMs - _lastCheckpointMs >= _plan.EveryWallMs && !_components.All(c => c.IsDone))
        {
            StartCheckpoint(final: false);
            Begin(nowMs);
        }

        if (nowMs - _repeatedMs < RepeatMs)
        {
            return;
        }

        _repeatedMs = nowMs;
        foreach (Component component in _components)
        {
            foreach (int slot in component.Waiting)
            {
                _order(slot, OrderFor(component));
            }
        }

        if (Pending is { IsDurable: false } pending)
        {
            // Asked again, a share that is durable says so again.
            foreach (int slot in _components.Where(pending.HasCaptured).SelectMany(component => component.Slots))
            {
                _order(slot, Capture(pending));
            }
        }
    }

    private void Advance(Component component, long nowMs)
    {
        if (component.Phase != ComponentPhase.Idle)
        {
            return;
        }

        if (Pending is null && (component.ReachedPs >= _nextCheckpointPs || _components.All(c => c.IsDone)))
        {
            StartCheckpoint(final: _components.All(c => c.IsDone));
            Begin(nowMs);
            return;
        }

        if (Pending is not null && !Pending.IsDurable && !Pending.HasCaptured(component))
        {
            component.BeginCapture(nowMs);
        }
        else if (component.IsDone)
        {
            return;
        }
        else
        {
            component.BeginStep(Pending is null ? _nextCheckpointPs : VirtualTime.VirtualDuration.Never, nowMs);
        }

        foreach (int slot in component.Slots)
        {
            _order(slot, OrderFor(component));
        }
    }

    private void StartCheckpoint(bool final) =>
        Pending = new PendingCheckpoint(_plan.Checkpoint(++_checkpoints), final, _plan.Nodes, _plan.Partitions);

    private IMessage OrderFor(Component component) => component.Phase == ComponentPhase.Capturing
        ? Capture(Pending!)
        : new RunTo { Run = _plan.Run, Epoch = _plan.Epoch, Time = component.TargetPs, Step = component.Step };

    private CaptureShare Capture(PendingCheckpoint pending) =>
        new() { Run = _plan.Run, Epoch = _plan.Epoch, Checkpoint = pending.Number, Committed = _committed };

    private Component ComponentOf(int slot) => _components.First(component => component.Slots.Contains(slot));

    private long NextMark(long reachedPs) =>
        _plan.EveryPs > 0 ? ((reachedPs / _plan.EveryPs) + 1) * _plan.EveryPs : VirtualTime.VirtualDuration.Never;
}
