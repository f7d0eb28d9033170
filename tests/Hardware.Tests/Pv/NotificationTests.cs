using CsCheck;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Pv;

namespace IoScale.Hardware.Tests.Pv;

public class NotificationTests
{
    private const long Ms = 1_000_000_000;

    [Fact]
    public void A_limited_guest_is_told_at_once_and_then_once_a_period()
    {
        NotificationLimiter limiter = new(1000);
        Assert.True(limiter.TrySend(5));
        Assert.Equal(NotificationLimiter.Never, limiter.DuePs);
        Assert.False(limiter.TrySend(Ms / 2));
        Assert.False(limiter.TrySend(Ms));
        Assert.Equal(Ms + 5, limiter.DuePs);
        Assert.False(limiter.TrySendDeferred(Ms + 4));
        Assert.True(limiter.TrySendDeferred(Ms + 5));
        Assert.False(limiter.TrySendDeferred(9 * Ms));
        Assert.True(limiter.TrySend(9 * Ms));
    }

    [Fact]
    public void The_rate_is_never_exceeded_and_nothing_wanted_is_forgotten()
    {
        Gen.Select(Gen.Int[1, 100_000], Gen.Long[1, 2 * Ms].Array[1, 100]).Sample(t =>
        {
            NotificationLimiter limiter = new(t.Item1);
            List<long> sent = [];
            long now = 0;
            foreach (long gap in t.Item2)
            {
                now += gap;
                while (limiter.DuePs <= now)
                {
                    long due = limiter.DuePs;
                    Assert.True(limiter.TrySendDeferred(due));
                    sent.Add(due);
                }

                if (limiter.TrySend(now))
                {
                    sent.Add(now);
                }

                Assert.True(sent[^1] == now || limiter.DuePs < NotificationLimiter.Never);
            }

            Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.True((Int128)(pair.Second - pair.First) * t.Item1 >= 1000 * Ms));
        });
    }

    [Fact]
    public void A_new_rate_holds_from_the_last_notification_on()
    {
        NotificationLimiter limiter = new(10);
        Assert.True(limiter.TrySend(Ms));
        Assert.False(limiter.TrySend(2 * Ms));
        Assert.Equal(101 * Ms, limiter.DuePs);
        limiter.SetRate(1000);
        Assert.Equal(2 * Ms, limiter.DuePs);
        limiter.SetRate(0);
        Assert.True(limiter.TrySendDeferred(Ms));
        Assert.True(limiter.TrySend(Ms) && limiter.TrySend(Ms));
    }

    [Fact]
    public void Polling_keeps_netback_silent_until_a_tenth_of_a_second_goes_by_without_traffic()
    {
        SmartPoll poll = new(1000);
        Assert.Equal(Ms, poll.PeriodPs);
        Assert.True(poll.Produced());
        Assert.True(poll.Notified());
        for (int tick = 1; tick < 300; tick++)
        {
            Assert.False(poll.Produced());
            poll.Fired();
            Assert.True(poll.Looked(traffic: tick <= 101));
        }

        // The window of ticks 101 to 200 had traffic, that of 201 to 300 none.
        poll.Fired();
        Assert.False(poll.Looked(traffic: false));
        Assert.False(poll.TimerRuns);
        Assert.True(poll.Produced());
    }

    [Fact]
    public void A_notification_while_the_timer_runs_makes_the_next_one_be_sent_too()
    {
        SmartPoll poll = new(1000);
        poll.Produced();
        Assert.True(poll.Notified());
        Assert.False(poll.Notified());
        Assert.False(poll.IsActive);
        Assert.True(poll.Produced());
        Assert.False(poll.Produced());
        poll.Fired();
        Assert.True(poll.Looked(true));
    }

    [Fact]
    public void Polling_less_than_ten_times_a_second_decides_at_every_look()
    {
        SmartPoll poll = new(3);
        poll.Produced();
        poll.Notified();
        poll.Fired();
        Assert.True(poll.Looked(true));
        poll.Fired();
        Assert.False(poll.Looked(false));
        Assert.Throws<ArgumentOutOfRangeException>(() => poll.SetRate(0));
    }

    [Fact]
    public void Shards_are_chosen_as_each_generation_of_netback_did()
    {
        int[] domids = [10, 20, 30, 41];
        Assert.Equal([0, 0, 0, 0], Join(new VifShards(ShardAssignment.Single, 1), domids));
        Assert.Equal([0, 0, 0, 1], Join(new VifShards(ShardAssignment.Domid, 10), domids));
        Assert.Equal([0, 1, 2, 0], Join(new VifShards(ShardAssignment.LeastLoaded, 3), domids));
        Assert.Equal([0, 1, 2, 3], Join(new VifShards(ShardAssignment.PerVifThread, 4), domids));
        Assert.Throws<InvalidOperationException>(() => Join(new VifShards(ShardAssignment.PerVifThread, 3), domids));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VifShards(ShardAssignment.Single, 2));
    }

    [Fact]
    public void A_vif_that_leaves_makes_room_for_the_next_and_moves_nobody()
    {
        VifShards shards = new(ShardAssignment.LeastLoaded, 3);
        Join(shards, [1, 2, 3, 4, 5]);
        shards.Leave(2);
        Assert.Equal([2, 2, 0], shards.Vifs.ToArray());
        Assert.Equal([2, 2, 0], Join(shards, [6, 7, 8]));
        shards.Leave(0);
        Assert.Throws<InvalidOperationException>(() =>
        {
            shards.Leave(0);
            shards.Leave(0);
            shards.Leave(0);
        });
    }

    private static int[] Join(VifShards shards, int[] domids) => [.. domids.Select(shards.Join)];
}
