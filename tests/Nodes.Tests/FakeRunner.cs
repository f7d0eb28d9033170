using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Running;
using IoScale.Nodes.Tracing;

namespace IoScale.Nodes.Tests;

/// <summary>Runs whose outcome and failures a test chooses, so that what is around a run can be tried without one.</summary>
internal sealed class FakeRunner : IVariantRunner
{
    private int _running;

    /// <summary>Called in each step with the virtual time to reach.</summary>
    public Action<SystemSpec, long> Step { get; init; } = (_, _) => { };

    public Func<SystemSpec, long, RunOutcome> Outcome { get; init; } = (_, timePs) => Samples.Outcome(Samples.Metrics(18, 2), timePs: timePs);

    public List<(string RunId, int Threads)> Started { get; } = [];

    /// <summary>Virtual times that runs started from, by the run's id; 0 for its beginning.</summary>
    public Dictionary<string, long> StartedFromPs { get; } = [];

    public int MostAtOnce { get; private set; }

    /// <summary>Size of what a checkpoint holds.</summary>
    public int StateBytes { get; init; } = 10;

    public bool IsDisposed { get; private set; }

    public IVariantRun Start(string runId, SystemSpec system, int threads, EventTrace? trace, IReadOnlyList<byte[]>? from = null)
    {
        lock (Started)
        {
            Started.Add((runId, threads));
            StartedFromPs[runId] = from is null ? 0 : BitConverter.ToInt64(from[0]);
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
        }

        return new Run(this, system, from is null ? 0 : BitConverter.ToInt64(from[0]));
    }

    public void Dispose() => IsDisposed = true;

    private sealed class Run(FakeRunner runner, SystemSpec system, long fromPs) : IVariantRun
    {
        public long ProgressTimePs { get; private set; } = fromPs;

        public long EventsHandled => ProgressTimePs / 1000;

        public void RunUntil(long timePs)
        {
            runner.Step(system, timePs);
            ProgressTimePs = timePs;
        }

        public IReadOnlyList<byte[]> Capture() => [BitConverter.GetBytes(ProgressTimePs), new byte[runner.StateBytes]];

        public RunOutcome Outcome() => runner.Outcome(system, ProgressTimePs);

        public void Dispose()
        {
            lock (runner.Started)
            {
                runner._running--;
            }
        }
    }
}
