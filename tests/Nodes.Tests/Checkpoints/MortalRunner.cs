using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Running;
using IoScale.Nodes.Tracing;

namespace IoScale.Nodes.Tests.Checkpoints;

/// <summary>A runner whose process dies when a variant passes a time: the step throws what nobody expects.</summary>
internal sealed class MortalRunner(IVariantRunner inner, string variant, long diesAtPs) : IVariantRunner
{
    public IVariantRun Start(string runId, SystemSpec system, int threads, EventTrace? trace, IReadOnlyList<byte[]>? from = null)
    {
        IVariantRun run = inner.Start(runId, system, threads, trace, from);
        return runId.EndsWith(variant, StringComparison.Ordinal) ? new Run(run, diesAtPs) : run;
    }

    public void Dispose() => inner.Dispose();

    private sealed class Run(IVariantRun inner, long diesAtPs) : IVariantRun
    {
        public long ProgressTimePs => inner.ProgressTimePs;

        public long EventsHandled => inner.EventsHandled;

        public void RunUntil(long timePs)
        {
            inner.RunUntil(timePs);
            if (timePs > diesAtPs)
            {
                throw new InvalidOperationException("died");
            }
        }

        public RunOutcome Outcome() => inner.Outcome();

        public IReadOnlyList<byte[]> Capture() => inner.Capture();

        public void Dispose() => inner.Dispose();
    }
}
