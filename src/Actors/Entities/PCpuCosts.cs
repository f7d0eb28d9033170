using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;

namespace IoScale.Actors.Entities;

/// <summary>What a pCPU's hypervisor work costs, in picoseconds, taken from the cost profile once.</summary>
public sealed record PCpuCosts(
    long ExitExternalInterrupt,
    long ExitIpi,
    long ExitEoi,
    long ExitIcr,
    long ExitApicOther,
    long ExitMsixMask,
    long ExitDeviceModel,
    long ExitHlt,
    long ExitInterruptWindow,
    long NativeIrq,
    long HostHandler,
    long IpiSend,
    long IpiFlight,
    long ContextSwitch,
    long WakeLatency,
    long Hypercall,
    long ExitHypercall,
    long EvtchnSend)
{
    public static PCpuCosts Of(CostProfile costs, EoiMode eoi) => new(
        costs.Ps(CostName.ExitExternalInterrupt),
        costs.Ps(CostName.ExitIpi),
        costs.Ps(eoi switch
        {
            EoiMode.Emulate => CostName.ExitEoiEmulate,
            EoiMode.X2Apic => CostName.ExitEoiX2Apic,
            EoiMode.Apicv => CostName.ExitEoiBitmap,
            _ => CostName.ExitEoiFast,
        }),
        costs.Ps(ByMsr(eoi) ? CostName.ExitIcrX2Apic : CostName.ExitIcrEmulate),
        costs.Ps(ByMsr(eoi) ? CostName.ExitIcrX2Apic : CostName.ExitApicOther),
        costs.Ps(CostName.MsixMaskHypervisor),
        costs.Ps(CostName.ExitTrivial),
        costs.Ps(CostName.ExitTrivial),
        costs.Ps(CostName.ExitInterruptWindow),
        costs.Ps(CostName.NativeIrq),
        costs.Ps(CostName.NapiFixed),
        costs.Ps(CostName.IpiSend),
        costs.Ps(CostName.IpiFlightSameSocket),
        costs.Ps(CostName.ContextSwitch),
        costs.Ps(CostName.WakeLatency),
        costs.Ps(CostName.HypercallPv),
        costs.Ps(CostName.ExitTrivial),
        costs.Ps(CostName.EvtchnSend));

    private static bool ByMsr(EoiMode eoi) => eoi is EoiMode.X2Apic or EoiMode.Apicv;
}
