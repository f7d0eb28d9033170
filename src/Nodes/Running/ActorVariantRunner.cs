using Akka.Actor;
using Akka.Configuration;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Tracing;

namespace IoScale.Nodes.Running;

/// <summary>Runs variants as actors of one actor system, made when the first variant starts.</summary>
internal sealed class ActorVariantRunner : IVariantRunner
{
    /// <summary>Warnings and errors go to stderr; the process ends when the program ends, without waiting for the actor system.</summary>
    public const string Quiet = """
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          log-dead-letters = off
          loggers = ["IoScale.Nodes.Running.ErrorStreamLogger, ioscale"]
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.run-by-actor-system-terminate = off
          coordinated-shutdown.terminate-actor-system = off
        }
        """;

    private readonly Lazy<ActorSystem> _system = new(() => ActorSystem.Create("ioscale", ConfigurationFactory.ParseString(Quiet)));

    public IVariantRun Start(string runId, SystemSpec system, int threads, EventTrace? trace, IReadOnlyList<byte[]>? from)
    {
        SystemRunOptions options = new() { Threads = threads, Trace = trace };
        SystemRun run = from is null ? new(_system.Value, runId, system, options) : SystemRun.Restore(_system.Value, runId, system, options, from);
        trace?.NameEntitiesBy(run.EntityName);
        return new Run(run);
    }

    public void Dispose()
    {
        if (_system.IsValueCreated)
        {
            _ = _system.Value.Terminate();
        }
    }

    private sealed class Run(SystemRun run) : IVariantRun
    {
        public long ProgressTimePs => run.ProgressTimePs;

        public long EventsHandled => run.EventsHandled;

        public void RunUntil(long timePs) => run.RunUntil(timePs);

        public RunOutcome Outcome() => run.Outcome();

        public IReadOnlyList<byte[]> Capture() => run.Capture();

        public void Dispose() => run.Dispose();
    }
}
