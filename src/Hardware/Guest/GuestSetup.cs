namespace IoScale.Hardware.Guest;

/// <summary>What a guest's work costs, in picoseconds, and how it is set up. Constant during a run; not part of the guest's state.</summary>
/// <param name="Vcpus">Number of vCPUs.</param>
/// <param name="Nics">Number of VFs, at most <see cref="GuestMachine.MaxNics"/>.</param>
/// <param name="InterruptVcpu">vCPU that the guest sets as destination of its device interrupts.</param>
/// <param name="ByWayOfVcpu0">Interrupts reach the target vCPU by way of vCPU 0 (static delivery).</param>
/// <param name="Busy">The guest computes whenever it has nothing else to do.</param>
/// <param name="IrqEntryPs">Interrupt entry up to the EOI.</param>
/// <param name="HandlerPs">Driver's handler and NAPI, fixed part.</param>
/// <param name="RxFramePs">Driver, stack and application, each received frame.</param>
/// <param name="TxFramePs">Stack and driver, each sent frame.</param>
/// <param name="TxCleanPs">Each transmit descriptor cleaned.</param>
/// <param name="InjectionPs">Hypervisor work to inject an interrupt at VM entry.</param>
/// <param name="RxRing">Receive descriptors of each VF.</param>
/// <param name="TxRing">Transmit descriptors of each VF.</param>
public sealed record GuestSetup(
    int Vcpus,
    int Nics,
    int InterruptVcpu,
    bool ByWayOfVcpu0,
    bool Busy,
    long IrqEntryPs,
    long HandlerPs,
    long RxFramePs,
    long TxFramePs,
    long TxCleanPs,
    long InjectionPs,
    int RxRing,
    int TxRing)
{
    /// <summary>NAPI's budget: frames one poll may take before it yields (Linux: 64).</summary>
    public const int NapiBudget = 64;

    /// <summary>Length of one piece of a busy guest's own computing. Its end is not visible to anyone.</summary>
    public const long BusyPiecePs = 10_000_000_000;
}
