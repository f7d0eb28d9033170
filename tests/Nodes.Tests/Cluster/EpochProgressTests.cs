using Google.Protobuf;
using IoScale.Nodes.Cluster.Coordination;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Tests.Cluster;

public class EpochProgressTests
{
    private const long Duration = 1_000_000_000;

    private readonly List<(int Slot, IMessage Order)> _orders = [];
    private long _now;

    [Fact]
    public void Components_go_at_their_own_pace_and_meet_in_the_final_checkpoint()
    {
        EpochProgress epoch = Begin(everyWallMs: 0, everyPs: 0);
        long slow = 0;
        while (_orders.Any(o => o.Slot == 2 && o.Order is RunTo))
        {
            // Slot 2 is alone and goes on to its end while the component of 0 and 1 is still in its first step.
            Answer(epoch, 2);
        }

        Assert.Null(epoch.Pending);
        Assert.Equal(slow, epoch.ReachedPs);
        while (epoch.Pending is null)
        {
            Answer(epoch, 0);
            Answer(epoch, 1);
        }

        Assert.True(epoch.Pending.Final);
        Assert.Equal(Duration, epoch.ReachedPs);
        Assert.Equal([0, 1, 2], _orders.Where(o => o.Order is CaptureShare).Select(o => o.Slot).Order());
        Answer(epoch, 0);
        Answer(epoch, 1);
        Answer(epoch, 2);
        Assert.False(Durable(epoch, 0, epoch.Pending.Number));
        Assert.False(Durable(epoch, 1, epoch.Pending.Number));
        Assert.True(Durable(epoch, 2, epoch.Pending.Number));
        Assert.Equal([100UL, 101, 102], epoch.Pending.Hashes);
    }

    [Fact]
    public void A_checkpoint_by_virtual_time_is_at_that_time_and_the_run_goes_on_while_it_is_written()
    {
        EpochProgress epoch = Begin(everyWallMs: 0, everyPs: Duration / 4, linked: true);
        while (epoch.Pending is null)
        {
            AnswerAll(epoch);
        }

        Assert.Equal(Duration / 4, epoch.ReachedPs);
        AnswerAll(epoch);
        Assert.Equal(Duration / 4, epoch.Pending.TimePs);
        Assert.All(_orders, o => Assert.IsType<RunTo>(o.Order));
        AnswerAll(epoch);
        Assert.True(epoch.ReachedPs > Duration / 4);
        long number = epoch.Pending.Number;
        for (int slot = 0; slot < 3; slot++)
        {
            Durable(epoch, slot, number);
        }

        epoch.Committed(_now);
        while (epoch.Pending is null)
        {
            AnswerAll(epoch);
        }

        Assert.Equal(Duration / 2, epoch.ReachedPs);
        Assert.True(epoch.Pending.Number > number);
        Assert.All(_orders.Select(o => o.Order).OfType<CaptureShare>(), order => Assert.Equal(number, order.Committed));
    }

    [Fact]
    public void A_checkpoint_by_wall_time_waits_until_the_one_before_is_committed()
    {
        EpochProgress epoch = Begin(everyWallMs: 1_000, everyPs: 0, linked: true);
        AnswerAll(epoch);
        _now += 1_500;
        epoch.Tick(_now);
        AnswerAll(epoch);
        Assert.NotNull(epoch.Pending);
        long first = epoch.Pending.Number;
        AnswerAll(epoch);
        _now += 5_000;
        epoch.Tick(_now);
        AnswerAll(epoch);
        Assert.Equal(first, epoch.Pending.Number);
    }

    [Fact]
    public void Orders_without_an_answer_are_given_again_and_answers_given_twice_change_nothing()
    {
        EpochProgress epoch = Begin(everyWallMs: 0, everyPs: 0, linked: true);
        (int Slot, IMessage Order)[] first = [.. _orders];
        Answer(epoch, 0);
        _orders.Clear();
        _now += 10_000;
        epoch.Tick(_now);
        Assert.Equal([first[1], first[2]], _orders);
        Reached twice = ReachedBy(first[1]);
        epoch.On(twice, _now);
        epoch.On(twice, _now);
        Assert.Equal(0, epoch.ReachedPs);
        epoch.On(ReachedBy(first[2]), _now);
        Assert.Equal(((RunTo)first[0].Order).Time, epoch.ReachedPs);
        epoch.On(twice, _now);
        Assert.Equal(((RunTo)first[0].Order).Time, epoch.ReachedPs);
    }

    [Fact]
    public void The_failure_reported_is_the_smallest_and_waits_for_the_nodes_that_may_still_find_one()
    {
        EpochProgress epoch = Begin(everyWallMs: 0, everyPs: 0, linked: true);
        epoch.On(new ShareFailed { Slot = 1, Time = 700, Entity = 9, Reason = "late" });
        Assert.Null(epoch.Failure);
        Answer(epoch, 0);
        Assert.Null(epoch.Failure);
        epoch.On(new ShareFailed { Slot = 2, Time = 700, Entity = 4, Reason = "first" });
        Assert.Equal("first", epoch.Failure?.Reason);
    }

    [Fact]
    public void What_is_durable_was_captured_even_if_nobody_heard_of_it()
    {
        EpochProgress epoch = Begin(everyWallMs: 0, everyPs: Duration / 4, linked: true);
        while (epoch.Pending is null)
        {
            AnswerAll(epoch);
        }

        _orders.Clear();
        long number = epoch.Pending.Number;
        Assert.False(Durable(epoch, 0, number));
        Assert.False(Durable(epoch, 1, number));
        Assert.True(Durable(epoch, 2, number));
        Assert.Equal(Duration / 4, epoch.Pending.TimePs);
        epoch.Committed(_now);
        Assert.Equal([0, 1, 2], _orders.Select(o => o.Slot));
        Assert.All(_orders, o => Assert.InRange(Assert.IsType<RunTo>(o.Order).Time, (Duration / 4) + 1, Duration / 2));
    }

    private EpochProgress Begin(long everyWallMs, long everyPs, bool linked = false)
    {
        EpochPlan plan = new(
            "r", 5, 0, linked ? [[0, 1, 2]] : [[0, 1], [2]], 3, 0, Duration, 0, everyWallMs, everyPs, TimeSpan.FromMilliseconds(250));
        EpochProgress epoch = new(plan, (slot, order) => _orders.Add((slot, order)), _now);
        epoch.Begin(_now);
        return epoch;
    }

    private void AnswerAll(EpochProgress epoch)
    {
        _now += 100;
        (int Slot, IMessage Order)[] orders = [.. _orders];
        _orders.Clear();
        foreach ((int Slot, IMessage Order) order in orders)
        {
            Answer(epoch, order);
        }
    }

    private void Answer(EpochProgress epoch, int slot)
    {
        _now += 100;
        (int Slot, IMessage Order) order = _orders.First(o => o.Slot == slot);
        _orders.Remove(order);
        Answer(epoch, order);
    }

    private void Answer(EpochProgress epoch, (int Slot, IMessage Order) order)
    {
        if (order.Order is RunTo)
        {
            epoch.On(ReachedBy(order), _now);
        }
        else
        {
            epoch.On(new ShareCaptured { Slot = order.Slot, Checkpoint = ((CaptureShare)order.Order).Checkpoint }, _now);
        }
    }

    private static Reached ReachedBy((int Slot, IMessage Order) order)
    {
        RunTo run = (RunTo)order.Order;
        return new Reached { Slot = order.Slot, Step = run.Step, Time = run.Time, Events = 1 };
    }

    private bool Durable(EpochProgress epoch, int slot, long number)
    {
        ShareDurable durable = new() { Slot = slot, Checkpoint = number };
        durable.Blobs.Add(new PartitionBlob { Partition = slot, Hash = 100 + (ulong)slot });
        return epoch.On(durable, _now);
    }
}
