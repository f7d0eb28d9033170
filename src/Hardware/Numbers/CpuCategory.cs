namespace IoScale.Hardware.Numbers;

/// <summary>What a pCPU spends its cycles on; every cycle is in exactly one.</summary>
public enum CpuCategory
{
    /// <summary>Guest code: interrupt handlers, the stack, applications.</summary>
    Guest,

    /// <summary>Exits for device interrupts.</summary>
    ExitExternalInterrupt,

    /// <summary>Exits for IPIs.</summary>
    ExitIpi,

    /// <summary>Exits for end-of-interrupt writes.</summary>
    ExitEoi,

    /// <summary>Exits for interrupt command writes (guest IPIs).</summary>
    ExitIcr,

    /// <summary>Exits for other APIC registers.</summary>
    ExitApicOther,

    /// <summary>Interrupt-window exits.</summary>
    ExitInterruptWindow,

    /// <summary>Exits of a halting guest.</summary>
    ExitHlt,

    /// <summary>Every other exit.</summary>
    ExitOther,

    /// <summary>Sending IPIs.</summary>
    IpiSend,

    /// <summary>Interrupt handling outside exits: entry, acknowledge, the hypervisor's and dom0's handlers.</summary>
    Interrupt,

    /// <summary>Event-channel sends and upcalls.</summary>
    EventChannel,

    /// <summary>Grant copies and maps.</summary>
    GrantCopy,

    /// <summary>Netback, without grants.</summary>
    Netback,

    /// <summary>Everything else of dom0: bridge, NIC driver.</summary>
    Dom0Other,

    /// <summary>Scheduling and context switches.</summary>
    Scheduler,

    /// <summary>Nothing to do.</summary>
    Idle,
}

/// <summary>Names of the categories as metrics and reports write them, in kebab-case.</summary>
public static class CpuCategories
{
    public const int Count = (int)CpuCategory.Idle + 1;

    public static KebabNames<CpuCategory> Names { get; } = new();
}
