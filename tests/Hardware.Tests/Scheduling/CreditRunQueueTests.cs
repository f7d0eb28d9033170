using IoScale.Hardware.Platform;
using IoScale.Hardware.Scheduling;
using MemoryPack;

namespace IoScale.Hardware.Tests.Scheduling;

public class CreditRunQueueTests
{
    private const long Ms = 1_000_000_000;

    private static readonly SchedulerSpec Xen2009 = new(30 * Ms, 10 * Ms, 0, Balance: true, Boost: true);

    [Fact]
    public void A_boosted_waker_runs_before_a_hog_with_credit()
    {
        CreditRunQueue queue = Running(Xen2009, hog: 1);
        queue.Insert(new RunUnit(2, 256, RunUnit.AnyPCpu));
        Assert.True(queue.Wake(2));
        ScheduleDecision decision = queue.Schedule(3 * Ms);
        Assert.Equal(new ScheduleDecision(2, true, 33 * Ms), decision);
        Assert.Equal(RunPriority.Boost, queue.CurrentPriority);
        queue.Block(4 * Ms);
        Assert.Equal(1, queue.Schedule(4 * Ms).Unit);
    }

    [Fact]
    public void Without_boost_the_waker_waits_for_its_turn()
    {
        CreditRunQueue queue = Running(Xen2009 with { Boost = false }, hog: 1);
        queue.Insert(new RunUnit(2, 256, RunUnit.AnyPCpu));
        Assert.False(queue.Wake(2));
        Assert.Equal(1, queue.Schedule(3 * Ms).Unit);
        Assert.Equal(new ScheduleDecision(2, true, 60 * Ms), queue.Schedule(30 * Ms));
    }

    [Fact]
    public void A_boost_ends_at_the_next_tick()
    {
        CreditRunQueue queue = Running(Xen2009, hog: 1);
        queue.Insert(new RunUnit(2, 256, RunUnit.AnyPCpu));
        queue.Wake(2);
        queue.Schedule(3 * Ms);
        queue.Tick(10 * Ms);
        Assert.Equal(RunPriority.Under, queue.CurrentPriority);
    }

    [Fact]
    public void Waking_twice_or_while_running_changes_nothing()
    {
        CreditRunQueue queue = Running(Xen2009, hog: 1);
        Assert.False(queue.Wake(1));
        Assert.Equal(1, queue.RunnableCount);
    }

    [Fact]
    public void Who_is_over_its_credit_runs_last_and_gets_no_boost()
    {
        var queue = new CreditRunQueue(0, Xen2009);
        var over = new RunUnit(1, 256, RunUnit.AnyPCpu) { Priority = RunPriority.Over, Credit = -50 };
        queue.Insert(over);
        queue.Insert(new RunUnit(2, 256, RunUnit.AnyPCpu));
        queue.Insert(new RunUnit(3, 256, RunUnit.AnyPCpu));
        queue.Wake(1);
        Assert.Equal(RunPriority.Over, over.Priority);
        queue.Wake(2);
        queue.Wake(3);
        List<int> order = [];
        for (int i = 0; i < 3; i++)
        {
            order.Add(queue.Schedule(i * Ms).Unit);
            queue.Block(i * Ms);
        }

        Assert.Equal([2, 3, 1], order);
        Assert.Equal(new ScheduleDecision(CreditRunQueue.Idle, false, CreditRunQueue.Never), queue.Schedule(9 * Ms));
    }

    [Fact]
    public void The_rate_limit_holds_a_preemption_back()
    {
        CreditRunQueue queue = Running(Xen2009 with { RateLimitPs = Ms }, hog: 1);
        queue.Insert(new RunUnit(2, 256, RunUnit.AnyPCpu));
        Assert.True(queue.Wake(2));
        Assert.Equal(new ScheduleDecision(1, false, Ms), queue.Schedule(Ms / 2));
        Assert.Equal(2, queue.Schedule(Ms).Unit);
    }

    [Fact]
    public void A_lone_vcpu_goes_on_after_its_slice()
    {
        CreditRunQueue queue = Running(Xen2009, hog: 1);
        Assert.Equal(new ScheduleDecision(1, false, 30 * Ms), queue.Schedule(10 * Ms));
        Assert.Equal(new ScheduleDecision(1, false, 60 * Ms), queue.Schedule(30 * Ms));
    }

    [Fact]
    public void Running_costs_10_credits_a_millisecond_to_the_picosecond()
    {
        CreditRunQueue queue = Running(Xen2009, hog: 1);
        RunUnit hog = queue.Units[0];
        for (long at = 1; at <= 1_000; at++)
        {
            queue.Schedule(at * 1_234_567);
        }

        // 1.234567 ms are 12 credits and 34.567 us to pay.
        Assert.Equal((-12, 34_567_000), (hog.Credit, hog.UnpaidPs));
    }

    [Fact]
    public void Who_yields_goes_behind_its_priority_and_one_lower()
    {
        CreditRunQueue queue = Running(Xen2009, hog: 1);
        queue.Insert(new RunUnit(2, 256, RunUnit.AnyPCpu) { Runnable = true });
        queue.Insert(new RunUnit(3, 256, RunUnit.AnyPCpu) { Runnable = true, Priority = RunPriority.Over });
        queue.Insert(new RunUnit(4, 256, RunUnit.AnyPCpu) { Runnable = true, Priority = RunPriority.Over });
        queue.Yield(Ms);
        List<int> order = [];
        for (int i = 0; i < 4; i++)
        {
            order.Add(queue.Schedule(Ms).Unit);
            queue.Block(Ms);
        }

        Assert.Equal([2, 3, 1, 4], order);
    }

    [Fact]
    public void A_thief_gets_the_first_that_is_better_than_what_it_would_run()
    {
        CreditRunQueue queue = Running(Xen2009, hog: 1);
        queue.Insert(new RunUnit(2, 256, pin: 0) { Runnable = true });
        queue.Insert(new RunUnit(3, 256, RunUnit.AnyPCpu) { Runnable = true, Yielded = true });
        queue.Insert(new RunUnit(4, 256, RunUnit.AnyPCpu) { Runnable = true });
        queue.Insert(new RunUnit(5, 256, RunUnit.AnyPCpu) { Runnable = true, Priority = RunPriority.Over });
        Assert.False(queue.TryTakeFor(RunPriority.Under, 1, out _));
        Assert.True(queue.TryTakeFor(RunPriority.Over, 1, out RunUnit? unit));
        Assert.Equal(4, unit.Id);
        Assert.False(queue.Has(4));
        Assert.False(queue.TryTakeFor(RunPriority.Over, 1, out _));
        Assert.True(queue.TryTakeFor(RunPriority.Idle, 1, out unit));
        Assert.Equal(5, unit.Id);
        Assert.False(queue.TryTakeFor(RunPriority.Idle, 1, out _));
        var thief = new CreditRunQueue(1, Xen2009);
        Assert.True(thief.Insert(unit));
        Assert.Equal(5, thief.Schedule(Ms).Unit);
    }

    [Fact]
    public void Nothing_is_taken_from_a_pcpu_that_is_about_to_pick_up_its_own_work()
    {
        var queue = new CreditRunQueue(0, Xen2009);
        queue.Insert(new RunUnit(1, 256, RunUnit.AnyPCpu) { Runnable = true });
        Assert.False(queue.TryTakeFor(RunPriority.Idle, 1, out _));
        queue.Schedule(0);
        Assert.False(queue.TryTakeFor(RunPriority.Idle, 1, out _));
    }

    [Fact]
    public void A_vcpu_takes_its_credit_along_when_it_moves()
    {
        CreditRunQueue queue = Running(Xen2009, hog: 1);
        RunUnit unit = queue.Remove(1, 5 * Ms);
        Assert.Equal(-50, unit.Credit);
        Assert.Equal(CreditRunQueue.Idle, queue.Current);
        var other = new CreditRunQueue(1, Xen2009);
        Assert.True(other.Insert(unit));
        Assert.Equal(1, other.Schedule(6 * Ms).Unit);
        Assert.Throws<InvalidOperationException>(() => other.Insert(unit));
        Assert.Throws<InvalidOperationException>(() => queue.Insert(new RunUnit(9, 256, pin: 1)));
    }

    [Fact]
    public void Its_state_survives_capture_and_restore()
    {
        CreditRunQueue queue = Running(Xen2009, hog: 1);
        queue.Insert(new RunUnit(2, 512, RunUnit.AnyPCpu) { Runnable = true });
        queue.Tick(10 * Ms);
        queue.Tick(20 * Ms);
        CreditRunQueue twin = MemoryPackSerializer.Deserialize<CreditRunQueue>(MemoryPackSerializer.Serialize(queue))!;
        for (int tick = 3; tick < 50; tick++)
        {
            Assert.Equal(queue.Tick(tick * 10 * Ms), twin.Tick(tick * 10 * Ms));
            Assert.Equal(queue.Schedule(tick * 10 * Ms), twin.Schedule(tick * 10 * Ms));
            Assert.Equal(queue.Units.Select(u => (u.Id, u.Credit, u.Priority)), twin.Units.Select(u => (u.Id, u.Credit, u.Priority)));
        }
    }

    private static CreditRunQueue Running(SchedulerSpec spec, int hog)
    {
        var queue = new CreditRunQueue(0, spec);
        queue.Insert(new RunUnit(hog, 256, RunUnit.AnyPCpu));
        queue.Wake(hog);
        queue.Schedule(0);
        if (spec.Boost)
        {
            // Long awake: its own boost is over.
            queue.Units[0].Priority = RunPriority.Under;
        }

        return queue;
    }
}
