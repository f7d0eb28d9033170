using System.Diagnostics;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Running.Checkpoints;
using IoScale.Nodes.Tracing;

namespace IoScale.Nodes.Running;

/// <summary>One variant on its way through the process: waiting, running, ended. Progress may be read from any thread.</summary>
internal sealed class VariantExecution(string name, SystemSpec system, EventTrace? trace, VariantCheckpoints? checkpoints = null) : IDisposable
{
    private readonly Stopwatch _wall = new();
    private volatile IVariantRun? _run;

    public string Name => name;

    public SystemSpec System => system;

    public TimeSpan Wall => _wall.Elapsed;

    /// <summary>Virtual time reached, picoseconds.</summary>
    public long TimePs => Outcome?.VirtualTimePs ?? _run?.ProgressTimePs ?? 0;

    public long Events => Outcome?.Events ?? _run?.EventsHandled ?? 0;

    /// <summary>Events of <see cref="Events"/> that an earlier process emulated.</summary>
    public long EventsBefore { get; private set; }

    /// <summary>Virtual time of <see cref="TimePs"/> that an earlier process emulated, picoseconds.</summary>
    public long TimeBeforePs { get; private set; }

    /// <summary>Null until the run has ended, and for ever when it never started.</summary>
    public RunOutcome? Outcome { get; private set; }

    /// <summary>Emulates the variant to its end, or until asked to stop.</summary>
    public void Execute(IVariantRunner runner, string runId, int threads, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return;
        }

        _wall.Start();
        using IVariantRun run = runner.Start(runId, system, threads, trace, checkpoints?.Load());
        _run = run;
        StepPacer pacer = new(system.DurationPs);
        long reached = TimeBeforePs = checkpoints?.Last?.Time ?? 0;
        EventsBefore = run.EventsHandled;
        while (reached < system.DurationPs && !stop.IsCancellationRequested)
        {
            TimeSpan before = _wall.Elapsed;
            long next = reached + Math.Min(pacer.StepPs, system.DurationPs - reached);
            reached = checkpoints?.Border(reached, next) ?? next;
            run.RunUntil(reached);
            pacer.Took(_wall.Elapsed - before);
            checkpoints?.AtBorder(run, reached);
        }

        checkpoints?.AtEnd(run, reached, final: reached >= system.DurationPs);
        trace?.Flush();
        Outcome = run.Outcome();
        _run = null;
        _wall.Stop();
    }

    public void Dispose() => trace?.Dispose();
}
