using CsCheck;
using IoScale.VirtualTime.Queues;

namespace IoScale.VirtualTime.Tests;

public sealed class EventQueueTests
{
    /// <summary>Pushes (time, sender) and takes (up to a time), in any order; few times and senders, so that ties abound.</summary>
    private static readonly Gen<(bool Push, long Time, int Sender)[]> Steps =
        Gen.Select(Gen.Bool, Gen.Long[0, 20], Gen.Int[-1, 3]).Array[0, 400];

    [Fact]
    public void It_gives_what_a_sorted_set_gives() =>
        Steps.Sample(steps =>
        {
            EventQueue queue = new();
            SortedSet<(long Time, ulong Origin, int Hops)> model = [];
            ulong sequence = 0;
            foreach ((bool push, long time, int sender) in steps)
            {
                if (push)
                {
                    ulong origin = EventKey.FirstOrigin(new EntityId(sender)) + sequence++;
                    queue.Push(time, origin, (int)sequence, new Ball((int)sequence, 0, 0, 0));
                    model.Add((time, origin, (int)sequence));
                }
                else
                {
                    bool expected = model.Count > 0 && model.Min.Time < time;
                    Assert.Equal(expected, queue.TryTake(time, out EventKey key, out VirtualMessage message));
                    if (expected)
                    {
                        Assert.Equal(model.Min, (key.Time, key.Origin, ((Ball)message).Hops));
                        Assert.Equal(((Ball)message).Hops, key.Target);
                        model.Remove(model.Min);
                    }
                }

                Assert.Equal(model.Count, queue.Count);
            }

            Assert.Equal(model.Order(), queue.Pending().Select(e => (e.Key.Time, e.Key.Origin, ((Ball)e.Message).Hops)).Order());
            Assert.Equal(model.Count == 0 ? VirtualDuration.Never : model.Min.Time, queue.NextTime);
        });

    [Fact]
    public void The_engine_sorts_before_every_entity_and_the_last_entity_last()
    {
        ulong engine = EventKey.FirstOrigin(EntityId.Engine) + EventKey.SequenceMask;
        ulong first = EventKey.FirstOrigin(new EntityId(0));
        ulong last = EventKey.FirstOrigin(new EntityId(EventKey.MaxEntities - 1));
        Assert.True(engine < first && first < last);
        Assert.Equal(EntityId.Engine, EventKey.SenderOf(engine));
        Assert.Equal(EventKey.MaxEntities - 1, EventKey.SenderOf(last + 5).Value);
        Assert.Equal(5, EventKey.SequenceOf(last + 5));
    }
}
