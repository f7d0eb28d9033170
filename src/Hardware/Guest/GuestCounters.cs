using MemoryPack;

namespace IoScale.Hardware.Guest;

/// <summary>What a guest has counted since the run began.</summary>
[MemoryPackable]
public sealed partial class GuestCounters
{
    /// <summary>Bytes of a frame that are not payload: Ethernet header and FCS, IPv4 and UDP headers.</summary>
    public const int HeaderBytes = 14 + 4 + 20 + 8;

    public long Injections { get; set; }

    /// <summary>Device interrupts that the guest has acknowledged.</summary>
    public long Serviced { get; set; }

    /// <summary>Interrupts that found their request on the way past vCPU 0 already there.</summary>
    public long MergedOnTheWay { get; set; }

    /// <summary>Interrupts that found their bit in the virtual APIC already set.</summary>
    public long MergedAtVcpu { get; set; }

    public long Delivered { get; set; }

    public long DeliveredBytes { get; set; }

    public long PayloadBytes { get; set; }

    public void Deliver(int frames, int frameBytes)
    {
        Delivered += frames;
        DeliveredBytes += (long)frames * frameBytes;
        PayloadBytes += (long)frames * Math.Max(0, frameBytes - HeaderBytes);
    }

    public GuestCounters Clone() => (GuestCounters)MemberwiseClone();
}
