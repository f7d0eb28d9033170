using CsCheck;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Pv;
using MemoryPack;

namespace IoScale.Hardware.Tests.Pv;

public class EventChannelTests
{
    private enum Act
    {
        Send,
        Mask,
        Unmask,
        Take,
        Bind,
    }

    public static TheoryData<EventChannelAbi> Abis { get; } = [EventChannelAbi.TwoLevel, EventChannelAbi.Fifo];

    [Theory]
    [MemberData(nameof(Abis))]
    public void A_first_event_kicks_and_a_second_merges(EventChannelAbi abi)
    {
        EventChannels channels = EventChannels.Create(abi, 2, 200);
        Assert.True(channels.Send(70));
        Assert.False(channels.Send(70));
        Assert.Equal(1, channels.Merged);
        Assert.True(channels.IsUpcallPending(0));
        Assert.False(channels.IsUpcallPending(1));
        Assert.Equal(70, channels.TakeNext(0));
        Assert.Equal(EventChannels.None, channels.TakeNext(0));
        Assert.True(channels.Send(70));
    }

    [Theory]
    [MemberData(nameof(Abis))]
    public void Events_of_different_ports_share_one_upcall(EventChannelAbi abi)
    {
        EventChannels channels = EventChannels.Create(abi, 1, 200);
        Assert.True(channels.Send(3));
        Assert.False(channels.Send(4));
        Assert.False(channels.Send(150));
        Assert.Equal(0, channels.Merged);
        Assert.Equal([3, 4, 150], Upcall(channels, 0).Order());
    }

    [Theory]
    [MemberData(nameof(Abis))]
    public void A_masked_port_waits_until_it_is_unmasked(EventChannelAbi abi)
    {
        EventChannels channels = EventChannels.Create(abi, 1, 10);
        channels.Mask(5);
        Assert.False(channels.Send(5));
        Assert.False(channels.IsUpcallPending(0));
        Assert.Equal(EventChannels.None, channels.TakeNext(0));
        Assert.True(channels.Unmask(5));
        Assert.Equal(5, channels.TakeNext(0));
        Assert.False(channels.Unmask(5));
    }

    [Theory]
    [MemberData(nameof(Abis))]
    public void A_port_that_is_bound_elsewhere_kicks_there(EventChannelAbi abi)
    {
        EventChannels channels = EventChannels.Create(abi, 3, 10);
        Assert.False(channels.Bind(5, 2));
        Assert.True(channels.Send(5));
        Assert.Equal([], Upcall(channels, 0));
        Assert.Equal([5], Upcall(channels, 2));
        channels.Mask(6);
        channels.Send(6);
        Assert.False(channels.Bind(6, 1));
        Assert.True(channels.Unmask(6));
        Assert.Equal([6], Upcall(channels, 1));
    }

    [Theory]
    [MemberData(nameof(Abis))]
    public void No_event_is_lost_and_none_comes_twice(EventChannelAbi abi)
    {
        Gen.Select(Gen.Enum<Act>(), Gen.Int[1, 140], Gen.Int[0, 2]).Array[0, 300].Sample(acts =>
        {
            EventChannels channels = EventChannels.Create(abi, 3, 141);
            long sent = 0;
            long taken = 0;
            foreach ((Act act, int port, int vcpu) in acts)
            {
                switch (act)
                {
                    case Act.Send:
                        sent++;
                        channels.Send(port);
                        break;
                    case Act.Mask:
                        channels.Mask(port);
                        break;
                    case Act.Unmask:
                        channels.Unmask(port);
                        break;
                    case Act.Bind:
                        channels.Bind(port, vcpu);
                        break;
                    default:
                        int next = channels.TakeNext(vcpu);
                        Assert.False(next != EventChannels.None && (channels.IsPending(next) || channels.IsMasked(next)));
                        taken += next == EventChannels.None ? 0 : 1;
                        break;
                }

                Assert.Equal(sent, taken + channels.Merged + channels.PendingCount());
            }

            for (int port = 1; port < 141; port++)
            {
                channels.Unmask(port);
            }

            taken += Upcall(channels, 0).Count + Upcall(channels, 1).Count + Upcall(channels, 2).Count;
            Assert.Equal(sent, taken + channels.Merged);
            Assert.Equal(0, channels.PendingCount());
        });
    }

    [Theory]
    [MemberData(nameof(Abis))]
    public void An_idle_vcpu_is_kicked_for_what_it_has_to_take(EventChannelAbi abi)
    {
        Gen.Select(Gen.Enum<Act>(), Gen.Int[1, 140]).Array[0, 200].Sample(acts =>
        {
            EventChannels channels = EventChannels.Create(abi, 1, 141);
            bool kicked = false;
            foreach ((Act act, int port) in acts)
            {
                kicked |= act switch
                {
                    Act.Send => channels.Send(port),
                    Act.Unmask => channels.Unmask(port),
                    _ => false,
                };
                if (act == Act.Mask)
                {
                    channels.Mask(port);
                }
                else if (act == Act.Take && kicked)
                {
                    Upcall(channels, 0);
                    kicked = false;
                }

                bool due = Enumerable.Range(1, 140).Any(p => channels.IsPending(p) && !channels.IsMasked(p));
                Assert.True(kicked || !due);
                Assert.True(channels.IsUpcallPending(0) || !due);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Abis))]
    public void A_copy_by_value_goes_on_as_the_original(EventChannelAbi abi)
    {
        EventChannels channels = EventChannels.Create(abi, 2, 100);
        channels.Bind(9, 1);
        channels.Send(9);
        channels.Send(90);
        channels.Send(91);
        channels.TakeNext(0);
        EventChannels copy = MemoryPackSerializer.Deserialize<EventChannels>(MemoryPackSerializer.Serialize(channels))!;
        Assert.Equal(Upcall(channels, 0), Upcall(copy, 0));
        Assert.Equal(Upcall(channels, 1), Upcall(copy, 1));
    }

    [Fact]
    public void Two_level_ports_take_turns()
    {
        EventChannels channels = EventChannels.Create(EventChannelAbi.TwoLevel, 1, 200);
        channels.Send(3);
        channels.Send(100);
        Assert.Equal(3, channels.TakeNext(0));
        channels.Send(3);
        Assert.Equal(100, channels.TakeNext(0));
        Assert.Equal(3, channels.TakeNext(0));
    }

    [Fact]
    public void Fifo_ports_come_in_order_of_priority_and_then_of_sending()
    {
        FifoChannels channels = new(1, 100);
        channels.SetPriority(20, 3);
        channels.Send(9);
        channels.Send(4);
        channels.Send(7);
        Assert.Equal(9, channels.TakeNext(0));
        channels.Send(20);
        channels.Send(9);
        Assert.Equal([20, 4, 7, 9], Upcall(channels, 0));
    }

    [Fact]
    public void Fifo_has_thirty_two_times_the_ports()
    {
        Assert.True(EventChannels.Create(EventChannelAbi.TwoLevel, 1, 4096).Send(4095));
        Assert.Throws<ArgumentOutOfRangeException>(() => EventChannels.Create(EventChannelAbi.TwoLevel, 1, 4097));
        Assert.True(EventChannels.Create(EventChannelAbi.Fifo, 1, 131_072).Send(131_071));
        Assert.Throws<ArgumentOutOfRangeException>(() => EventChannels.Create(EventChannelAbi.Fifo, 1, 131_073));
        Assert.Throws<ArgumentOutOfRangeException>(() => EventChannels.Create(EventChannelAbi.Fifo, 1, 5).Send(0));
    }

    private static List<int> Upcall(EventChannels channels, int vcpu)
    {
        List<int> ports = [];
        while (channels.TakeNext(vcpu) is int port and not EventChannels.None)
        {
            ports.Add(port);
        }

        return ports;
    }
}
