using Akka.Actor;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.VirtualTime;

namespace IoScale.Actors.Tests;

/// <summary>An actor system for a test class, and runs in it.</summary>
public sealed class Runs : IDisposable
{
    private int _count;

    public ActorSystem System { get; } =
        ActorSystem.Create("tests", "akka { loglevel = ERROR, stdout-loglevel = OFF, loggers = [] }");

    public SystemRun Start(SystemSpec spec, int threads = 1, IEventTrace? trace = null) =>
        new(System, NextId(), spec, new SystemRunOptions { Threads = threads, Trace = trace });

    public SystemRun Restore(SystemSpec spec, IReadOnlyList<byte[]> snapshot, int threads = 1) =>
        SystemRun.Restore(System, NextId(), spec, new SystemRunOptions { Threads = threads }, snapshot);

    public RunOutcome Outcome(SystemSpec spec, int threads = 1, IEventTrace? trace = null)
    {
        using SystemRun run = Start(spec, threads, trace);
        run.RunUntil(spec.DurationPs);
        RunOutcome outcome = run.Outcome();
        outcome.AssertLaws();
        return outcome;
    }

    public void Dispose() => System.Dispose();

    private string NextId() => $"{Interlocked.Increment(ref _count)}";
}
