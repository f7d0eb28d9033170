using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;

namespace IoScale.Hardware.Tests.Vectors;

/// <summary>How many vectors there are, by formula and by filling a host until it refuses.</summary>
public class CapacityTests
{
    private const int NianticVectors = 384;
    private const int FirstDeviceIrq = 16;

    [Theory]
    [InlineData(VectorAllocatorKind.SlideGlobal, DestinationMode.Physical, 4, 191)]
    [InlineData(VectorAllocatorKind.SlideGlobal, DestinationMode.Flat, 4, 191)]
    [InlineData(VectorAllocatorKind.Xen2009Global, DestinationMode.Physical, 4, 190)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Physical, 1, 189)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Physical, 2, 378)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.X2Apic, 2, 378)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Flat, 1, 189)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Flat, 8, 189)]
    [InlineData(VectorAllocatorKind.Xen, DestinationMode.Physical, 1, 189)]
    [InlineData(VectorAllocatorKind.Xen, DestinationMode.X2Apic, 2, 391)]
    [InlineData(VectorAllocatorKind.Xen, DestinationMode.Flat, 5, 189 + (4 * 202))]
    [InlineData(VectorAllocatorKind.Linux2632, DestinationMode.Physical, 2, 338)]
    [InlineData(VectorAllocatorKind.Linux2632, DestinationMode.Flat, 2, 169)]
    [InlineData(VectorAllocatorKind.Linux, DestinationMode.Physical, 1, 201 - 15)]
    [InlineData(VectorAllocatorKind.Linux, DestinationMode.X2Apic, 6, (201 * 6) - 15)]
    public void A_host_hands_out_exactly_its_capacity(VectorAllocatorKind kind, DestinationMode destination, int cpus, int capacity)
    {
        Assert.Equal(capacity, VectorModel.HostCapacity(kind, destination, cpus));
        var (assigned, rc) = Fill(VectorAllocator.Online(kind, destination, cpus), cpus);
        Assert.Equal(VectorErrors.NoSpace, rc);
        Assert.Equal(capacity, assigned);
    }

    [Theory]
    [InlineData(VectorAllocatorKind.SlideGlobal, DestinationMode.Physical, 191)]
    [InlineData(VectorAllocatorKind.Xen2009Global, DestinationMode.Physical, 190)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Physical, 384)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Flat, 189)]
    [InlineData(VectorAllocatorKind.Xen, DestinationMode.Physical, 384)]
    [InlineData(VectorAllocatorKind.Linux, DestinationMode.Physical, 384)]
    public void Niantic_asks_four_pCPUs_for_384_vectors(VectorAllocatorKind kind, DestinationMode destination, int assigned)
    {
        var allocator = VectorAllocator.Online(kind, destination, 4);
        var outcomes = Enumerable.Range(FirstDeviceIrq, NianticVectors).Select(irq => allocator.Assign(irq, CpuMask.FirstCpus(4)).Rc).ToList();
        Assert.Equal(assigned, outcomes.Count(rc => rc == VectorErrors.Ok));
        Assert.Equal(NianticVectors - assigned, outcomes.Count(rc => rc == VectorErrors.NoSpace));
    }

    [Theory]
    [InlineData(2, 378)]
    [InlineData(3, 384)]
    public void Niantic_needs_three_pCPUs_with_the_first_per_CPU_vectors(int cpus, int assigned)
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Physical, cpus);
        var granted = Enumerable.Range(0, NianticVectors).Count(irq => allocator.Assign(irq, CpuMask.FirstCpus(cpus)).Rc == VectorErrors.Ok);
        Assert.Equal(assigned, granted);
    }

    [Fact]
    public void The_first_system_vector_bounds_Linux_2_6_32()
    {
        Assert.Equal(0x50 - 0x41, VectorModel.CapacityOf(VectorAllocatorKind.Linux2632, 0, 0x50));
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Linux2632, DestinationMode.Physical, 1, 0x50);
        Assert.Equal(0x50 - 0x41, Fill(allocator, 1).Assigned);
    }

    [Fact]
    public void The_first_pCPU_of_Xen_keeps_the_legacy_vectors_off_its_hands()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Xen, DestinationMode.Physical, 2);
        Fill(allocator, 2);
        Assert.All(Enumerable.Range(0x20, 16), vector => Assert.Equal(-1, allocator.Tables[0].Owner(vector)));
        Assert.All(Enumerable.Range(0x23, 13), vector => Assert.NotEqual(-1, allocator.Tables[1].Owner(vector)));
    }

    [Fact]
    public void The_ISA_irqs_of_Linux_can_be_freed_for_devices()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Linux, DestinationMode.Physical, 1);
        Assert.Equal(0x31, allocator.Host.Descriptor(1)!.Vector);
        Assert.Null(allocator.Host.Descriptor(2));
        Fill(allocator, 1);
        allocator.Free(1);
        Assert.Equal(0x31, allocator.Assign(5000, CpuMask.Single(0)).Vector);
    }

    [Fact]
    public void One_vector_number_serves_different_irqs_on_different_pCPUs()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Linux, DestinationMode.Physical, 2);
        var first = allocator.Assign(100, CpuMask.Single(0));
        var second = allocator.Assign(101, CpuMask.Single(1));
        Assert.Equal(first.Vector, second.Vector);
        Assert.Equal(100, allocator.Tables[0].Owner(first.Vector));
        Assert.Equal(101, allocator.Tables[1].Owner(first.Vector));

        var xen = VectorAllocator.Online(VectorAllocatorKind.Xen, DestinationMode.Physical, 3);
        Fill(xen, 3);
        Assert.Equal(3, xen.Tables.Select(table => table.Owner(0x40)).Distinct().Count(irq => irq >= 0));
    }

    internal static (int Assigned, int Rc) Fill(VectorAllocator allocator, int cpus)
    {
        for (var irq = FirstDeviceIrq; ; irq++)
        {
            if (allocator.Assign(irq, CpuMask.FirstCpus(cpus)).Rc is var rc and < 0)
            {
                return (irq - FirstDeviceIrq, rc);
            }
        }
    }
}
