using IoScale.Nodes.Running;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>What a component of linked nodes is doing.</summary>
internal enum ComponentPhase
{
    Idle,
    Running,
    Capturing,
}

/// <summary>
/// Nodes that wait for each other at windows, directly or through others. Nodes of different components never wait for each other: each component goes
/// at its own pace.
/// </summary>
internal sealed class Component
{
    private readonly StepPacer _pacer;
    private long _startedMs;

    public Component(IReadOnlyList<int> slots, long reachedPs, long durationPs, TimeSpan step)
    {
        Slots = slots;
        ReachedPs = reachedPs;
        DurationPs = durationPs;
        _pacer = new StepPacer(durationPs, step);
    }

    public IReadOnlyList<int> Slots { get; }

    public long DurationPs { get; }

    /// <summary>All its nodes have handled every event before.</summary>
    public long ReachedPs { get; private set; }

    public bool IsDone => ReachedPs >= DurationPs;

    public ComponentPhase Phase { get; private set; }

    /// <summary>Slots that have not answered yet.</summary>
    public HashSet<int> Waiting { get; } = [];

    /// <summary>Number of the step under way, from 1.</summary>
    public long Step { get; private set; }

    /// <summary>Where the step under way ends.</summary>
    public long TargetPs { get; private set; }

    /// <summary>Begins a step; it ends at <paramref name="atMostPs"/> at the latest.</summary>
    public void BeginStep(long atMostPs, long nowMs)
    {
        TargetPs = Math.Min(Math.Min(DurationPs, atMostPs), ReachedPs + Math.Min(_pacer.StepPs, DurationPs - ReachedPs));
        Step++;
        Begin(ComponentPhase.Running, nowMs);
    }

    public void BeginCapture(long nowMs) => Begin(ComponentPhase.Capturing, nowMs);

    /// <summary>A slot has answered. True when it was the last.</summary>
    public bool Answered(int slot, long nowMs)
    {
        if (!Waiting.Remove(slot) || Waiting.Count > 0)
        {
            return false;
        }

        if (Phase == ComponentPhase.Running)
        {
            _pacer.Took(TimeSpan.FromMilliseconds(nowMs - _startedMs));
            ReachedPs = TargetPs;
        }

        Phase = ComponentPhase.Idle;
        return true;
    }

    private void Begin(ComponentPhase phase, long nowMs)
    {
        Phase = phase;
        _startedMs = nowMs;
        Waiting.UnionWith(Slots);
    }

    /// <summary>The components of a plan, by the islands that its nodes have together.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Find(int nodes, IEnumerable<(int A, int B)> links)
    {
        int[] root = [.. Enumerable.Range(0, nodes)];
        int Root(int slot) => root[slot] == slot ? slot : root[slot] = Root(root[slot]);
        foreach ((int a, int b) in links)
        {
            (int ra, int rb) = (Root(a), Root(b));
            root[Math.Max(ra, rb)] = Math.Min(ra, rb);
        }

        return [.. Enumerable.Range(0, nodes).GroupBy(Root).Select(group => (IReadOnlyList<int>)[.. group])];
    }
}
