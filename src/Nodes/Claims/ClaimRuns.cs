using System.Runtime.ExceptionServices;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Claims;

/// <summary>Carries out many runs side by side, one on each thread. Which thread runs what, and when, changes no result.</summary>
internal sealed class ClaimRuns(IReadOnlyList<ClaimRun> runs, int threads)
{
    private readonly ScenarioResult?[] _results = new ScenarioResult?[runs.Count];
    private int[] _order = [];
    private int _next;
    private int _done;
    private ExceptionDispatchInfo? _error;

    public int Count => runs.Count;

    /// <summary>Runs that have ended; may be read from any thread.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Runs to the end, to an error, or until asked to stop; meanwhile <paramref name="watch"/> runs on the calling thread.</summary>
    /// <param name="name">Unique in the process; letters, digits, dash.</param>
    /// <param name="watch">Shows progress until the handle it is given is set.</param>
    /// <returns>A result for each run, in their order; null where the run was not reached.</returns>
    /// <exception cref="EmulationException">A run broke a rule or a law.</exception>
    public IReadOnlyList<ScenarioResult?> Execute(string name, IVariantRunner runner, Action<WaitHandle> watch, CancellationToken stop)
    {
        // The longest first, so that no thread is left with one at the end.
        _order = [.. Enumerable.Range(0, runs.Count).OrderByDescending(i => runs[i].DurationPs)];
        using CancellationTokenSource stopAll = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using CountdownEvent running = new(Math.Max(1, Math.Min(threads, runs.Count)));
        for (int i = 0; i < running.InitialCount; i++)
        {
            new Thread(() => Drive(name, runner, stopAll, running)) { Name = $"{name} driver {i}", IsBackground = true }.Start();
        }

        watch(running.WaitHandle);
        running.Wait(CancellationToken.None);
        _error?.Throw();
        return _results;
    }

    private void Drive(string name, IVariantRunner runner, CancellationTokenSource stop, CountdownEvent running)
    {
        try
        {
            while (!stop.IsCancellationRequested && Interlocked.Increment(ref _next) is int taken && taken <= runs.Count)
            {
                int index = _order[taken - 1];
                _results[index] = runs[index].Execute(runner, $"{name}-{index}", stop.Token);
                Interlocked.Increment(ref _done);
            }
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to the thread that waits for the runs.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(e), null);
            stop.Cancel();
        }
        finally
        {
            running.Signal();
        }
    }
}
