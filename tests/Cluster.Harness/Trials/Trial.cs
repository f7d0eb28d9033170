using System.Globalization;

namespace IoScale.Cluster.Harness.Trials;

/// <summary>Who dies.</summary>
public enum Victim
{
    /// <summary>A node that does not hold the coordinator.</summary>
    Worker,

    /// <summary>The node that holds the coordinator, and its share of the run.</summary>
    Coordinator,

    /// <summary>Both: most of a cluster of three.</summary>
    CoordinatorAndWorker,
}

/// <summary>When.</summary>
public enum Moment
{
    /// <summary>Anywhere in the run.</summary>
    Any,

    /// <summary>While a checkpoint is being written.</summary>
    Checkpoint,

    /// <summary>While the others still recover from the death of a node.</summary>
    Recovery,
}

/// <summary>How.</summary>
public enum Way
{
    /// <summary>kill -9.</summary>
    Kill,

    /// <summary>Stands still for longer than the others believe in it, then goes on as if nothing had happened.</summary>
    Hang,
}

/// <summary>One trial, drawn from its seed.</summary>
/// <param name="Seed">Makes the same trial again.</param>
/// <param name="At">Share of the run's virtual time at which it happens, or at which it is waited for from.</param>
/// <param name="HangSeconds">How long a victim hangs.</param>
/// <param name="First">For <see cref="Moment.Recovery"/>: who dies first.</param>
/// <param name="SecondAfterSeconds">For <see cref="Moment.Recovery"/>: time from that to the second death.</param>
public sealed record Trial(int Seed, Victim Victim, Moment Moment, Way Way, double At, double HangSeconds, Victim First, double SecondAfterSeconds)
{
    public static Trial Draw(int seed)
    {
        Random random = new(seed);
        return new Trial(
            seed,
            (Victim)random.Next(3),
            (Moment)random.Next(3),
            (Way)random.Next(2),
            0.85 * random.NextDouble(),
            5 + 11 * random.NextDouble(),
            (Victim)random.Next(2),
            12 * random.NextDouble());
    }

    public override string ToString()
    {
        string who = Victim switch
        {
            Victim.Worker => "worker",
            Victim.Coordinator => "coordinator",
            _ => "coordinator and worker",
        };
        string when = Moment switch
        {
            Moment.Any => string.Create(CultureInfo.InvariantCulture, $"at {At:P0}"),
            Moment.Checkpoint => string.Create(CultureInfo.InvariantCulture, $"in a checkpoint after {At:P0}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{SecondAfterSeconds:0.0} s after a {(First == Victim.Worker ? "worker" : "coordinator")} died at {At:P0}"),
        };
        return $"{who}, {when}, {(Way == Way.Kill ? "kill -9" : string.Create(CultureInfo.InvariantCulture, $"hangs {HangSeconds:0.0} s"))}";
    }
}

/// <summary>How a trial went.</summary>
/// <param name="RecoverySeconds">From the last death to progress in a new epoch; null where the run ended without one.</param>
/// <param name="RunSeconds">From submission to end.</param>
/// <param name="Epochs">That the run has had.</param>
/// <param name="Trouble">Why it is a failure; null for none.</param>
public sealed record TrialOutcome(Trial Trial, double? RecoverySeconds, double RunSeconds, long Epochs, string? Trouble)
{
    public override string ToString()
    {
        string recovery = RecoverySeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"recovered in {seconds:0.0} s") : "no recovery needed";
        string run = string.Create(CultureInfo.InvariantCulture, $"run {RunSeconds:0} s, {Epochs} {(Epochs == 1 ? "epoch" : "epochs")}");
        return $"seed {Trial.Seed}: {Trial}; {recovery}; {run}; {(Trouble is null ? "hash ok" : "FAILED: " + Trouble)}";
    }
}
