using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;

namespace IoScale.Actors.Entities;

/// <summary>What a pCPU's hypervisor work costs, in picoseconds, taken from the cost profile once.</summary>
public sealed record PCpuCosts(
    long ExitExternalInterrupt,
    long ExitIpi,
    long ExitEoi,
    long ExitHlt,
    long ExitInterruptWindow,
    long NativeIrq,
    long HostHandler,
    long IpiSend,
    long IpiFlight,
    long ContextSwitch,
    long WakeLatency)
{
    public static PCpuCosts Of(CostProfile costs, EoiMode eoi) => new(
        costs.Ps(CostName.ExitExternalInterrupt),
        costs.Ps(CostName.ExitIpi),
        costs.Ps(eoi switch
        {
            EoiMode.Emulate => CostName.ExitEoiEmulate,
            EoiMode.Fast => CostName.ExitEoiFast,
            _ => CostName.ExitEoiX2Apic,
        }),
        costs.Ps(CostName.ExitTrivial),
        costs.Ps(CostName.ExitInterruptWindow),
        costs.Ps(CostName.NativeIrq),
        costs.Ps(CostName.NapiFixed),
        costs.Ps(CostName.IpiSend),
        costs.Ps(CostName.IpiFlightSameSocket),
        costs.Ps(CostName.ContextSwitch),
        costs.Ps(CostName.WakeLatency));
}
