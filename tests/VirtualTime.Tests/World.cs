using System.Buffers;
using System.Buffers.Binary;
using CsCheck;
using MemoryPack;

namespace IoScale.VirtualTime.Tests;

/// <summary>A ball that entities throw at each other; it says when it is due, who threw it and which throw of the thrower it is.</summary>
internal sealed record Ball(int Hops, long DuePs, int Thrower, long Throw) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(Hops);
        digest.Add(DuePs);
        digest.Add(Thrower);
        digest.Add(Throw);
    }
}

internal sealed class BallCodec : IMessageCodec
{
    public void Write(IBufferWriter<byte> writer, VirtualMessage message)
    {
        Ball ball = (Ball)message;
        Span<byte> bytes = writer.GetSpan(24);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, ball.Hops);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[4..], ball.DuePs);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], ball.Thrower);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], ball.Throw);
        writer.Advance(24);
    }

    public VirtualMessage Read(ReadOnlySpan<byte> bytes) => new Ball(
        BinaryPrimitives.ReadInt32LittleEndian(bytes),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
}

/// <summary>
/// A random model: partitions, some linked, entities that throw balls at random to whom they can reach. Delays are coarse, so that ties abound; within
/// a partition they may be zero; now and then an entity holds a ball for long, so that there are gaps.
/// </summary>
internal sealed record World(
    ulong Seed, int[] PartitionOf, (int A, int B, long Latency)[] Links, string[] Groups, bool ZeroDelays, long Grain, int Balls)
{
    public static readonly Gen<World> Gen =
        from partitions in CsCheck.Gen.Int[1, 6]
        from seed in CsCheck.Gen.ULong
        from entities in CsCheck.Gen.Int[0, partitions - 1].Array[partitions, 14]
        from links in CsCheck.Gen.Select(CsCheck.Gen.Int[0, partitions - 1], CsCheck.Gen.Int[0, partitions - 1], CsCheck.Gen.Long[1, 40]).Array[0, 6]
        from groups in CsCheck.Gen.Int[0, 2].Array[partitions]
        from zero in CsCheck.Gen.Bool
        from grain in CsCheck.Gen.Long[1, 7]
        from balls in CsCheck.Gen.Int[1, 4]
        select new World(
            seed,
            entities,
            [.. links.Where(l => l.Item1 != l.Item2).DistinctBy(l => (Math.Min(l.Item1, l.Item2), Math.Max(l.Item1, l.Item2)))],
            [.. groups.Select(g => $"host{g}")],
            zero,
            grain,
            balls);

    /// <summary>One that has everything: three islands, one of them of three partitions on two hosts, ties and zero delays.</summary>
    public static readonly World Fixed = new(
        7, [0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 0, 1], [(0, 1, 5), (1, 2, 12)], ["a", "a", "b", "c", "d"], true, 3, 2);

    public Topology Topology(List<Ball>[]? logs = null) => new(
        Seed,
        [.. Groups.Select((group, i) => new PartitionSpec($"p{i}", group))],
        [.. Links.Select(l => new LinkSpec($"l{l.A}-{l.B}", l.A, l.B, l.Latency))],
        [.. PartitionOf.Select((partition, i) => new EntitySpec($"e{i}", partition, () => new Thrower(this, logs?[partition])))]);

    public (int Target, long Latency)[] Reach(int id) =>
    [
        .. Enumerable.Range(0, PartitionOf.Length).Select(target => (target, LatencyTo(PartitionOf[id], PartitionOf[target]))).Where(t => t.Item2 >= 0),
    ];

    private long LatencyTo(int from, int to)
    {
        if (from == to)
        {
            return 0;
        }

        foreach ((int a, int b, long latency) in Links)
        {
            if ((a, b) == (from, to) || (b, a) == (from, to))
            {
                return latency;
            }
        }

        return -1;
    }
}

[MemoryPackable]
internal sealed partial class ThrowerState
{
    public RandomStream Random;

    public long Thrown;
}

internal sealed class Thrower : EntityActor<ThrowerState>
{
    private readonly World _world;
    private readonly (int Target, long Latency)[] _reach;
    private readonly List<Ball>? _log;

    public Thrower(World world, List<Ball>? log)
    {
        _world = world;
        _log = log;
        _reach = world.Reach(Id.Value);
        State = new ThrowerState { Random = Stream("throws") };
    }

    protected internal override void Start()
    {
        for (int i = 0; i < _world.Balls; i++)
        {
            Throw(0);
        }
    }

    protected internal override void Handle(EntityId sender, VirtualMessage message)
    {
        Ball ball = (Ball)message;
        Assert.Equal(ball.DuePs, Now);
        Assert.Equal(ball.Thrower, sender.Value);
        _log?.Add(ball);
        Throw(ball.Hops + 1);
    }

    protected override object Answer(object query) => query is "thrown" ? State.Thrown : base.Answer(query);

    private void Throw(int hops)
    {
        (int target, long latency) = _reach[(int)State.Random.Next(_reach.Length)];
        long delay = State.Random.Next(4) * _world.Grain;
        if (hops > 0 && State.Random.Next(50) == 0)
        {
            delay += 100_000;
        }

        // Every fourth hop within a partition takes time, or balls could fly in circles at one instant. Between partitions the latency itself is enough.
        bool leastAllowed = latency > 0 || (_world.ZeroDelays && hops % 4 != 0);
        delay += latency + (leastAllowed ? 0 : 1);
        Send(new EntityId(target), new Ball(hops, Now + delay, Id.Value, State.Thrown), delay);
        State.Thrown++;
    }
}
