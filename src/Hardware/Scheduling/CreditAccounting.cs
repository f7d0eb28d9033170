namespace IoScale.Hardware.Scheduling;

/// <summary>
/// Distribution of credits by weight. Xen distributes over a whole pool of pCPUs at once; given one pCPU and the vCPUs active on it, the same rule holds
/// for that pCPU alone, and weights then count between vCPUs that share a pCPU. The caller decides which view it has.
/// </summary>
public static class CreditAccounting
{
    /// <summary>Credits that a pCPU earns in a millisecond (Xen credit scheduler).</summary>
    public const int CreditsPerMs = 10;

    /// <summary>Run time that costs one credit.</summary>
    public const long PsPerCredit = 1_000_000_000 / CreditsPerMs;

    /// <summary>Each active vCPU's share of the credits of <paramref name="pcpus"/> pCPUs over a period; the shares add up to the whole exactly.</summary>
    /// <param name="weights">1 to 65535 each.</param>
    /// <param name="shares">Receives credits; same length.</param>
    public static void Share(ReadOnlySpan<int> weights, int pcpus, long periodPs, Span<int> shares)
    {
        long total = 0;
        foreach (int weight in weights)
        {
            total += weight;
        }

        long credits = pcpus * (periodPs / PsPerCredit);
        long sum = 0;
        long given = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i];
            long upTo = credits * sum / total;
            shares[i] = (int)(upTo - given);
            given = upTo;
        }
    }

    /// <summary>
    /// Gives a vCPU its share: debts deeper than a slice are forgiven, and one that has saved more than a slice's credits stops earning and keeps none,
    /// since it does not use what it has.
    /// </summary>
    /// <param name="sliceCredits">Credits of a slice (300).</param>
    public static void Grant(RunUnit unit, int share, int sliceCredits)
    {
        unit.Credit += share;
        if (unit.Credit < 0)
        {
            unit.Credit = Math.Max(unit.Credit, -sliceCredits);
            unit.Priority = RunPriority.Over;
            return;
        }

        if (unit.Priority == RunPriority.Over)
        {
            unit.Priority = RunPriority.Under;
        }

        if (unit.Credit > sliceCredits)
        {
            unit.Credit = 0;
            unit.Active = false;
        }
    }
}
