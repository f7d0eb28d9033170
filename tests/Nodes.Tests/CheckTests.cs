using IoScale.Hardware.Platform;
using IoScale.Nodes.Checking;

namespace IoScale.Nodes.Tests;

public class CheckTests
{
    [Theory]
    [InlineData(VectorAllocatorKind.SlideGlobal, DestinationMode.Physical, 191)]
    [InlineData(VectorAllocatorKind.Xen2009Global, DestinationMode.Physical, 190)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Flat, 189)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Physical, 384)]
    [InlineData(VectorAllocatorKind.Xen, DestinationMode.Physical, 384)]
    [InlineData(VectorAllocatorKind.Linux, DestinationMode.Physical, 384)]
    public void Two_ports_of_64_functions_with_three_vectors_ask_for_384(VectorAllocatorKind allocator, DestinationMode destination, int assigned)
    {
        HostBudget budget = HostCheck.Of(Samples.Host(allocator: allocator, destination: destination));
        Assert.Equal(384, budget.Demand);
        Assert.Equal(assigned, budget.Assigned);
        Assert.Equal(budget.Assigned, budget.PerPCpu.Sum());
    }

    [Fact]
    public void Drivers_ask_PF_first_then_VFs_in_order_so_the_first_refusal_is_known()
    {
        HostBudget budget = HostCheck.Of(Samples.Host(allocator: VectorAllocatorKind.SlideGlobal));

        // 191 = 63 functions with three vectors and two of the 64th: the PF and VFs 0 to 61, then VF 62.
        Assert.Equal(new FirstRefusal("nic0.p0.vf62", 2, 3, "mailbox", Layer.Vectors, 191), budget.First);
    }

    [Fact]
    public void Platform_vectors_come_before_any_driver()
    {
        HostBudget budget = HostCheck.Of(Samples.Host(allocator: VectorAllocatorKind.SlideGlobal, platformVectors: 30));
        Assert.Equal("nic0.p0.vf52", budget.First!.Function);
        Assert.Equal(414, budget.Demand);
    }

    [Fact]
    public void A_small_remapping_table_runs_out_before_the_vectors()
    {
        HostBudget budget = HostCheck.Of(Samples.Host(iommu: new IommuSpec(true, 100)));
        Assert.Equal(Layer.Irte, budget.First!.Layer);
        Assert.Equal(100, budget.Assigned);
        Assert.Contains("384 remapping entries instead of 100", Fixes.Of(Samples.Host(iommu: new IommuSpec(true, 100))));
    }

    [Fact]
    public void Without_remapping_its_table_is_no_limit() =>
        Assert.True(HostCheck.Fits(Samples.Host(iommu: new IommuSpec(false, 100))));

    [Fact]
    public void Each_fix_is_the_smallest_that_fits()
    {
        HostSpec host = Samples.Host(allocator: VectorAllocatorKind.Xen2009PerCpu, pcpus: 2);
        Assert.Equal(["3 pCPUs instead of 2", "at most 2 vectors per VF instead of 3", "at most 62 VFs a port instead of 63"], Fixes.Of(host));
    }

    [Fact]
    public void More_pCPUs_are_no_fix_where_one_table_serves_all()
    {
        IReadOnlyList<string> fixes = Fixes.Of(Samples.Host(allocator: VectorAllocatorKind.Xen2009Global));
        Assert.DoesNotContain(fixes, f => f.Contains("pCPUs instead", StringComparison.Ordinal));
        Assert.Contains("per-CPU vectors (allocator xen-2009-percpu, physical destinations)", fixes);
    }

    [Fact]
    public void Layers_come_in_the_order_in_which_a_driver_meets_them()
    {
        HostBudget budget = HostCheck.Of(Samples.Host());
        Assert.Equal(budget.Layers.OrderBy(l => l.Layer), budget.Layers);
        Assert.Contains(new LayerBudget(Layer.VfPool, "nic0.p1", 63, 63), budget.Layers);
        Assert.Contains(new LayerBudget(Layer.Msix, "nic0 each VF", 3, 3), budget.Layers);
        Assert.Contains(new LayerBudget(Layer.Irte, "socket 0", 65536, 384), budget.Layers);
        Assert.Contains(new LayerBudget(Layer.Vectors, "host", 189 + (3 * 202), 384), budget.Layers);
    }

    [Fact]
    public void Queue_pairs_that_dom0_drives_count_in_every_layer()
    {
        HostSpec plain = Samples.Host(nics: Samples.Nic(2, 0));
        HostSpec bridged = Samples.Host(nics: Samples.Nic(2, 0) with { Dom0Queues = [0, 2] });
        HostBudget budget = HostCheck.Of(bridged);

        Assert.Equal(["nic0.p1.pf", "nic0.p1.q0", "nic0.p1.q1"], FunctionList.Of(bridged).Select(f => f.Name).Where(n => n.Contains(".p1.", StringComparison.Ordinal)));
        Assert.Equal(HostCheck.Of(plain).Demand + 4, budget.Demand);
        Assert.Equal(7, budget.Layers.Single(l => l.Where == "nic0 each PF").Demand);
        Assert.Equal(budget.Demand, budget.Layers.Single(l => l.Layer == Layer.Irte).Demand);
        Assert.True(budget.Fits);
        Assert.NotEqual(HostGroup.KeyOf(plain), HostGroup.KeyOf(bridged));
        Assert.Equal(("nic0.p1.q1", 1), HostCheck.Of(bridged with { Iommu = new(true, budget.Demand - 1) }).First is { } first ? (first.Function, first.Vector) : default);
    }

    [Fact]
    public void Equal_hosts_are_one_group_and_different_ones_are_not()
    {
        HostSpec[] hosts = [.. Enumerable.Range(0, 10).Select(i => Samples.Host($"h{i}", pcpus: i == 5 ? 8 : 4))];
        ScenarioCheck check = ScenarioCheck.Of(new("n", "", "", [new("base", Samples.System(hosts), [])]), threads: 2);
        Assert.Equal(["h[0..4], h[6..9]", "h5"], check.Variants[0].Groups.Select(g => g.Title));
    }

    [Theory]
    [InlineData("h0 h1 h2 x h7", "h[0..2], x, h7")]
    [InlineData("a1 b2", "a1, b2")]
    [InlineData("h01 h02", "h01, h02")]
    [InlineData("h9 h10", "h[9..10]")]
    public void Numbered_names_are_shortened_as_scenarios_write_them(string names, string shortened) =>
        Assert.Equal(shortened, NameRanges.Compress(names.Split(' ')));

    [Fact]
    public void The_report_puts_the_verdict_first_then_refusal_and_fix()
    {
        HostSpec host = Samples.Host(allocator: VectorAllocatorKind.SlideGlobal);
        string[] lines = Samples.Print(console => CheckReport.Write(console, ScenarioCheck.Of(new("niantic", "", "", [new("base", Samples.System(host), [])]), 1))).Split('\n');
        Assert.Equal("niantic: does not fit: 193 vectors refused", lines[0]);
        Assert.Contains("pCPU vectors run out first, at nic0.p0.vf62 mailbox (vector 3 of 3)", string.Join(' ', lines[1..3].Select(l => l.Trim())), StringComparison.Ordinal);
        Assert.Contains(lines, l => l.Contains("would fit with per-CPU vectors", StringComparison.Ordinal));
    }
}
