using MemoryPack;

namespace IoScale.Hardware.Guest;

/// <summary>What a guest has counted since the run began.</summary>
[MemoryPackable]
public sealed partial class GuestCounters
{
    /// <summary>Bytes of a frame that are not payload: Ethernet header and FCS, IPv4 and UDP headers.</summary>
    public const int HeaderBytes = 14 + 4 + 20 + 8;

    /// <summary>What a TCP header without options is longer than a UDP header.</summary>
    public const int TcpHeaderBytes = 12;

    public long Injections { get; set; }

    /// <summary>Device interrupts that the guest has acknowledged.</summary>
    public long Serviced { get; set; }

    /// <summary>Interrupts that found their request on the way past vCPU 0 already there.</summary>
    public long MergedOnTheWay { get; set; }

    /// <summary>Interrupts that found their bit in the virtual APIC already set.</summary>
    public long MergedAtVcpu { get; set; }

    public long PostedNotifications { get; set; }

    public long PostedWakeups { get; set; }

    public long PostedSuppressed { get; set; }

    /// <summary>IPIs that the guest sent to its own vCPUs.</summary>
    public long GuestIpis { get; set; }

    /// <summary>EOI instructions whose side effects the guest did not get.</summary>
    public long SideEffects { get; set; }

    public long Delivered { get; set; }

    public long DeliveredBytes { get; set; }

    public long PayloadBytes { get; set; }

    public void Deliver(int frames, int frameBytes)
    {
        Delivered += frames;
        DeliveredBytes += (long)frames * frameBytes;
        PayloadBytes += (long)frames * Math.Max(0, frameBytes - HeaderBytes);
    }

    /// <summary>Of the frames delivered some came by TCP: their headers take more of each.</summary>
    public void DeliverByTcp(int frames, int frameBytes) =>
        PayloadBytes -= (long)frames * Math.Clamp(frameBytes - HeaderBytes, 0, TcpHeaderBytes);

    /// <summary>Events sent for the guest's vif.</summary>
    public long Notifications { get; set; }

    /// <summary>Those that found their port pending.</summary>
    public long NotificationsMerged { get; set; }

    /// <summary>Events that are no device's interrupt: sent by the guest, or, in dom0, by those that wait for the device model.</summary>
    public long EventsSent { get; set; }

    /// <summary>Such events that found their port pending.</summary>
    public long EventsMerged { get; set; }

    /// <summary>Such events that the guest's upcalls have taken.</summary>
    public long EventsTaken { get; set; }

    /// <summary>Looks of netfront's timer at the ring.</summary>
    public long FrontPolls { get; set; }

    public GuestCounters Clone() => (GuestCounters)MemberwiseClone();
}
