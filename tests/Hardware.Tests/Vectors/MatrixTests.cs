using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;

namespace IoScale.Hardware.Tests.Vectors;

/// <summary>The Linux interrupt matrix and the rules around it.</summary>
public class MatrixTests
{
    private const int Free = 201;

    [Fact]
    public void Ties_go_to_the_lowest_pCPU_for_plain_and_to_the_highest_for_managed_vectors()
    {
        var allocator = new VectorAllocator(VectorAllocatorKind.Linux, DestinationMode.Physical, 4);
        foreach (var cpu in new[] { 1, 2, 3 })
        {
            allocator.Host.BringOnline(cpu);
        }

        allocator.Run();
        var mask = CpuMask.Of(1, 2, 3);
        Assert.Equal([1, 2, 3, 1], Enumerable.Range(20, 4).Select(irq => allocator.Assign(irq, mask).Cpus.First));

        var managed = new List<int>();
        for (var irq = 30; irq < 34; irq++)
        {
            allocator.Host.ReserveManaged(irq, mask);
            allocator.Host.Activate(irq, CpuMask.None);
            managed.Add(allocator.Run().Cpus.First);
        }

        Assert.Equal([3, 2, 1, 3], managed);
    }

    [Fact]
    public void The_most_available_pCPU_is_chosen()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Linux, DestinationMode.Physical, 3);
        allocator.Assign(20, CpuMask.Single(1));
        Assert.Equal(2, allocator.Assign(21, CpuMask.FirstCpus(3)).Cpus.First);
        allocator.Assign(22, CpuMask.Single(2));
        Assert.Equal(1, allocator.Assign(23, CpuMask.FirstCpus(3)).Cpus.First);
    }

    [Fact]
    public void A_managed_vector_reserved_while_the_pCPU_is_away_leaves_a_stale_count_that_refuses_although_others_have_room()
    {
        var (search, tables) = Matrix(2);
        Ask(search, tables, VectorAsk.Online, 0);
        Ask(search, tables, VectorAsk.Online, 1);
        Ask(search, tables, VectorAsk.Offline, 1);
        for (var i = 0; i < Free; i++)
        {
            Assert.Equal(VectorErrors.Ok, Drive(search, tables, search.BeginReserveManaged(CpuMask.Single(1))).Rc);
        }

        Assert.Equal(VectorErrors.NoSpace, Drive(search, tables, search.BeginReserveManaged(CpuMask.Single(1))).Rc);
        Ask(search, tables, VectorAsk.Online, 1);
        Assert.Equal((uint)Free, search.Reported(1).Available);
        Assert.Equal(0, Drive(search, tables, search.BeginAlloc(5, CpuMask.FirstCpus(2), false, false)).Domain.First);
        Assert.Equal(VectorErrors.NoSpace, Drive(search, tables, search.BeginAlloc(6, CpuMask.FirstCpus(2), false, false)).Rc);
    }

    [Fact]
    public void A_vector_freed_while_the_pCPU_is_away_counts_there_but_not_globally()
    {
        var (search, tables) = Matrix(2);
        Ask(search, tables, VectorAsk.Online, 0);
        Ask(search, tables, VectorAsk.Online, 1);
        var vector = Drive(search, tables, search.BeginAlloc(5, CpuMask.Single(1), false, false)).Vector;
        Ask(search, tables, VectorAsk.Offline, 1);
        var global = search.GlobalAvailable;
        Ask(search, tables, VectorAsk.Forget, 1, vector);
        Assert.Equal((uint)Free, search.Reported(1).Available);
        Assert.Equal(global, search.GlobalAvailable);
        Assert.Equal(1u, search.TotalAllocated);
    }

    [Fact]
    public void Reserving_managed_vectors_is_all_or_nothing()
    {
        var (search, tables) = Matrix(3);
        Ask(search, tables, VectorAsk.Online, 0);
        Ask(search, tables, VectorAsk.Online, 2);
        for (var i = 0; i < Free; i++)
        {
            Drive(search, tables, search.BeginAlloc(i, CpuMask.Single(2), false, false));
        }

        Assert.Equal(VectorErrors.NoSpace, Drive(search, tables, search.BeginReserveManaged(CpuMask.FirstCpus(3))).Rc);
        Assert.All([0, 1, 2], cpu => Assert.Equal(0u, search.Reported(cpu).Managed));
        Assert.Equal((uint)Free, search.GlobalAvailable);
    }

    [Fact]
    public void A_managed_allocation_asks_one_pCPU_only()
    {
        var (search, tables) = Matrix(2);
        Ask(search, tables, VectorAsk.Online, 0);
        Ask(search, tables, VectorAsk.Online, 1);
        Drive(search, tables, search.BeginReserveManaged(CpuMask.Single(0)));
        Assert.Equal(VectorErrors.NoSpace, Drive(search, tables, search.BeginAllocManaged(5, CpuMask.FirstCpus(2), false)).Rc);
        Assert.Equal(VectorErrors.Ok, Drive(search, tables, search.BeginAllocManaged(5, CpuMask.Single(0), false)).Rc);
        Assert.Equal(VectorErrors.Invalid, search.BeginAllocManaged(5, CpuMask.None, false).Rc);
        Assert.Equal(VectorErrors.Invalid, search.BeginAlloc(5, CpuMask.None, false, false).Rc);
    }

    [Fact]
    public void A_promise_takes_no_vector_and_warns_when_it_cannot_be_kept()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Linux, DestinationMode.Physical, 1);
        var room = allocator.Host.Matrix!.GlobalAvailable;
        for (var irq = 20; irq < 20 + room; irq++)
        {
            allocator.Host.Reserve(irq, CpuMask.Single(0));
            Assert.False(allocator.Run().Warned);
        }

        allocator.Host.Reserve(1000, CpuMask.Single(0));
        Assert.True(allocator.Run().Warned);
        Assert.Equal(room, allocator.Host.Matrix.GlobalAvailable);
        Assert.Equal(room + 1, allocator.Host.Matrix.GlobalReserved);
    }

    [Fact]
    public void Activation_keeps_the_promise_near_the_device_first()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Linux, DestinationMode.Physical, 4);
        Activate(20, affinity: CpuMask.Of(1, 3), node: CpuMask.Of(2, 3), expected: 3, warned: false);
        Activate(21, affinity: CpuMask.Of(1), node: CpuMask.Of(2, 3), expected: 2, warned: true);
        Activate(22, affinity: CpuMask.Of(1), node: CpuMask.None, expected: 1, warned: false);
        Assert.Equal(0u, allocator.Host.Matrix!.GlobalReserved);

        allocator.Host.Deactivate(20);
        allocator.Run();
        Assert.Equal(1u, allocator.Host.Matrix.GlobalReserved);
        Assert.Equal(-1, allocator.Host.Descriptor(20)!.Vector);
        allocator.Free(20);
        Assert.Equal(0u, allocator.Host.Matrix.GlobalReserved);

        void Activate(int irq, CpuMask affinity, CpuMask node, int expected, bool warned)
        {
            allocator.Host.Reserve(irq, affinity);
            allocator.Host.Activate(irq, node);
            var outcome = allocator.Run();
            Assert.Equal((VectorErrors.Ok, expected, warned), (outcome.Rc, outcome.Cpus.First, outcome.Warned));
        }
    }

    [Fact]
    public void Managed_vectors_are_kept_through_deactivation_and_given_back_at_the_end()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Linux, DestinationMode.Physical, 2);
        var before = allocator.Tables.Select(table => table.Counts).ToList();
        allocator.Host.ReserveManaged(20, CpuMask.FirstCpus(2));
        allocator.Host.Activate(20, CpuMask.None);
        Assert.Equal(1, allocator.Run().Cpus.First);
        allocator.Host.Deactivate(20);
        allocator.Run();
        Assert.All([0, 1], cpu => Assert.Equal((before[cpu].Available - 1, 1u, 0u), Counts(cpu)));
        allocator.Host.RemoveManaged(20);
        allocator.Run();
        Assert.Equal(before, allocator.Tables.Select(table => table.Counts));
        Assert.True(allocator.Host.Descriptor(20)!.IsFree);

        (uint, uint, uint) Counts(int cpu) =>
            (allocator.Tables[cpu].Counts.Available, allocator.Tables[cpu].Counts.Managed, allocator.Tables[cpu].Counts.ManagedAllocated);
    }

    [Theory]
    [InlineData(0, VectorErrors.Ok)]
    [InlineData(1, VectorErrors.NoSpace)]
    public void A_pCPU_may_leave_only_if_the_others_have_room_for_its_vectors(int tooMany, int rc)
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Linux, DestinationMode.Physical, 2);
        var irq = 20;
        for (; irq < 20 + 100; irq++)
        {
            allocator.Assign(irq, CpuMask.Single(1));
        }

        for (var room = Free - 15 - 100 + tooMany; room > 0; room--)
        {
            allocator.Assign(irq++, CpuMask.Single(0));
        }

        allocator.Host.TakeOffline(1);
        Assert.Equal(rc, allocator.Run().Rc);
        Assert.Equal(rc != VectorErrors.Ok, allocator.Host.OnlineCpus.Contains(1));
        Assert.All(Enumerable.Range(20, 100), moved => Assert.Equal(rc == VectorErrors.Ok ? 0 : 1, allocator.Host.Descriptor(moved)!.Cpus.First));
    }

    [Fact]
    public void The_last_pCPU_stays()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Linux, DestinationMode.Physical, 2);
        allocator.Host.TakeOffline(0);
        Assert.Equal(VectorErrors.Ok, allocator.Run().Rc);
        allocator.Host.TakeOffline(1);
        Assert.Equal(VectorErrors.Invalid, allocator.Run().Rc);
        Assert.Equal(CpuMask.Single(1), allocator.Host.OnlineCpus);
    }

    [Fact]
    public void A_managed_irq_with_no_pCPU_left_is_shut_down()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Linux, DestinationMode.Physical, 2);
        allocator.Host.ReserveManaged(20, CpuMask.Single(1));
        allocator.Host.Activate(20, CpuMask.None);
        allocator.Host.TakeOffline(1);
        allocator.Run();
        Assert.Equal(-1, allocator.Host.Descriptor(20)!.Vector);
        allocator.Host.BringOnline(1);
        allocator.Host.Activate(20, CpuMask.None);
        Assert.Equal(1, allocator.Run().Cpus.First);
    }

    private static (MatrixSearch Search, CpuVectors[] Tables) Matrix(int cpus) =>
        (new MatrixSearch(cpus), Enumerable.Range(0, cpus).Select(cpu => new CpuVectors(VectorAllocatorKind.Linux, cpu)).ToArray());

    private static void Ask(MatrixSearch search, CpuVectors[] tables, VectorAsk ask, int cpu, int vector = -1) =>
        search.Note(tables[cpu].Answer(new VectorRequest(ask, cpu, 0, vector)));

    private static VectorStep Drive(MatrixSearch search, CpuVectors[] tables, VectorStep step)
    {
        while (!step.IsDone)
        {
            var reply = tables[step.Request.Cpu].Answer(step.Request);
            search.Note(reply);
            step = search.Digest(reply);
        }

        return step;
    }
}
