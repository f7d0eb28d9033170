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

    public static Shape Dom0 { get; } = new("dom0", "The driver domain, a PV guest called HOST-dom0 whose vCPUs are scheduled like any other's.",
    [
        new("vcpus", Integer(1, MostVcpus), "Virtual CPUs.", Default: "1"),
        new("socket", Integer(0, MostPCpus), "Home socket.", DefaultMeaning: "the socket that its first vCPU starts on"),
        new("pin", GuestKeys.Pins, "pCPU that each vCPU is pinned to, or float.", DefaultMeaning: "all vCPUs float"),
        new("start", GuestKeys.Starts, "pCPU that each vCPU starts on.", DefaultMeaning: "its pin; otherwise the first pCPUs of the home socket"),
        new("weight", Integer(1, 65_535), "Weight in the credit scheduler.", Default: "256"),
        new("nicQueues", Integer(1, 64), "Receive queues of each port that vifs are bridged to; queue q interrupts vCPU q modulo vcpus. Two MSI-X vectors of the PF each.", DefaultMeaning: "one for each netback shard, but not more than vCPUs"),
        new("busy", new BooleanType(), "Processes of dom0 compute whenever nothing else runs.", Default: "false"),
    ]);

    public static Shape Netback { get; } = new("netback", "The backends of the host's vifs, in dom0.",
    [
        new("assignment", new WordType(ChoiceNames.Assignments.Words), "Which shard serves a vif: the only one (single, 2009), domain id modulo shards (domid), the one with the fewest vifs (least-loaded, 2010), or one of its own, a kernel thread (per-vif-thread).", Default: "single"),
        new("shards", Integer(1, MostVcpus), "Number of shards. Shard s runs on dom0's vCPU s modulo vcpus.", DefaultMeaning: "single: 1; domid: 10; least-loaded: dom0's vCPUs; per-vif-thread: the number of vifs"),
        new("execution", new WordType(ChoiceNames.Executions.Words), "What runs a shard: a tasklet, before all processes, or a kernel thread, which takes turns with them.", DefaultMeaning: "tasklet; kthread for per-vif-thread"),
    ]);

    private static readonly IReadOnlyList<Key> PolicyKeys =
    [
        new("policy", new WordType([.. ChoiceNames.Policies.Words, ChoiceNames.NoCoalescing]), "Who sets the interrupt rate: nobody (none), the user (fixed), a driver's heuristic, or adaptive interrupt coalescing (aic).", Default: "fixed"),
        new("rate", Frequency(1, 1_000_000_000, "8kHz"), "Interrupt rate; policy fixed only. The driver rounds the interval down to a step of the register, so the rate may be a little higher.", DefaultMeaning: "what the model's VF driver sets"),
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
        new("delivery", new WordType(ChoiceNames.Deliveries.Words), "Way of a device interrupt to its vCPU: it stays on its pCPU (static), follows the vCPU, or is posted to a running vCPU without an exit (needs eoi apicv, remapping and a cost profile of a processor that has it).", Default: "follow-vcpu"),
        new("eoi", new WordType(ChoiceNames.Eois.Words), "How an HVM guest's end of interrupt is virtualized; apicv needs a cost profile of a processor that has it.", Default: "fast"),
        new("iommu", new ShapeType(Iommu), "Interrupt remapping.", DefaultMeaning: "the defaults of its keys"),
        new("scheduler", new ShapeType(Scheduler), "The credit scheduler.", DefaultMeaning: "the defaults of its keys"),
        new("dom0", new ShapeType(Dom0), "The driver domain.", DefaultMeaning: "the defaults of its keys where a VM of the host has a vif; otherwise none"),
        new("netback", new ShapeType(Netback), "The backends of the vifs; only where a VM of the host has one.", DefaultMeaning: "the defaults of its keys"),
        new("eventChannels", new WordType(ChoiceNames.EventChannels.Words), "Layout of the event channels' pending bits.", Default: "2-level"),
        new("msixMask", new WordType(ChoiceNames.MaskOwners.Words), "Who carries out a guest's masking of an MSI-X entry.", Default: "hypervisor"),
        new("nics", new ListType(new ShapeType(Nic(hardware)), 0, 256), "Its NIC cards.", DefaultMeaning: "none"),
    ]);
}
