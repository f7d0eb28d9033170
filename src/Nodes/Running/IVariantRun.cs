using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Tracing;

namespace IoScale.Nodes.Running;

/// <summary>One variant being emulated. Driven by one thread; the three counters may be read from any.</summary>
internal interface IVariantRun : IDisposable
{
    long ProgressTimePs { get; }

    long EventsHandled { get; }

    /// <summary>Emulates up to a virtual time. How a run is cut into steps does not change its result.</summary>
    void RunUntil(long timePs);

    /// <summary>What the run gave so far; called between two steps.</summary>
    RunOutcome Outcome();

    /// <summary>Everything needed to go on from here, a piece for each partition; called between two steps.</summary>
    IReadOnlyList<byte[]> Capture();
}

/// <summary>Makes the runs of the process.</summary>
internal interface IVariantRunner : IDisposable
{
    /// <param name="runId">Unique in the process; letters, digits, dash, dot.</param>
    /// <param name="threads">OS threads that the run may keep busy, its driver included.</param>
    /// <param name="from">What an earlier run of the same system captured, or null for its start.</param>
    /// <exception cref="InvalidDataException">That is damaged or of another system.</exception>
    IVariantRun Start(string runId, SystemSpec system, int threads, EventTrace? trace, IReadOnlyList<byte[]>? from = null);
}
