using IoScale.Actors.Running;
using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Nics;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Running;
using IoScale.Protocol.Metrics;

namespace IoScale.Nodes.Tests;

/// <summary>Systems and outcomes small enough to count by hand.</summary>
internal static class Samples
{
    public static readonly CoalescingSpec Moderation = new(CoalescingPolicy.Fixed, 8000, 0, 0, 0);

    public static NicModel Niantic { get; } = new(
        "82599", ["niantic"], "dual port", Ports: 2, PortRateBps: 10_000_000_000, MaxVfsPerPort: 63, MaxVfsPerDevice: 0, PfVectors: 64, DefaultPfVectors: 3,
        VfVectors: 3, DefaultVfVectors: 3, DeviceVectors: 0, VfVectorTiers: [], FirstVfOffset: 128, VfStride: 2, RingMin: 64, RingDefault: 512, RingMax: 4096,
        ModerationStepPs: 2_000_000, ModerationMaxPs: 1_000_000_000, DefaultVfRateHz: 8000, RxLatencyPs: 1_000_000, LoopbackBps: 3_000_000_000, Facts: []);

    public static NicSpec Nic(int vfsOnPort0 = 63, int vfsOnPort1 = 63, int vectorsPerVf = 3, NicModel? model = null, string name = "nic0") =>
        new(name, 0, model ?? Niantic, [vfsOnPort0, vfsOnPort1], vectorsPerVf, 3, 512, 512, Moderation, Moderation);

    public static HostSpec Host(
        string name = "h0",
        VectorAllocatorKind allocator = VectorAllocatorKind.Xen,
        int pcpus = 4,
        DestinationMode destination = DestinationMode.Physical,
        int platformVectors = 0,
        IommuSpec? iommu = null,
        params NicSpec[] nics) =>
        new(name, 1, pcpus, allocator, destination, platformVectors, DeliveryMode.Static, EoiMode.Emulate, iommu ?? new IommuSpec(true, 65536),
            new SchedulerSpec(1, 1, 0, true, true), nics.Length > 0 ? nics : [Nic()]);

    public static SystemSpec System(params HostSpec[] hosts) =>
        new("niantic", 2009, 10_000_000_000, 2_000_000_000, new CostProfile("nehalem-2009", "", 2_800_000_000, []), hosts.Length > 0 ? hosts : [Host()], null, [], [], []);

    public static VmSpec Vm(string name, string host, params VfRef[] vfs) => new(name, host, 0, [-1], [0], 0, false, 0, false, 256, vfs);

    public static RunOutcome Outcome(IEnumerable<MetricSample> metrics, IEnumerable<VectorRefusal>? refusals = null, long timePs = 10_000_000_000, ulong hash = 0x1234, IEnumerable<string>? notes = null, IEnumerable<ConservationLaw>? laws = null) =>
        new(timePs, hash, 1_234_567, [.. metrics], [.. refusals ?? []], [], [.. laws ?? [new ConservationLaw("frames", "sent", 10, "delivered + dropped", 10)]], [.. notes ?? []]);

    public static MetricSample Sample(MetricDefinition metric, double value, params string[] labels) => new(metric, labels, value);

    /// <summary>Plausible metrics of one host with a number of VMs.</summary>
    public static IEnumerable<MetricSample> Metrics(int assigned, int vms)
    {
        yield return Sample(MetricCatalogue.VectorsCapacity, 189, "h0", "0");
        yield return Sample(MetricCatalogue.VectorsCapacity, 202, "h0", "1");
        yield return Sample(MetricCatalogue.VectorsAssigned, assigned, "h0", "0");
        yield return Sample(MetricCatalogue.FunctionsUp, assigned / 3, "h0");
        yield return Sample(MetricCatalogue.FunctionsRefused, 128 - (assigned / 3), "h0");
        yield return Sample(MetricCatalogue.Exits, 9600, "h0", "0", "eoi");
        yield return Sample(MetricCatalogue.Exits, 800, "h0", "1", "external-interrupt");
        yield return Sample(MetricCatalogue.CpuCycles, 22_400_000, "h0", "0", "guest");
        yield return Sample(MetricCatalogue.CpuCycles, 5_600_000, "h0", "1", "exit-eoi");
        yield return Sample(MetricCatalogue.CpuCycles, 61_600_000, "h0", "1", "idle");
        yield return Sample(MetricCatalogue.CpuUtilizationRatio, 0.3125, "h0");
        yield return Sample(MetricCatalogue.Interrupts, 800, "h0", "vm0", "nic0.p0.vf0");
        yield return Sample(MetricCatalogue.Ipis, 1600, "h0", "delivery");
        yield return Sample(MetricCatalogue.IpisDelivery, 1600, "h0");
        yield return Sample(MetricCatalogue.PacketsSent, 10_000, "wire");
        yield return Sample(MetricCatalogue.PacketsDropped, 25, "nic0.p0.vf0", "ring-full");
        for (int i = 0; i < vms; i++)
        {
            yield return Sample(MetricCatalogue.PacketsDroppedVm, i == 1 ? 25 : 0, $"vm{i}");
            yield return Sample(MetricCatalogue.Throughput, 75e6 + (i * 1e5), $"vm{i}");
            yield return Sample(MetricCatalogue.PacketLatency, 83.5e-6, $"vm{i}", "0.5");
            yield return Sample(MetricCatalogue.PacketLatency, (412 + i) * 1e-6, $"vm{i}", "0.99");
        }
    }

    public static VectorRefusal Refusal { get; } = new("h0", "nic0.p0.vf62", "vm62", 1, 3, "tx", 191, "no vector free on any pCPU");

    public static VariantResult Variant(string name, RunOutcome? outcome, SystemSpec? system = null, params IoScale.Scenarios.Expectations.ExpectationResult[] expectations) =>
        new(name, system ?? System(), outcome, expectations);

    public static ScenarioResult Result(params VariantResult[] variants) => new("niantic", 2009, "name: niantic\n", false, variants);

    /// <summary>A report as it goes to a pipe.</summary>
    public static string Print(Action<Spectre.Console.IAnsiConsole> report)
    {
        StringWriter text = new();
        new Terminal(text, TextWriter.Null, () => Stream.Null, errorIsTerminal: false).Print(report);
        return text.ToString();
    }
}
