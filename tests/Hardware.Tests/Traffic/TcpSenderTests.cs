using CsCheck;
using IoScale.Hardware.Traffic;
using MemoryPack;

namespace IoScale.Hardware.Tests.Traffic;

public class TcpSenderTests
{
    private const long Ms = 1_000_000_000;

    [Fact]
    public void The_window_doubles_each_round_until_its_limit_and_stays_there()
    {
        TcpSender tcp = Greedy(20);
        List<int> rounds = [];
        for (int round = 0; round < 5; round++)
        {
            rounds.Add(tcp.Take(round * Ms));
            tcp.Acknowledge((round + 1) * Ms, round * Ms, rounds[^1]);
        }

        Assert.Equal([3, 6, 12, 20, 20], rounds);
    }

    [Fact]
    public void A_loss_halves_the_window_and_each_round_after_it_adds_one_frame()
    {
        TcpSender tcp = Greedy(1000);
        Assert.Equal(3 + 6 + 12 + 24 + 48, Rounds(tcp, 0, 5).Sum());
        Assert.Equal(96, tcp.Window);

        // 95 of 96 arrive; the missing one shows when something sent later has.
        Assert.Equal(96, tcp.Take(5 * Ms));
        tcp.Acknowledge(6 * Ms, 5 * Ms, 95);
        Assert.Equal(190, tcp.Take(6 * Ms));
        tcp.Acknowledge(7 * Ms, 6 * Ms, 190);
        Assert.Equal((95, 1L, 0), (tcp.Window, tcp.Losses, tcp.InFlight));
        Assert.Equal([95, 96, 97, 98], Rounds(tcp, 7, 4));
    }

    [Fact]
    public void Losses_of_one_round_halve_the_window_once_and_those_of_the_next_again()
    {
        TcpSender tcp = Greedy(64);
        Rounds(tcp, 0, 2);
        Assert.Equal(12, tcp.Take(2 * Ms));
        for (int i = 0; i < 3; i++)
        {
            tcp.Acknowledge((3 * Ms) + i, 2 * Ms, 4);
            Assert.Equal(8, tcp.Take((3 * Ms) + i));
        }

        // One of each train of eight is lost.
        for (int i = 0; i < 3; i++)
        {
            tcp.Acknowledge((4 * Ms) + i, (3 * Ms) + i, 7);
        }

        // The first of the acknowledgements has let the window grow by its 7 frames, to 31, before the second showed a loss.
        Assert.Equal((15, 1, 1L), (tcp.Window, tcp.InFlight, tcp.Losses));
        Assert.Equal(14, tcp.Take((4 * Ms) + 2));
        tcp.Acknowledge(5 * Ms, (4 * Ms) + 2, 14);
        Assert.Equal((15, 0, 1L), (tcp.Window, tcp.InFlight, tcp.Losses));

        tcp.Take(5 * Ms);
        tcp.Acknowledge(6 * Ms, 5 * Ms, 11);
        tcp.Take(6 * Ms);
        tcp.Acknowledge(7 * Ms, 6 * Ms, 1);
        Assert.Equal((8, 2L), (tcp.Window, tcp.Losses));
    }

    [Fact]
    public void What_was_sent_before_a_cut_does_not_make_the_window_grow_after_it()
    {
        TcpSender tcp = Greedy(64);
        Rounds(tcp, 0, 2);
        tcp.Take(2 * Ms);
        for (int i = 0; i < 12; i++)
        {
            tcp.Acknowledge((3 * Ms) + i, 2 * Ms, 1);
            Assert.Equal(2, tcp.Take((3 * Ms) + i));
        }

        // The first of twelve trains of two loses a frame; the others arrive while more than the new window is in flight.
        tcp.Acknowledge(4 * Ms, 3 * Ms, 1);
        for (int i = 1; i < 12; i++)
        {
            tcp.Acknowledge((4 * Ms) + i, (3 * Ms) + i, 2);
        }

        Assert.Equal((12, 1L), (tcp.Window, tcp.Losses));
        Assert.Equal(12, tcp.Take(5 * Ms));
        tcp.Acknowledge(6 * Ms, 5 * Ms, 11);
        Assert.Equal(12, tcp.Window);
        Assert.Equal(11, tcp.Take(6 * Ms));
        tcp.Acknowledge(7 * Ms, 5 * Ms, 1);
        Assert.Equal(13, tcp.Window);
    }

    [Fact]
    public void A_window_that_the_application_does_not_fill_does_not_grow()
    {
        TcpSender tcp = new(100);
        for (int round = 0; round < 50; round++)
        {
            tcp.Write(2);
            Assert.Equal(2, tcp.Take(round * Ms));
            tcp.Acknowledge((round * Ms) + (Ms / 2), round * Ms, 2);
        }

        Assert.Equal(TcpSender.InitialWindow, tcp.Window);
    }

    [Fact]
    public void A_lost_tail_is_sent_again_after_timeouts_that_double()
    {
        TcpSender tcp = Greedy(10);
        tcp.Take(0);
        tcp.Acknowledge(1 * Ms, 0, 3);
        Assert.Equal(6, tcp.Take(1 * Ms));
        long now = 1 * Ms;
        foreach (long wait in (long[])[200, 400, 800])
        {
            Assert.Equal(now + (wait * Ms), tcp.DeadlinePs);
            now = tcp.DeadlinePs;
            tcp.TimeOut(now);
            Assert.Equal((0, long.MaxValue), (tcp.InFlight, tcp.DeadlinePs));
            Assert.Equal(1, tcp.Take(now));
        }

        Assert.Equal(3, tcp.Losses);
        tcp.Acknowledge(now + Ms, now, 1);
        Assert.Equal(2, tcp.Take(now + Ms));
        Assert.Equal(now + Ms + (200 * Ms), tcp.DeadlinePs);
    }

    [Fact]
    public void Before_the_first_acknowledgement_timeouts_are_short_and_cost_no_window()
    {
        TcpSender tcp = Greedy(10);
        tcp = MemoryPackSerializer.Deserialize<TcpSender>(MemoryPackSerializer.Serialize(tcp))!;
        Assert.Equal(3, tcp.Take(0));
        Assert.Equal(TransportTimeouts.OpeningPs, tcp.DeadlinePs);
        tcp.TimeOut(tcp.DeadlinePs);
        Assert.Equal(3, tcp.Take(Ms));
        Assert.Equal(Ms + (2 * TransportTimeouts.OpeningPs), tcp.DeadlinePs);
        Assert.Equal(0, tcp.Losses);
    }

    [Fact]
    public void A_long_round_trip_has_a_timeout_that_is_longer()
    {
        TcpSender tcp = Greedy(1, 600 * Ms);
        for (int round = 0; round < 40; round++)
        {
            Assert.Equal(1, tcp.Take(round * 600 * Ms));
            Assert.True(tcp.DeadlinePs > (round + 1) * 600 * Ms);
            tcp.Acknowledge((round + 1) * 600 * Ms, round * 600 * Ms, 1);
        }

        tcp.Take(40 * 600 * Ms);
        Assert.InRange(tcp.DeadlinePs - (40 * 600 * Ms), 600 * Ms, 620 * Ms);
    }

    [Fact]
    public void An_acknowledgement_of_frames_given_up_changes_nothing()
    {
        TcpSender tcp = Greedy(10);
        Rounds(tcp, 0, 2);
        tcp.Take(2 * Ms);
        tcp.TimeOut(tcp.DeadlinePs);
        tcp.Take(300 * Ms);
        tcp.Acknowledge(301 * Ms, 2 * Ms, 10);
        Assert.Equal((1, 1), (tcp.Window, tcp.InFlight));
    }

    /// <summary>Frames written are in flight, waiting or arrived, whatever is lost on the way; the window keeps to its limits.</summary>
    [Fact]
    public void No_frame_is_forgotten_and_the_window_keeps_its_limits() => Gen.Select(Gen.Int[1, 40], Gen.Int[0, 3].Array[1, 400], Gen.Int[0, 9].Array[1, 50])
        .Sample((limit, steps, losses) =>
        {
            TcpSender tcp = new(limit);
            Queue<(long SentPs, int Count)> wire = new();
            long now = 0;
            long written = 0;
            long arrived = 0;
            long sent = 0;
            int lossAt = 0;
            foreach (int step in steps.Concat(Enumerable.Repeat(4, 4000)))
            {
                now += Ms;
                if (step == 0)
                {
                    tcp.Write(3);
                    written += 3;
                }
                else if (wire.TryDequeue(out (long SentPs, int Count) train))
                {
                    // Of each train a part is lost, in the second half of the test nothing.
                    int lost = step == 4 ? 0 : Math.Min(train.Count, losses[lossAt++ % losses.Length]);
                    if (train.Count > lost)
                    {
                        arrived += train.Count - lost;
                        tcp.Acknowledge(now, train.SentPs, train.Count - lost);
                    }
                }
                else if (tcp.DeadlinePs != long.MaxValue)
                {
                    now = Math.Max(now, tcp.DeadlinePs);
                    tcp.TimeOut(now);
                }

                int frames = tcp.Take(now);
                sent += frames;
                if (frames > 0)
                {
                    wire.Enqueue((now, frames));
                }

                Assert.InRange(tcp.Window, 1, limit);
                Assert.True(frames == 0 || tcp.InFlight <= tcp.Window);
            }

            Assert.Equal(written, arrived);
            Assert.Equal(0, tcp.InFlight);
            Assert.True(sent >= written);
        });

    private static TcpSender Greedy(int limit, long roundTripPs = 0)
    {
        TcpSender tcp = new(limit, roundTripPs);
        tcp.Write(100_000);
        return tcp;
    }

    private static int[] Rounds(TcpSender tcp, int first, int count)
    {
        int[] sent = new int[count];
        for (int i = 0; i < count; i++)
        {
            sent[i] = tcp.Take((first + i) * Ms);
            tcp.Acknowledge((first + i + 1) * Ms, (first + i) * Ms, sent[i]);
        }

        return sent;
    }
}
