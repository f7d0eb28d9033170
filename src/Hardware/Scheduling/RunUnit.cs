using MemoryPack;

namespace IoScale.Hardware.Scheduling;

/// <summary>Priorities of the credit scheduler; a smaller number runs first.</summary>
public enum RunPriority
{
    /// <summary>Woken with credit left; until the next tick.</summary>
    Boost = 0,

    /// <summary>Has credit.</summary>
    Under = 1,

    /// <summary>Has used up its credit.</summary>
    Over = 2,

    /// <summary>Nothing to run.</summary>
    Idle = 3,
}

/// <summary>One vCPU as its pCPU's scheduler knows it. It travels with the vCPU when that moves.</summary>
[MemoryPackable]
public sealed partial class RunUnit
{
    /// <summary>Floats over all pCPUs.</summary>
    public const int AnyPCpu = -1;

    [MemoryPackConstructor]
    public RunUnit(int id, int weight, int pin)
    {
        Id = id;
        Weight = weight;
        Pin = pin;
    }

    /// <summary>The vCPU, in the owner's numbering.</summary>
    public int Id { get; }

    /// <summary>Share of the credits, 1 to 65535.</summary>
    public int Weight { get; }

    /// <summary>The only pCPU it may run on, or <see cref="AnyPCpu"/>.</summary>
    public int Pin { get; set; }

    /// <summary>Credits left; negative when overdrawn.</summary>
    public int Credit { get; set; }

    public RunPriority Priority { get; set; } = RunPriority.Under;

    /// <summary>Takes part in the distribution of credits: it ran at a tick since it last had more than it could use.</summary>
    public bool Active { get; set; }

    /// <summary>Queued or running.</summary>
    public bool Runnable { get; set; }

    /// <summary>Gave up the pCPU by itself; until it runs again.</summary>
    public bool Yielded { get; set; }

    /// <summary>Time run that is less than a credit and not yet paid, in picoseconds.</summary>
    public long UnpaidPs { get; set; }

    /// <summary>Whether it may run on a pCPU.</summary>
    public bool MayRunOn(int pcpu) => Pin == AnyPCpu || Pin == pcpu;
}
