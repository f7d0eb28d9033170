using CsCheck;
using IoScale.Hardware.Numbers;
using MemoryPack;

namespace IoScale.Hardware.Tests.Numbers;

public class FrameTrainTests
{
    private static readonly Gen<FrameTrain> Trains = Gen.Select(
        Gen.Long[0, 100], Gen.Long[0, 20], Gen.Int[1, 30], (first, spacing, count) => new FrameTrain(first, spacing, count, 1518, 7, 3));

    [Fact]
    public void Wire_times_match_the_link_arithmetic()
    {
        Assert.Equal(1_230_400, Ethernet.FrameTimePs(1518, 10_000_000_000));
        Assert.Equal(67_200, Ethernet.FrameTimePs(64, 10_000_000_000));
        Assert.Equal(67_200, Ethernet.FrameTimePs(20, 10_000_000_000));
        Assert.Equal(12_304_000, Ethernet.FrameTimePs(1518, 1_000_000_000));
        // 81 274 and 812 744 frames of 1500 bytes a second.
        Assert.Equal(81_274, 1_000_000_000_000 / Ethernet.FrameTimePs(1518, 1_000_000_000));
        Assert.Equal(812_743, 1_000_000_000_000 / Ethernet.FrameTimePs(1518, 10_000_000_000));
        // 672 bits at 9 bit/s are 74 2/3 s.
        Assert.Equal(74_666_666_666_667, Ethernet.FrameTimePs(64, 9));
    }

    [Fact]
    public void A_wire_never_carries_more_than_its_rate()
    {
        Gen.Select(Gen.Int[64, 9018], Gen.Long[1_000_000, 400_000_000_000]).Sample(t =>
        {
            long ps = Ethernet.FrameTimePs(t.Item1, t.Item2);
            Int128 bits = (t.Item1 + 20) * 8;
            return ps * (Int128)t.Item2 >= bits * 1_000_000_000_000 && (ps - 1) * (Int128)t.Item2 < bits * 1_000_000_000_000;
        });
    }

    [Fact]
    public void Arrivals_are_those_of_the_frames_one_by_one()
    {
        Gen.Select(Trains, Gen.Long[-5, 800]).Sample(t =>
        {
            (FrameTrain train, long ps) = t;
            int naive = Enumerable.Range(0, train.Count).Count(i => train.FirstPs + i * train.SpacingPs <= ps);
            return train.ArrivedBy(ps) == naive && train.ArrivedBy(train.LastPs) == train.Count && train.ArrivedBy(long.MaxValue) == train.Count;
        });
    }

    [Fact]
    public void A_split_keeps_every_frame_s_time()
    {
        Gen.Select(Trains, Gen.Int[0, 30]).Sample(t =>
        {
            int n = Math.Min(t.Item2, t.Item1.Count);
            FrameTrain head = t.Item1.Take(n);
            FrameTrain tail = t.Item1.Skip(n);
            Assert.Equal(Times(t.Item1), Times(head).Concat(Times(tail)));
            Assert.Equal(t.Item1.Bytes, head.Bytes + tail.Bytes);
            Assert.Equal(t.Item1 with { FirstPs = 0, Count = 0 }, tail with { FirstPs = 0, Count = 0 });
        });
    }

    [Fact]
    public void A_queue_gives_frames_in_order_as_they_arrive_within_the_budget()
    {
        var queue = new TrainQueue();
        queue.Enqueue(new FrameTrain(10, 5, 4, 64, 1));
        queue.Enqueue(new FrameTrain(40, 0, 2, 64, 2));
        Assert.False(queue.TryTake(9, 64, out _));
        Assert.True(queue.TryTake(20, 2, out FrameTrain frames));
        Assert.Equal(new FrameTrain(10, 5, 2, 64, 1), frames);
        Assert.True(queue.TryTake(20, 64, out frames));
        Assert.Equal(new FrameTrain(20, 5, 1, 64, 1), frames);
        Assert.False(queue.TryTake(20, 64, out _));
        Assert.False(queue.TryTake(50, 0, out _));
        queue.Enqueue(new FrameTrain(22, 0, 1, 64, 3));
        Assert.True(queue.TryTake(22, 64, out frames));
        Assert.Equal(3, frames.FlowId);
        queue = MemoryPackSerializer.Deserialize<TrainQueue>(MemoryPackSerializer.Serialize(queue))!;
        Assert.True(queue.TryTake(50, 64, out frames));
        Assert.Equal(new FrameTrain(25, 5, 1, 64, 1), frames);
        Assert.True(queue.TryTake(50, 64, out frames));
        Assert.Equal(2, frames.FlowId);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void A_queue_behaves_like_a_list()
    {
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 40]).Array[0, 200].Sample(
            steps =>
            {
                var queue = new TrainQueue();
                List<int> model = [];
                foreach ((int kind, int value) in steps)
                {
                    if (kind < 2)
                    {
                        queue.Enqueue(new FrameTrain(0, 0, 1, 64, value));
                        model.Add(value);
                    }
                    else if (model.Count > 0)
                    {
                        queue.RemoveAt(value % model.Count);
                        model.RemoveAt(value % model.Count);
                    }

                    Assert.Equal(model, Enumerable.Range(0, queue.Count).Select(i => queue[i].FlowId));
                }
            },
            iter: 200);
    }

    private static IEnumerable<long> Times(FrameTrain train) => Enumerable.Range(0, train.Count).Select(train.AtPs);
}
