using System.Diagnostics;
using System.Runtime.ExceptionServices;
using IoScale.Nodes.Commands;

namespace IoScale.Nodes.Running;

/// <summary>
/// Runs the variants of one scenario side by side. The threads are dedicated and divided: as many variants at a time as there are threads,
/// and what is left over inside the variants' own emulations. Neither changes a result.
/// </summary>
internal sealed class ScenarioExecution(string name, IReadOnlyList<VariantExecution> variants, int threads)
{
    private readonly Stopwatch _wall = new();
    private int _next;
    private ExceptionDispatchInfo? _error;

    public string Name => name;

    public IReadOnlyList<VariantExecution> Variants => variants;

    public int Threads => threads;

    public TimeSpan Wall => _wall.Elapsed;

    /// <summary>Runs to the end, to an error, or until asked to stop; meanwhile <paramref name="watch"/> runs on the calling thread.</summary>
    /// <param name="watch">Shows progress until the handle it is given is set.</param>
    /// <param name="stop">Asks the run to stop at its next border.</param>
    /// <exception cref="VirtualTime.ModelErrorException">The emulation broke a rule of its model.</exception>
    public void Run(IVariantRunner runner, Action<WaitHandle> watch, CancellationToken stop)
    {
        using CancellationTokenSource stopAll = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using CountdownEvent running = new(Math.Min(threads, variants.Count));
        _wall.Start();
        for (int i = 0; i < running.InitialCount; i++)
        {
            int share = (threads / running.InitialCount) + (i < threads % running.InitialCount ? 1 : 0);
            new Thread(() => Drive(runner, share, stopAll, running)) { Name = $"{name} driver {i}", IsBackground = true }.Start();
        }

        watch(running.WaitHandle);
        running.Wait(CancellationToken.None);
        _wall.Stop();
        _error?.Throw();
    }

    private void Drive(IVariantRunner runner, int share, CancellationTokenSource stop, CountdownEvent running)
    {
        try
        {
            while (Interlocked.Increment(ref _next) is int taken && taken <= variants.Count)
            {
                variants[taken - 1].Execute(runner, $"{name}-{taken}", share, stop.Token);
            }
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to the thread that waits for the run.
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
