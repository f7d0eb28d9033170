using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;

namespace IoScale.Hardware.Tests.Vectors;

/// <summary>Which vector, on which pCPU, in what order.</summary>
public class OrderTests
{
    private static readonly CpuMask Cpu0 = CpuMask.Single(0);

    [Theory]
    [InlineData(VectorAllocatorKind.Xen2009Global, "20 28 30 38 40 48 50 58 60 68 70 78 88 90 98 a0 a8 b0 b8 c0 c8 d0 d8 21 29 31")]
    [InlineData(VectorAllocatorKind.SlideGlobal, "20 28 30 38 40 48 50 58 60 68 70 78 80 88 90 98 a0 a8 b0 b8 c0 c8 d0 d8 21 29 31")]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, "28 30 38 40 48 50 58 60 68 70 78 88 90 98 a0 a8 b0 b8 c0 c8 d0 d8 21 29 31")]
    [InlineData(VectorAllocatorKind.Xen, "38 40 48 50 58 60 68 70 78 88 90 98 a0 a8 b0 b8 c0 c8 d0 d8 e0 e8 31 39 41 49 51")]
    [InlineData(VectorAllocatorKind.Linux2632, "49 51 59 61 69 71 79 81 89 91 99 a1 a9 b1 b9 c1 c9 d1 d9 e1 e9 42 4a")]
    [InlineData(VectorAllocatorKind.Linux, "21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f 40 41 42")]
    public void A_fresh_pCPU_hands_out_vectors_in_the_order_of_its_allocator(VectorAllocatorKind kind, string order)
    {
        var allocator = VectorAllocator.Online(kind, DestinationMode.Physical, 1);
        var expected = order.Split(' ').Select(vector => Convert.ToInt32(vector, 16)).ToArray();
        Assert.Equal(expected, expected.Select((_, i) => allocator.Assign(100 + i, Cpu0).Vector));
    }

    [Theory]
    [InlineData(VectorAllocatorKind.Xen2009Global, true)]
    [InlineData(VectorAllocatorKind.SlideGlobal, true)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, false)]
    [InlineData(VectorAllocatorKind.Xen, false)]
    [InlineData(VectorAllocatorKind.Linux2632, false)]
    [InlineData(VectorAllocatorKind.Linux, true)]
    public void A_vector_freed_just_now_is_reused_at_once_or_only_after_the_rotor_comes_round(VectorAllocatorKind kind, bool atOnce)
    {
        var allocator = VectorAllocator.Online(kind, DestinationMode.Physical, 1);
        var freed = allocator.Assign(100, Cpu0).Vector;
        allocator.Free(100);
        Assert.Equal(atOnce, allocator.Assign(101, Cpu0).Vector == freed);
    }

    [Theory]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu)]
    [InlineData(VectorAllocatorKind.Xen)]
    public void The_vector_at_which_the_rotor_stands_is_never_tried(VectorAllocatorKind kind)
    {
        var allocator = VectorAllocator.Online(kind, DestinationMode.Physical, 1);
        var last = CapacityTests.Fill(allocator, 1).Assigned + 15;
        var cursor = allocator.Host.Descriptor(last)!.Vector;
        allocator.Free(last);
        Assert.Equal(-1, allocator.Tables[0].Owner(cursor));
        Assert.Equal(VectorErrors.NoSpace, allocator.Assign(9000, Cpu0).Rc);

        allocator.Free(20);
        Assert.Equal(VectorErrors.Ok, allocator.Assign(9000, Cpu0).Rc);
        Assert.Equal(cursor, allocator.Assign(9001, Cpu0).Vector);
    }

    [Theory]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu)]
    [InlineData(VectorAllocatorKind.Xen)]
    [InlineData(VectorAllocatorKind.Linux2632)]
    public void The_lowest_pCPU_is_filled_before_the_next_is_tried(VectorAllocatorKind kind)
    {
        var allocator = VectorAllocator.Online(kind, DestinationMode.Physical, 3);
        var cpus = Enumerable.Range(16, 240).Select(irq => allocator.Assign(irq, CpuMask.FirstCpus(3)).Cpus.First).ToList();
        Assert.Equal(cpus.Order(), cpus);
        Assert.True(cpus.Count(cpu => cpu == 0) >= VectorModel.CapacityOf(kind, 0) - 1);
        Assert.DoesNotContain(2, cpus);
    }

    [Fact]
    public void Linux_spreads_over_all_pCPUs()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Linux, DestinationMode.Physical, 4);
        for (var irq = 16; irq < 16 + 200; irq++)
        {
            allocator.Assign(irq, CpuMask.FirstCpus(4));
        }

        var loads = allocator.Tables.Select(table => table.Used).ToList();
        Assert.InRange(loads.Max() - loads.Min(), 0, 1);
    }

    [Fact]
    public void The_rotor_is_common_to_all_pCPUs()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Physical, 2);
        Assert.Equal(0x28, allocator.Assign(0, Cpu0).Vector);
        Assert.Equal(0x30, allocator.Assign(1, CpuMask.Single(1)).Vector);
        Assert.Equal(0x38, allocator.Assign(2, Cpu0).Vector);
    }

    [Fact]
    public void A_flat_allocation_takes_the_vector_on_every_online_pCPU()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Flat, 4);
        var outcome = allocator.Assign(7, CpuMask.Single(2));
        Assert.Equal(CpuMask.FirstCpus(4), outcome.Cpus);
        Assert.All(allocator.Tables, table => Assert.Equal(7, table.Owner(outcome.Vector)));
    }

    [Fact]
    public void A_flat_search_goes_on_where_one_pCPU_refuses()
    {
        // irq 0 has its vector on pCPU 1 alone, because pCPU 0 came later.
        var allocator = new VectorAllocator(VectorAllocatorKind.Linux2632, DestinationMode.Flat, 3);
        allocator.Host.BringOnline(1);
        allocator.Run();
        var taken = allocator.Assign(0, CpuMask.Single(1)).Vector;
        allocator.Host.BringOnline(0);
        allocator.Run();
        for (var irq = 1; ; irq++)
        {
            var outcome = allocator.Assign(irq, Cpu0);
            if (outcome.Rc < 0)
            {
                break;
            }

            Assert.NotEqual(taken, outcome.Vector);
            Assert.Equal(irq, allocator.Tables[0].Owner(outcome.Vector));
            Assert.Equal(irq, allocator.Tables[1].Owner(outcome.Vector));
        }

        Assert.Equal(-1, allocator.Tables[0].Owner(taken));
    }

    [Theory]
    [InlineData(VectorAllocatorKind.Xen2009Global)]
    [InlineData(VectorAllocatorKind.SlideGlobal)]
    public void A_global_vector_keeps_its_number_when_it_moves(VectorAllocatorKind kind)
    {
        var allocator = VectorAllocator.Online(kind, DestinationMode.Physical, 2);
        var first = allocator.Assign(5, Cpu0);
        var second = allocator.Assign(5, CpuMask.Single(1));
        Assert.Equal(first.Vector, second.Vector);
        Assert.Equal(1, second.Cpus.First);
        Assert.Equal(5, allocator.Tables[1].Owner(second.Vector));
        allocator.Free(5);
        Assert.All(allocator.Tables, table => Assert.Equal(0, table.Used));
    }
}
