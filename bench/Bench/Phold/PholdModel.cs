using IoScale.VirtualTime;

namespace IoScale.Bench.Phold;

/// <summary>
/// PHOLD, the usual load of parallel simulators: each event causes one, 0.1 + Exp(0.9) us later, mostly at the same entity, with some probability at any
/// other. The same code for the plain loop and for the actors.
/// </summary>
internal sealed class PholdModel(int entities, int remotePercent)
{
    public const long MeanDelay = VirtualDuration.Microsecond;

    public const long Lookahead = MeanDelay / 10;

    private readonly ulong _remoteBelow = (ulong)((UInt128.One << 64) * (uint)remotePercent / 100 - (remotePercent == 100 ? UInt128.One : 0));

    public int Entities => entities;

    public int Next(ref RandomStream random, int self, out long delay)
    {
        delay = Lookahead + random.NextExponential(MeanDelay - Lookahead);
        if (random.Next() >= _remoteBelow)
        {
            return self;
        }

        int other = (int)random.Next(entities - 1);
        return other < self ? other : other + 1;
    }
}

/// <summary>The one message; a cached instance, as a model does with messages that carry nothing.</summary>
internal sealed record Ball : VirtualMessage
{
    public static readonly Ball Instance = new();

    public override void Fold(ref Digest digest) => digest.Add(1);
}
