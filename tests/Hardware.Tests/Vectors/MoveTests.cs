using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;

namespace IoScale.Hardware.Tests.Vectors;

/// <summary>Moving an irq from one vector to another.</summary>
public class MoveTests
{
    private const int Irq = 100;

    public static TheoryData<VectorAllocatorKind> Moving => new(
        VectorAllocatorKind.Xen2009PerCpu, VectorAllocatorKind.Xen, VectorAllocatorKind.Linux2632, VectorAllocatorKind.Linux);

    [Theory]
    [MemberData(nameof(Moving))]
    public void A_stored_affinity_waits_for_the_next_interrupt(VectorAllocatorKind kind)
    {
        var allocator = With(kind, out var old);
        allocator.Host.SetAffinity(Irq, CpuMask.Single(1));
        allocator.Run();
        var irq = allocator.Host.Descriptor(Irq)!;
        Assert.Equal((IrqMoveState.Pending, old), (irq.MoveState, irq.Vector));

        Interrupt(allocator, 0, old);
        Assert.Equal(IrqMoveState.Moving, irq.MoveState);
        Assert.Equal(1, irq.Cpus.First);
    }

    [Theory]
    [MemberData(nameof(Moving))]
    public void The_old_vector_lives_until_the_cleanup_that_follows_the_first_interrupt_on_the_new_one(VectorAllocatorKind kind)
    {
        var allocator = With(kind, out var old);
        var used = allocator.Tables[0].Used;
        allocator.Assign(Irq, CpuMask.Single(1));
        var irq = allocator.Host.Descriptor(Irq)!;
        Assert.Equal(Irq, allocator.Tables[0].Owner(old));
        Assert.Equal(Irq, allocator.Tables[1].Owner(irq.Vector));

        Interrupt(allocator, 0, old);
        Assert.Equal(IrqMoveState.Moving, irq.MoveState);

        Interrupt(allocator, 1, irq.Vector);
        Assert.Equal(IrqMoveState.Cleanup, irq.MoveState);
        Assert.Equal(Irq, allocator.Tables[0].Owner(old));
        Assert.Equal(1, allocator.Host.Moving);

        Assert.Equal(1, allocator.Cleanup(0, default, out _));
        Assert.Equal(IrqMoveState.Idle, irq.MoveState);
        Assert.Equal(-1, allocator.Tables[0].Owner(old));
        Assert.False(allocator.Tables[0].IsAllocated(old));
        Assert.Equal(used - 1, allocator.Tables[0].Used);
    }

    [Theory]
    [MemberData(nameof(Moving))]
    public void A_device_that_falls_silent_holds_two_vectors(VectorAllocatorKind kind)
    {
        var allocator = With(kind, out _);
        var used = allocator.Tables.Sum(table => table.Used);
        allocator.Assign(Irq, CpuMask.Single(1));
        for (var i = 0; i < 10; i++)
        {
            allocator.Cleanup(0, default, out _);
            allocator.Cleanup(1, default, out _);
        }

        Assert.Equal(used + 1, allocator.Tables.Sum(table => table.Used));
    }

    [Theory]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, VectorErrors.Busy, VectorErrors.Busy)]
    [InlineData(VectorAllocatorKind.Linux2632, VectorErrors.Busy, VectorErrors.Busy)]
    [InlineData(VectorAllocatorKind.Xen, VectorErrors.Again, VectorErrors.Ok)]
    [InlineData(VectorAllocatorKind.Linux, VectorErrors.Busy, VectorErrors.Ok)]
    public void A_second_move_is_refused_unless_the_target_suits_where_that_is_asked_first(VectorAllocatorKind kind, int elsewhere, int satisfied)
    {
        var allocator = With(kind, out _);
        allocator.Assign(Irq, CpuMask.Single(1));
        Assert.Equal(elsewhere, allocator.Assign(Irq, CpuMask.Single(2)).Rc);
        Assert.Equal(satisfied, allocator.Assign(Irq, CpuMask.FirstCpus(3)).Rc);

        Interrupt(allocator, 1, allocator.Host.Descriptor(Irq)!.Vector);
        Assert.Equal(elsewhere, allocator.Assign(Irq, CpuMask.Single(2)).Rc);
        Assert.Equal(satisfied, allocator.Assign(Irq, CpuMask.FirstCpus(3)).Rc);

        allocator.Cleanup(0, default, out _);
        Assert.Equal(VectorErrors.Ok, allocator.Assign(Irq, CpuMask.Single(2)).Rc);
    }

    [Theory]
    [MemberData(nameof(Moving))]
    public void A_refused_move_is_forgotten_and_the_irq_stays(VectorAllocatorKind kind)
    {
        var allocator = With(kind, out _);
        allocator.Assign(Irq, CpuMask.Single(1));
        var irq = allocator.Host.Descriptor(Irq)!;
        allocator.Host.SetAffinity(Irq, CpuMask.Single(2));
        allocator.Run();
        Interrupt(allocator, 1, irq.Vector);
        Assert.Equal(IrqMoveState.Cleanup, irq.MoveState);
        Assert.True(irq.PendingAffinity.IsEmpty);
        Assert.Equal(CpuMask.Single(1), irq.Affinity);
    }

    [Theory]
    [MemberData(nameof(Moving))]
    public void Cleanup_leaves_a_vector_with_an_interrupt_pending_and_asks_to_run_again(VectorAllocatorKind kind)
    {
        var allocator = With(kind, out var old);
        allocator.Assign(Irq, CpuMask.Single(1));
        Interrupt(allocator, 1, allocator.Host.Descriptor(Irq)!.Vector);
        Assert.Equal(0, allocator.Cleanup(0, VectorBits.Of(old), out var resend));
        Assert.True(resend);
        Assert.Equal(Irq, allocator.Tables[0].Owner(old));
        Assert.Equal(1, allocator.Cleanup(0, default, out resend));
        Assert.False(resend);
    }

    [Theory]
    [MemberData(nameof(Moving))]
    public void Only_the_first_interrupt_after_a_watch_is_reported(VectorAllocatorKind kind)
    {
        var allocator = With(kind, out var old);
        Assert.False(allocator.Tables[0].Take(old, out var irq));
        Assert.Equal(Irq, irq);
        allocator.Host.SetAffinity(Irq, CpuMask.Single(1));
        allocator.Run();
        Assert.True(allocator.Tables[0].Take(old, out _));
        Assert.False(allocator.Tables[0].Take(old, out _));
        Assert.False(allocator.Tables[0].Take(0xe7, out irq));
        Assert.Equal(-1, irq);
    }

    [Fact]
    public void A_move_whose_new_pCPU_leaves_goes_back_to_the_old_vector_where_the_affinity_allows()
    {
        var allocator = With(VectorAllocatorKind.Xen, out var old);
        allocator.Host.SetAffinity(Irq, CpuMask.Of(1));
        allocator.Run();
        Interrupt(allocator, 0, old);
        var irq = allocator.Host.Descriptor(Irq)!;
        allocator.Host.TakeOffline(1);
        allocator.Run();
        Assert.Equal((old, CpuMask.Single(0), IrqMoveState.Idle), (irq.Vector, irq.Cpus, irq.MoveState));
        Assert.Equal(-1, irq.OldVector);
    }

    [Theory]
    [MemberData(nameof(Moving))]
    public void An_irq_is_moved_off_a_pCPU_that_leaves_and_its_entry_stays_to_tell_what_is_pending(VectorAllocatorKind kind)
    {
        var allocator = With(kind, out var old);
        allocator.Host.TakeOffline(0);
        Assert.Equal(VectorErrors.Ok, allocator.Run().Rc);
        var irq = allocator.Host.Descriptor(Irq)!;
        Assert.False(irq.Cpus.Contains(0));
        Assert.Equal(IrqMoveState.Idle, irq.MoveState);
        Assert.Equal(Irq, allocator.Tables[irq.Cpus.First].Owner(irq.Vector));
        Assert.Equal(Irq, allocator.Tables[0].Owner(old));

        allocator.Host.BringOnline(0);
        allocator.Run();
        Assert.Equal(-1, allocator.Tables[0].Owner(old));
        Assert.False(allocator.Tables[0].IsAllocated(old));
    }

    [Theory]
    [MemberData(nameof(Moving))]
    public void An_old_pCPU_that_leaves_ends_the_move(VectorAllocatorKind kind)
    {
        foreach (var interrupted in new[] { false, true })
        {
            var allocator = With(kind, out var old);
            allocator.Assign(Irq, CpuMask.Single(1));
            var irq = allocator.Host.Descriptor(Irq)!;
            if (interrupted)
            {
                Interrupt(allocator, 1, irq.Vector);
            }

            allocator.Host.TakeOffline(0);
            allocator.Run();
            Assert.Equal(IrqMoveState.Idle, irq.MoveState);
            allocator.Host.BringOnline(0);
            allocator.Run();
            Assert.False(allocator.Tables[0].IsAllocated(old));
            Assert.Equal(VectorErrors.Ok, allocator.Assign(Irq, CpuMask.Single(0)).Rc);
        }
    }

    [Theory]
    [InlineData(VectorAllocatorKind.Xen, 1)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, 1)]
    [InlineData(VectorAllocatorKind.Linux, 0)]
    public void An_irq_freed_during_cleanup_leaves_its_old_entry_to_the_cleanup_in_Xen_only(VectorAllocatorKind kind, int left)
    {
        var allocator = With(kind, out _);
        var isa = allocator.Tables[0].Used - 1;
        allocator.Assign(Irq, CpuMask.Single(1));
        Interrupt(allocator, 1, allocator.Host.Descriptor(Irq)!.Vector);
        allocator.Free(Irq);
        Assert.Equal(left, allocator.Tables.Sum(table => table.Used) - isa);
        Assert.Equal(left == 0, allocator.Host.Descriptor(Irq)!.IsFree);
        Assert.Equal(left == 0, allocator.Assign(Irq, CpuMask.Single(1)).Rc == VectorErrors.Ok);
        allocator.Cleanup(0, default, out _);
        allocator.Free(Irq);
        Assert.True(allocator.Host.Descriptor(Irq)!.IsFree);
        Assert.Equal(isa, allocator.Tables.Sum(table => table.Used));
    }

    [Fact]
    public void A_flat_move_takes_nothing_new_while_any_pCPU_of_the_affinity_is_online()
    {
        var allocator = VectorAllocator.Online(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Flat, 3);
        var vector = allocator.Assign(Irq, CpuMask.Single(0)).Vector;
        var outcome = allocator.Assign(Irq, CpuMask.Single(2));
        Assert.Equal((VectorErrors.Ok, false, vector), (outcome.Rc, outcome.Moved, outcome.Vector));
    }

    private static VectorAllocator With(VectorAllocatorKind kind, out int vector)
    {
        var allocator = VectorAllocator.Online(kind, DestinationMode.Physical, 3);
        vector = allocator.Assign(Irq, CpuMask.Single(0)).Vector;
        return allocator;
    }

    private static void Interrupt(VectorAllocator allocator, int cpu, int vector)
    {
        if (allocator.Tables[cpu].Take(vector, out var irq))
        {
            allocator.Host.Interrupted(irq, cpu, vector);
            allocator.Run();
        }
    }
}
