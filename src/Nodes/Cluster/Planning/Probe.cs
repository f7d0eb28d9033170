using System.Diagnostics;
using Akka.Actor;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Planning;

/// <summary>What the beginning of a run says about the rest of it.</summary>
/// <param name="VirtualPs">Virtual time that was emulated.</param>
/// <param name="EventsPerUs">Events in a microsecond of virtual time.</param>
/// <param name="EventCpuUs">Wall microseconds of one event on one thread, at its best.</param>
/// <param name="CrossingShare">Messages to another partition, as a share of all events.</param>
/// <param name="EventsByPartition">Where they were handled.</param>
internal sealed record ProbeResult(long VirtualPs, double EventsPerUs, double EventCpuUs, double CrossingShare, IReadOnlyList<long> EventsByPartition);

/// <summary>Emulates the beginning of a system, on this machine and one thread, for a moment.</summary>
internal static class Probe
{
    /// <summary>Larger systems take too long to bring to life only to be measured.</summary>
    public const int MostEntities = 20_000;

    private const long MostEvents = 2_000_000;

    /// <summary>1 us.</summary>
    private const long FirstStepPs = 1_000_000;

    /// <summary>Fewer events in a step say nothing about speed.</summary>
    private const long EnoughEvents = 200;

    private static readonly TimeSpan Whole = TimeSpan.FromMilliseconds(500);

    /// <summary>Steps are short, so that the fastest of them runs compiled and undisturbed.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <returns>Null when nothing happens so early in the run.</returns>
    /// <exception cref="ModelErrorException">The system breaks a rule of its model.</exception>
    public static ProbeResult? Measure(ActorSystem system, SystemSpec spec, string runId)
    {
        using SystemRun run = new(system, runId, spec, new SystemRunOptions());
        Stopwatch watch = Stopwatch.StartNew();
        double fastestUs = double.PositiveInfinity;
        long stepPs = FirstStepPs;
        long reached = 0;
        while (reached < spec.DurationPs && watch.Elapsed < Whole && run.EventsHandled < MostEvents)
        {
            (long events, TimeSpan before) = (run.EventsHandled, watch.Elapsed);
            reached = Math.Min(spec.DurationPs, reached + stepPs);
            run.RunUntil(reached);
            (events, TimeSpan took) = (run.EventsHandled - events, watch.Elapsed - before);
            fastestUs = events >= EnoughEvents ? Math.Min(fastestUs, took.TotalMicroseconds / events) : fastestUs;
            stepPs = took < Step ? stepPs * 2 : Math.Max(1, stepPs / 2);
        }

        RunStatistics statistics = run.Simulation.Statistics;
        return statistics.Events == 0 ? null : new ProbeResult(
            reached,
            statistics.Events / (reached / 1e6),
            Math.Min(fastestUs, watch.Elapsed.TotalMicroseconds / statistics.Events),
            (double)statistics.CrossPartitionSends / statistics.Events,
            statistics.EventsByPartition);
    }
}
