using CsCheck;
using IoScale.Hardware.Numbers;
using MemoryPack;

namespace IoScale.Hardware.Tests.Numbers;

public class RxRingTests
{
    [Fact]
    public void A_train_within_the_descriptors_is_accepted_at_once_and_whole()
    {
        RxRing ring = Ring(10);
        var train = new FrameTrain(100, 10, 6, 64, 1);
        ring.Offer(train);
        Assert.True(ring.TryAccept(100, out FrameTrain accepted));
        Assert.Equal(train, accepted);
        Assert.False(ring.TryAccept(100, out _));
        Assert.Equal((4, RxRing.Never), (ring.Free, ring.LookAgainPs));
    }

    [Fact]
    public void Frames_beyond_the_descriptors_wait_for_their_arrival()
    {
        RxRing ring = Ring(2);
        ring.Offer(new FrameTrain(100, 10, 6, 64, 1));
        ring.TryAccept(100, out FrameTrain accepted);
        Assert.Equal(2, accepted.Count);
        Assert.False(ring.TryAccept(119, out _));
        Assert.Equal((120, 0), (ring.LookAgainPs, ring.Dropped));
        Assert.False(ring.TryAccept(120, out _));
        Assert.Equal((130, 1), (ring.LookAgainPs, ring.Dropped));
        ring.Bump(125, 2);
        Assert.True(ring.TryAccept(125, out accepted));
        Assert.Equal(new FrameTrain(130, 10, 2, 64, 1), accepted);
        Assert.Equal((4, 1, 1), (ring.Accepted, ring.Dropped, ring.Undecided));
    }

    [Fact]
    public void A_bump_at_the_instant_of_an_arrival_comes_too_late_for_it()
    {
        RxRing ring = Ring(1);
        ring.Offer(new FrameTrain(100, 10, 3, 64, 1));
        ring.TryAccept(100, out _);
        ring.Bump(110, 1);
        Assert.Equal(1, ring.Dropped);
        ring.TryAccept(110, out FrameTrain accepted);
        Assert.Equal((120, 1), (accepted.FirstPs, accepted.Count));
    }

    [Fact]
    public void A_ring_holds_no_more_than_its_descriptors()
    {
        RxRing ring = Ring(4);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Bump(0, 1));
        ring.Offer(new FrameTrain(0, 0, 2, 64, 1));
        Assert.Throws<InvalidOperationException>(() => ring.Bump(0, 0));
        ring.TryAccept(0, out _);
        ring.Bump(0, 2);
        Assert.Equal(4, ring.Free);
    }

    [Fact]
    public void After_a_reset_everything_is_dropped_until_descriptors_are_posted()
    {
        RxRing ring = Ring(4);
        ring.Reset();
        ring.Offer(new FrameTrain(100, 10, 3, 64, 1));
        Assert.False(ring.TryAccept(110, out _));
        Assert.Equal(2, ring.Dropped);
        ring.Bump(115, 4);
        Assert.True(ring.TryAccept(115, out FrameTrain accepted));
        Assert.Equal(1, accepted.Count);
    }

    [Fact]
    public void A_train_is_accepted_and_dropped_like_its_frames_one_by_one()
    {
        // Small times, so that bumps often fall on arrivals; trains follow each other or overlap.
        Gen<FrameTrain> train = Gen.Select(Gen.Long[0, 60], Gen.Long[0, 4], Gen.Int[1, 12], (first, spacing, count) => new FrameTrain(first, spacing, count, 64, 0));
        Gen<(long At, int Count)> bump = Gen.Select(Gen.Long[0, 120], Gen.Int[1, 5]);
        Gen.Select(train.Array[1, 4], bump.Array[0, 25], Gen.Int[0, 12], Gen.Bool).Sample(
            t =>
            {
                FrameTrain[] trains = [.. t.Item1.Select((f, i) => f with { FlowId = i })];
                (long At, int Count)[] bumps = [.. t.Item2.OrderBy(b => b.At)];
                Assert.Equal(OneByOne(trains, bumps, t.Item3), AsTrains(trains, bumps, t.Item3, t.Item4));
            },
            iter: 5_000);
    }

    [Fact]
    public void Trains_offered_as_they_begin_are_treated_like_their_frames_one_by_one()
    {
        // The way a queue meets them: one after the other, each offered when its first frame is there.
        Gen<(long Gap, FrameTrain Train)> step = Gen.Select(
            Gen.Long[1, 10], Gen.Long[0, 4], Gen.Int[1, 12], (gap, spacing, count) => (gap, new FrameTrain(0, spacing, count, 64, 0)));
        Gen<(long At, int Count)> bump = Gen.Select(Gen.Long[0, 200], Gen.Int[1, 5]);
        Gen.Select(step.Array[1, 6], bump.Array[0, 40], Gen.Int[0, 12]).Sample(
            t =>
            {
                List<FrameTrain> trains = [];
                long at = 0;
                foreach ((long gap, FrameTrain train) in t.Item1)
                {
                    trains.Add(train with { FirstPs = at + gap, FlowId = trains.Count });
                    at = trains[^1].LastPs;
                }

                (long At, int Count)[] bumps = [.. t.Item2.OrderBy(b => b.At)];
                var run = new Run(t.Item3);
                int next = 0;
                foreach ((long bumpAt, int count) in bumps)
                {
                    while (next < trains.Count && trains[next].FirstPs <= bumpAt)
                    {
                        run.Offer(trains[next].FirstPs, trains[next++]);
                    }

                    run.Bump(bumpAt, count);
                }

                while (next < trains.Count)
                {
                    run.Offer(trains[next].FirstPs, trains[next++]);
                }

                Assert.Equal(OneByOne(trains, bumps, t.Item3), run.Finish());
            },
            iter: 5_000);
    }

    /// <summary>Times and flows of the frames accepted. Each frame by itself; frames go before a bump at the same instant.</summary>
    private static (long At, int Flow)[] OneByOne(IEnumerable<FrameTrain> trains, IEnumerable<(long At, int Count)> bumps, int free)
    {
        var arrivals = trains.SelectMany(t => Enumerable.Range(0, t.Count).Select(i => (At: t.FirstPs + i * t.SpacingPs, Order: t.FlowId, Count: 0)));
        var events = arrivals.Concat(bumps.Select(b => (b.At, Order: int.MaxValue, b.Count))).OrderBy(e => e.At).ThenBy(e => e.Order);
        List<(long, int)> accepted = [];
        foreach ((long at, int order, int count) in events)
        {
            if (order == int.MaxValue)
            {
                free += count;
            }
            else if (free > 0)
            {
                free--;
                accepted.Add((at, order));
            }
        }

        return [.. accepted];
    }

    private static (long At, int Flow)[] AsTrains(FrameTrain[] trains, (long At, int Count)[] bumps, int free, bool lookAgain)
    {
        var run = new Run(free);
        run.Offer(0, trains);
        foreach ((long at, int count) in bumps)
        {
            // Looking again when told to must make no difference: a bump settles by itself.
            run.Bump(at, count, lookAgain);
        }

        return run.Finish();
    }

    private sealed class Run(int free)
    {
        private readonly List<(long, int)> _accepted = [];
        private RxRing _ring = Ring(1_000, free);
        private long _offered;

        public void Offer(long nowPs, params FrameTrain[] trains)
        {
            LookUntil(nowPs - 1);
            foreach (FrameTrain train in trains)
            {
                _ring.Offer(train);
                _offered += train.Count;
            }

            Drain(nowPs);
        }

        public void Bump(long nowPs, int count, bool look = true)
        {
            if (look)
            {
                LookUntil(nowPs - 1);
            }

            _ring.Bump(nowPs, count);
            _ring = MemoryPackSerializer.Deserialize<RxRing>(MemoryPackSerializer.Serialize(_ring))!;
            Drain(nowPs);
        }

        public (long, int)[] Finish()
        {
            LookUntil(long.MaxValue - 1);
            Assert.Equal(0, _ring.Undecided);
            Assert.Equal(_accepted.Count, _ring.Accepted);
            Assert.Equal(_offered, _ring.Accepted + _ring.Dropped);
            return [.. _accepted];
        }

        private void LookUntil(long ps)
        {
            while (_ring.LookAgainPs <= ps)
            {
                Drain(_ring.LookAgainPs);
            }
        }

        private void Drain(long nowPs)
        {
            while (_ring.TryAccept(nowPs, out FrameTrain piece))
            {
                _accepted.AddRange(Enumerable.Range(0, piece.Count).Select(i => (piece.AtPs(i), piece.FlowId)));
            }
        }
    }

    private static RxRing Ring(int descriptors) => Ring(descriptors, descriptors);

    private static RxRing Ring(int descriptors, int posted)
    {
        var ring = new RxRing(descriptors);
        ring.Bump(0, posted);
        return ring;
    }
}
