using CsCheck;

namespace IoScale.VirtualTime.Tests;

public sealed class ShareTests(Runs runs) : IClassFixture<Runs>
{
    private const long Until = 20_000;

    private static readonly Gen<(World World, int[] Slots)> Cut =
        from world in World.Gen
        from slots in Gen.Int[0, 2].Array[world.Groups.Length]
        select (world, slots);

    [Fact]
    public void Shares_in_several_processes_give_what_one_process_gives() =>
        Gen.Select(Cut, Gen.Int[1, 3], Gen.Long[1, Until]).Sample(
            (cut, threads, border) =>
            {
                using Processes processes = new(runs, () => cut.World.Topology(), cut.Slots, threads);
                processes.RunUntil(border);
                processes.RunUntil(Until);
                Assert.Equal(runs.HashAt(cut.World.Topology(), Until), Whole(cut.World, processes).ResultHash());
            },
            iter: 60,
            threads: 1);

    [Fact]
    public void A_run_goes_on_from_its_parts_cut_in_another_way() =>
        Gen.Select(Cut, Gen.Int[0, 2].Array[6], Gen.Int[1, 2], Gen.Long[0, Until]).Sample(
            (cut, others, threads, at) =>
            {
                using Processes first = new(runs, () => cut.World.Topology(), cut.Slots);
                first.RunUntil(at);
                using Processes second = new(runs, () => cut.World.Topology(), others[..cut.Slots.Length], threads);
                byte[][] parts = first.Capture();
                Array.ForEach(second.Shares, share => share.Restore(parts));
                second.RunUntil(Until);
                Assert.Equal(runs.HashAt(cut.World.Topology(), Until), Whole(cut.World, second).ResultHash());
                Assert.Equal(Whole(cut.World, second).EventsHandled, second.Shares.Sum(share => share.EventsHandled));
            },
            iter: 40,
            threads: 1);

    [Fact]
    public void Islands_without_links_between_them_need_not_be_at_the_same_time()
    {
        World world = World.Fixed;
        int[] slots = [0, 0, 0, 1, 1];
        using Processes first = new(runs, () => world.Topology(), slots);
        first.Shares[0].RunUntil(3_000);
        first.Shares[1].RunUntil(11_000);
        byte[][] parts = first.Capture();
        using Processes second = new(runs, () => world.Topology(), [1, 1, 0, 0, 1]);
        Array.ForEach(second.Shares, share => share.Restore(parts));
        Assert.All(second.Shares, share => Assert.Equal(3_000, share.Now));
        second.RunUntil(Until);
        Assert.Equal(runs.HashAt(world.Topology(), Until), Whole(world, second).ResultHash());
    }

    [Fact]
    public void Only_the_cut_links_make_windows_between_processes()
    {
        // Two hosts of two sockets: 5 ps between sockets, 1,000 ps between hosts.
        World world = new(3, [0, 1, 2, 3, 0, 1, 2, 3], [(0, 1, 5), (2, 3, 5), (0, 2, 1_000)], ["a", "a", "b", "b"], false, 3, 2);
        using Processes between = new(runs, () => world.Topology(), [0, 0, 1, 1]);
        between.RunUntil(Until);
        using Processes within = new(runs, () => world.Topology(), [0, 1, 0, 1]);
        within.RunUntil(Until);
        Assert.Equal(Whole(world, within).ResultHash(), Whole(world, between).ResultHash());
        Assert.InRange(between.Batches, 2, 2 * ((Until / 1_000) + 2));
        Assert.True(within.Batches > 2 * between.Batches, $"{within.Batches} batches within hosts, {between.Batches} between");
        using Simulation threads = runs.Start(world.Topology(), threads: 2);
        threads.RunUntil(Until);
        Assert.InRange(threads.Statistics.Windows, 2, (Until / 1_000) + 2);
    }

    [Fact]
    public void A_failure_is_found_by_its_process_and_stops_the_others_at_its_time()
    {
        Topology Fails() => Puppet.Linked(puppet =>
        {
            if (puppet.Now >= 5_000)
            {
                throw new InvalidOperationException("broken");
            }
        });
        using Processes processes = new(runs, Fails, [0, 1, 1]);
        ModelErrorException error = Assert.Throws<ModelErrorException>(() => processes.RunUntil(VirtualDuration.Second));
        Assert.Equal(5_000, error.TimePs);
        Assert.True(processes.Shares[1].ProgressTime <= 5_001);
    }

    [Fact]
    public void A_share_whose_peer_says_nothing_waits_and_can_be_disposed()
    {
        World world = World.Fixed;
        using Processes processes = new(runs, () => world.Topology(), [0, 1, 0, 0, 0]);
        Exception? thrown = null;
        Thread alone = new(() => thrown = Record.Exception(() => processes.Shares[0].RunUntil(Until)));
        alone.Start();
        Assert.False(alone.Join(TimeSpan.FromMilliseconds(50)));
        processes.Shares[0].Dispose();
        Assert.True(alone.Join(Runs.Bound));
        Assert.IsType<ObjectDisposedException>(thrown);
    }

    [Fact]
    public void A_batch_that_is_none_ends_the_share_with_a_clear_error()
    {
        World world = World.Fixed;
        foreach (Func<byte[], byte[]> damage in (Func<byte[], byte[]>[])[b => b.Length > 30 ? b[..30] : b, b => Flip(b, 18), b => Flip(b, 7)])
        {
            using Processes processes = new(runs, () => world.Topology(), [0, 1, 0, 0, 0]) { Carry = damage };
            Thread other = new(() => Record.Exception(() => processes.Shares[1].RunUntil(Until)));
            other.Start();
            Exception error = Assert.ThrowsAny<Exception>(() => processes.Shares[0].RunUntil(Until));
            processes.Shares[1].Dispose();
            Assert.True(other.Join(Runs.Bound));
            Assert.IsType<InvalidDataException>(error.GetBaseException());
        }
    }

    [Fact]
    public void A_share_has_no_result_hash()
    {
        World world = World.Fixed;
        using Processes processes = new(runs, () => world.Topology(), [0, 0, 0, 1, 1]);
        Assert.Throws<InvalidOperationException>(() => processes.Shares[0].ResultHash());
    }

    /// <summary>One simulation of all that the shares have.</summary>
    private Simulation Whole(World world, Processes processes)
    {
        Simulation whole = runs.Start(world.Topology());
        whole.Restore(processes.Capture());
        return whole;
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        if (bytes.Length > at)
        {
            bytes[at] ^= 0x80;
        }

        return bytes;
    }
}
