using IoScale.Protocol.Metrics;

namespace IoScale.Actors.Running;

/// <summary>What one variant's run gave, at the virtual time it reached.</summary>
/// <param name="VirtualTimePs">Virtual time reached; less than the scenario's duration when the run was interrupted.</param>
/// <param name="ResultHash">64-bit digest of every event every entity handled.</param>
/// <param name="Metrics">Every series of the catalogue that the run has, in catalogue order, then by labels.</param>
/// <param name="Refusals">Vectors refused, in the order in which they were asked for.</param>
/// <param name="SharedVectors">Vector numbers that serve different irqs on different pCPUs, a few examples for each host.</param>
/// <param name="Laws">The conservation laws, checked at the end; a broken one makes the run an emulation error.</param>
/// <param name="Notes">Things a reader should know, one sentence each (for example: a pCPU could not go offline, and why).</param>
public sealed record RunOutcome(
    long VirtualTimePs,
    ulong ResultHash,
    long Events,
    IReadOnlyList<MetricSample> Metrics,
    IReadOnlyList<VectorRefusal> Refusals,
    IReadOnlyList<SharedVector> SharedVectors,
    IReadOnlyList<ConservationLaw> Laws,
    IReadOnlyList<string> Notes);

/// <summary>A vector that a driver asked for and did not get.</summary>
/// <param name="Function">For example nic0.p0.vf62 or nic0.p1.pf.</param>
/// <param name="Vm">VM that owns the function, or null for the host's PF.</param>
/// <param name="Vector">Index in the function's MSI-X table.</param>
/// <param name="Of">Vectors the function asked for.</param>
/// <param name="Role">rx, tx, mailbox or queue-n.</param>
/// <param name="Assigned">Vectors the host had assigned by then.</param>
/// <param name="Reason">Plain words.</param>
public sealed record VectorRefusal(string Host, string Function, string? Vm, int Vector, int Of, string Role, int Assigned, string Reason);

/// <summary>One vector number on two pCPUs of a host with two irqs.</summary>
public sealed record SharedVector(string Host, int Vector, int PCpuA, int IrqA, string OwnerA, int PCpuB, int IrqB, string OwnerB);

/// <summary>A conservation law and both of its sides, for example frames sent = delivered + dropped + in flight.</summary>
public sealed record ConservationLaw(string Name, string Left, long LeftValue, string Right, long RightValue)
{
    public bool Holds => LeftValue == RightValue;
}
