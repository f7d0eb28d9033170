using Akka.Actor;

namespace IoScale.VirtualTime.Tests;

/// <summary>An actor system for a test class, and runs in it.</summary>
public sealed class Runs : IDisposable
{
    private int _count;

    public ActorSystem System { get; } =
        ActorSystem.Create("tests", "akka { loglevel = ERROR, stdout-loglevel = OFF, loggers = [] }");

    public static TimeSpan Bound { get; } = TimeSpan.FromSeconds(30);

    public string NextId() => $"{Interlocked.Increment(ref _count)}";

    public Simulation Start(Topology topology, int threads = 1, IEventTrace? trace = null) =>
        new(System, NextId(), topology, new SimulationOptions { Threads = threads, Trace = trace, Codec = new BallCodec() });

    public ulong HashAt(Topology topology, long until, int threads = 1)
    {
        using Simulation simulation = Start(topology, threads);
        simulation.RunUntil(until);
        return simulation.ResultHash();
    }

    public void Dispose() => System.Dispose();
}
