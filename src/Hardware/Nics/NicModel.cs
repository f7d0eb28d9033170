namespace IoScale.Hardware.Nics;

/// <summary>What the emulator needs to know of a NIC. The figures live in <c>Data/nics</c>, each with source and confidence.</summary>
/// <param name="Name">Name used in scenarios, for example 82599.</param>
/// <param name="Aliases">Other names, for example niantic.</param>
/// <param name="Ports">Ports of one card.</param>
/// <param name="PortRateBps">Line rate of each port, bits per second.</param>
/// <param name="MaxVfsPerPort">VFs the driver can enable on one port.</param>
/// <param name="MaxVfsPerDevice">VFs of the whole card where the ports share a pool; 0 when each port has its own.</param>
/// <param name="PfVectors">MSI-X table size of a PF.</param>
/// <param name="DefaultPfVectors">Vectors the PF's driver asks for, before queues are tuned.</param>
/// <param name="VfVectors">MSI-X table size of a VF; the largest of <paramref name="VfVectorTiers"/> where a pool is shared.</param>
/// <param name="DefaultVfVectors">Vectors the VF's driver asks for.</param>
/// <param name="DeviceVectors">MSI-X vectors of the card shared by PFs and VFs; 0 when each function has its own.</param>
/// <param name="VfVectorTiers">Vector counts a VF may get from a shared pool, descending; empty when fixed.</param>
/// <param name="FirstVfOffset">Routing id distance from PF to VF 1.</param>
/// <param name="VfStride">Routing id distance between VFs.</param>
/// <param name="ModerationStepPs">Granularity of the moderation interval.</param>
/// <param name="ModerationMaxPs">Longest moderation interval.</param>
/// <param name="DefaultVfRateHz">Interrupt rate that the VF driver sets by default.</param>
/// <param name="RxLatencyPs">From the last bit on the wire to the frame in memory.</param>
/// <param name="LoopbackBps">Throughput of VF-to-VF traffic inside the card (PCIe crossed twice).</param>
public sealed record NicModel(
    string Name,
    IReadOnlyList<string> Aliases,
    string Description,
    int Ports,
    long PortRateBps,
    int MaxVfsPerPort,
    int MaxVfsPerDevice,
    int PfVectors,
    int DefaultPfVectors,
    int VfVectors,
    int DefaultVfVectors,
    int DeviceVectors,
    IReadOnlyList<int> VfVectorTiers,
    int FirstVfOffset,
    int VfStride,
    int RingMin,
    int RingDefault,
    int RingMax,
    long ModerationStepPs,
    long ModerationMaxPs,
    long DefaultVfRateHz,
    long RxLatencyPs,
    long LoopbackBps,
    IReadOnlyList<NicFact> Facts);

/// <summary>Source and confidence of one figure of a NIC model.</summary>
public sealed record NicFact(string Figure, string Confidence, string Source);
