using MemoryPack;

namespace IoScale.Hardware.Coalescing;

public enum CoalescingPolicy
{
    Fixed,
    IxgbeDynamic,
    IgbvfDynamic,
    Aic,
}

/// <summary>Interrupt moderation of one vector.</summary>
/// <param name="RateHz">Highest interrupt rate of <see cref="CoalescingPolicy.Fixed"/>; 0 for unmoderated.</param>
/// <param name="AicRedundancyPercent">AIC's r in percent (120 = 1.2).</param>
/// <param name="AicApplicationBuffers">AIC's ap_bufs, in packets.</param>
/// <param name="AicLowestHz">AIC's lif: lowest acceptable interrupt frequency.</param>
/// <param name="AicSamplePs">AIC samples the packet rate once in this time (the deck: "in the last seconds").</param>
[MemoryPackable]
public sealed partial record CoalescingSpec(
    CoalescingPolicy Policy,
    long RateHz,
    int AicRedundancyPercent,
    int AicApplicationBuffers,
    long AicLowestHz,
    long AicSamplePs = CoalescingConstants.AicSamplePs);
