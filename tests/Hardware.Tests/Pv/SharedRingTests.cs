using CsCheck;
using IoScale.Hardware.Pv;

namespace IoScale.Hardware.Tests.Pv;

public class SharedRingTests
{
    private enum Act
    {
        Request,
        Take,
        Respond,
        Reap,
        AskForRequests,
        AskForResponses,
    }

    private static readonly Gen<(Act, int)[]> Acts = Gen.Select(Gen.Enum<Act>(), Gen.Int[1, 300]).Array[0, 200];

    [Fact]
    public void The_first_request_is_notified_and_those_behind_it_are_not()
    {
        SharedRing ring = new();
        Assert.True(ring.PushRequests(1));
        Assert.False(ring.PushRequests(5));
        ring.TakeRequests(6);
        Assert.False(ring.PushRequests(1));
        Assert.True(ring.FinalCheckForRequests());
        ring.TakeRequests(1);
        Assert.False(ring.FinalCheckForRequests());
        Assert.True(ring.PushRequests(3));
    }

    [Fact]
    public void A_push_that_jumps_over_the_wanted_index_notifies()
    {
        SharedRing ring = new();
        Assert.True(ring.PushRequests(200));
        ring.TakeRequests(200);
        Assert.True(ring.PushResponses(200));
        ring.TakeResponses(200);
        Assert.False(ring.FinalCheckForRequests());
        Assert.True(ring.PushRequests(256));
    }

    [Fact]
    public void Neither_side_can_overrun_the_other()
    {
        SharedRing ring = new();
        ring.PushRequests(256);
        Assert.Equal(0, ring.FreeRequests);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.PushRequests(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.PushResponses(1));
        ring.TakeRequests(256);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.TakeRequests(1));
        ring.PushResponses(10);
        Assert.Equal(0, ring.FreeRequests);
        ring.TakeResponses(10);
        Assert.Equal(10, ring.FreeRequests);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.TakeResponses(1));
    }

    [Fact]
    public void Where_the_indexes_start_makes_no_difference()
    {
        Gen.Select(Acts, Gen.UInt[uint.MaxValue - 700, uint.MaxValue]).Sample(t => Assert.Equal(Answers(t.Item1, 0), Answers(t.Item1, t.Item2)));
    }

    [Fact]
    public void A_side_that_stopped_looking_is_always_told()
    {
        Acts.Sample(acts =>
        {
            SharedRing ring = new();
            bool backSleeps = true;
            bool frontSleeps = true;
            foreach ((Act act, int count) in acts)
            {
                int pushed = Pushed(ring, act, count);
                bool answer = Do(ring, act, count);
                if (act == Act.Request && pushed > 0)
                {
                    Assert.True(answer || !backSleeps);
                    backSleeps = false;
                }
                else if (act == Act.Respond && pushed > 0)
                {
                    Assert.True(answer || !frontSleeps);
                    frontSleeps = false;
                }

                backSleeps |= act == Act.AskForRequests && !answer;
                frontSleeps |= act == Act.AskForResponses && !answer;
            }
        });
    }

    private static List<bool> Answers((Act, int)[] acts, uint start)
    {
        SharedRing ring = new(start);
        return [.. acts.Select(a => Do(ring, a.Item1, a.Item2))];
    }

    private static int Pushed(SharedRing ring, Act act, int count) => Math.Min(count, act == Act.Request ? ring.FreeRequests : ring.Unanswered);

    private static bool Do(SharedRing ring, Act act, int count)
    {
        switch (act)
        {
            case Act.Request:
                return ring.PushRequests(Math.Min(count, ring.FreeRequests));
            case Act.Take:
                ring.TakeRequests(Math.Min(count, ring.UnconsumedRequests));
                return false;
            case Act.Respond:
                return ring.PushResponses(Math.Min(count, ring.Unanswered));
            case Act.Reap:
                ring.TakeResponses(Math.Min(count, ring.UnconsumedResponses));
                return false;
            case Act.AskForRequests:
                return ring.FinalCheckForRequests();
            default:
                return ring.FinalCheckForResponses();
        }
    }
}
