using static IoScale.Scenarios.Language.Types;

namespace IoScale.Scenarios.Language;

/// <summary>Keys of hosts and their parts.</summary>
internal static class HostKeys
{
    public static Shape Vectors { get; } = new("vectors", "How the host gives out interrupt vectors.",
    [
        new("allocator", new WordType(ChoiceNames.Allocators.Words), "Vector allocator by name and version.", Default: "xen"),
        new("destination", new WordType(ChoiceNames.Destinations.Words), "How an interrupt names its destination; flat needs at most 8 pCPUs.", Default: "physical"),
        new("platformVectors", Integer(0, 4_096), "Device vectors taken before any NIC asks (IO-APIC pins, IOMMUs, HPET channels).", Default: "0"),
    ]);

    public static Shape Iommu { get; } = new("iommu", "Interrupt remapping.",
    [
        new("remapping", new BooleanType(), "Interrupts pass the remapping table.", Default: "true"),
        new("entries", Integer(1, 65_536), "Size of the remapping table.", Default: "65536"),
    ]);

    public static Shape Scheduler { get; } = new("scheduler", "The credit scheduler.",
    [
        new("slice", Time(100_000_000, Second, "30ms"), "Longest time a vCPU runs while others wait.", Default: "30ms"),
        new("tick", Time(100_000_000, Second, "10ms"), "Time between two accountings of credit; at most slice.", Default: "10ms"),
        new("rateLimit", Time(0, Second / 2, "1ms"), "Shortest run before a wake-up may preempt; at most slice.", Default: "0ms"),
        new("balance", new BooleanType(), "Idle pCPUs steal waiting vCPUs.", Default: "true"),
        new("boost", new BooleanType(), "A waking vCPU with credit left runs first.", Default: "true"),
    ]);

    private static readonly IReadOnlyList<Key> PolicyKeys =
    [
        new("policy", new WordType([.. ChoiceNames.Policies.Words, ChoiceNames.NoCoalescing]), "Who sets the interrupt rate: nobody (none), the user (fixed), a driver's heuristic, or adaptive interrupt coalescing (aic).", Default: "fixed"),
        new("rate", Frequency(1, 1_000_000_000, "8kHz"), "Highest interrupt rate; policy fixed only.", DefaultMeaning: "what the model's VF driver sets"),
        new("redundancy", new QuantityType(Values.Dimension.Percent, 100, 1_000, "120%"), "Head room over the measured packet rate; policy aic only.", Default: "120%"),
        new("applicationBuffers", Integer(1, 65_536), "Packets the application can hold back; policy aic only.", Default: "64"),
        new("lowestRate", Frequency(1, 1_000_000, "1kHz"), "Lowest interrupt rate; policy aic only.", Default: "1kHz"),
        new("sample", Time(1_000_000_000, 100 * Second, "100ms"), "Time over which the packet rate is measured, again and again; policy aic only.", Default: "1s"),
    ];

    public static Shape Direction { get; } = new("direction", "Interrupt moderation of one direction.", PolicyKeys);

    public static Shape Coalescing { get; } = new("coalescing", "Interrupt moderation: one policy for both directions, or rx and tx apart.",
    [
        .. PolicyKeys,
        new("rx", new ShapeType(Direction), "Receive vectors.", DefaultMeaning: "the policy of the mapping"),
        new("tx", new ShapeType(Direction), "Transmit vectors.", DefaultMeaning: "the policy of the mapping"),
    ]);

    public static Shape Nic(IHardwareCatalogue hardware) => new("nic", "A NIC card. Its ports are p0, p1, ...; VFs of a port vf0, vf1, ...",
    [
        new("name", Names("nic0"), "Name of the card, or a range of names.", Required: true),
        new("model", new WordType(hardware.NicModelNames), "Model of the card.", Required: true),
        new("socket", Integer(0, MostPCpus), "Socket whose PCIe lanes it uses.", Default: "0"),
        new("vfs", new ListType(Integer(0, 65_536), 1, 64, OneWithoutBrackets: true), "VFs enabled on each port: one number for all ports, or a list with one for each.", Default: "0"),
        new("vectorsPerVf", Integer(1, 2_048), "MSI-X vectors that the driver of each VF asks for.", DefaultMeaning: "what the model's driver asks for, or fewer where the card's pool holds fewer"),
        new("vectorsPerPf", Integer(1, 2_048), "MSI-X vectors that the driver of each PF asks for.", DefaultMeaning: "what the model's driver asks for"),
        new("rxRing", Integer(1, 65_536), "Receive descriptors of each queue.", DefaultMeaning: "the model's"),
        new("txRing", Integer(1, 65_536), "Transmit descriptors of each queue.", DefaultMeaning: "the model's"),
        new("coalescing", new ShapeType(Coalescing), "Interrupt moderation of the VFs.", DefaultMeaning: "fixed, at the rate the model's VF driver sets"),
    ]);

    public static Shape Host(IHardwareCatalogue hardware) => new("host", "A physical machine, or a range of equal ones.",
    [
        new("name", Names("h0"), "Name of the host, or a range of names.", Required: true),
        new("sockets", Integer(1, 64), "Processor packages. Socket s holds the pCPUs from s*n on, n being pcpus / sockets.", Default: "1"),
        new("pcpus", Integer(1, MostPCpus), "Hardware threads of all sockets; divisible by sockets.", Required: true),
        new("vectors", new ShapeType(Vectors), "How the host gives out interrupt vectors.", DefaultMeaning: "the defaults of its keys"),
        new("delivery", new WordType(ChoiceNames.Deliveries.Words), "Way of a device interrupt to its vCPU: it stays on its pCPU (static) or follows the vCPU.", Default: "follow-vcpu"),
        new("eoi", new WordType(ChoiceNames.Eois.Words), "How a guest's end of interrupt is virtualized.", Default: "fast"),
        new("iommu", new ShapeType(Iommu), "Interrupt remapping.", DefaultMeaning: "the defaults of its keys"),
        new("scheduler", new ShapeType(Scheduler), "The credit scheduler.", DefaultMeaning: "the defaults of its keys"),
        new("nics", new ListType(new ShapeType(Nic(hardware)), 0, 256), "Its NIC cards.", DefaultMeaning: "none"),
    ]);
}
