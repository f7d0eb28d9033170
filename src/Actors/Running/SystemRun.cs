using Akka.Actor;
using IoScale.Actors.Assembly;
using IoScale.Hardware.Platform;
using IoScale.Protocol;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Actors.Running;

/// <summary>How a run is carried out. Nothing here can change a result.</summary>
public sealed record SystemRunOptions
{
    /// <summary>Threads to run on, at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Receives the events handled.</summary>
    public IEventTrace? Trace { get; init; }

    /// <summary>The part of the system that this process runs; null for all of it.</summary>
    public NodeShare? Share { get; init; }
}

/// <summary>One emulated system, brought to life as actors of an actor system.</summary>
public sealed class SystemRun : IDisposable
{
    private readonly SystemAssembly _assembly;
    private readonly Simulation _simulation;
    private readonly SystemSpec _spec;

    public SystemRun(ActorSystem system, string runId, SystemSpec spec, SystemRunOptions options)
        : this(system, runId, spec, options, restored: false)
    {
    }

    private SystemRun(ActorSystem system, string runId, SystemSpec spec, SystemRunOptions options, bool restored)
    {
        _spec = spec;
        _assembly = SystemAssembly.Of(spec);
        _simulation = new Simulation(
            system,
            runId,
            _assembly.Topology,
            new SimulationOptions { Threads = options.Threads, Trace = options.Trace, Codec = new MessageCodec(), Share = options.Share });
        if (!restored)
        {
            InjectControl();
        }
    }

    public long DurationPs => _spec.DurationPs;

    public long ProgressTimePs => _simulation.ProgressTime;

    public long EventsHandled => _simulation.EventsHandled;

    /// <summary>The entities, for queries and for reading at a border.</summary>
    public Simulation Simulation => _simulation;

    public Wiring Wiring => _assembly.Wiring;

    /// <summary>A run that goes on from a snapshot of the same system.</summary>
    /// <param name="snapshot">What <see cref="Capture"/> gave, by partition; of a share only its own are looked at.</param>
    /// <exception cref="InvalidDataException">The snapshot is damaged or belongs to another system.</exception>
    public static SystemRun Restore(ActorSystem system, string runId, SystemSpec spec, SystemRunOptions options, IReadOnlyList<byte[]> snapshot)
    {
        SystemRun run = new(system, runId, spec, options, restored: true);
        try
        {
            run._simulation.Restore(snapshot);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Handles every event before <paramref name="timePs"/>, at most up to the end of the run.</summary>
    /// <exception cref="ModelErrorException">An entity failed.</exception>
    public void RunUntil(long timePs) => _simulation.RunUntil(Math.Min(timePs, DurationPs));

    /// <summary>Everything needed to go on from here, one item for each partition. At a border only.</summary>
    public IReadOnlyList<byte[]> Capture() => _simulation.Capture();

    public string EntityName(EntityId id) => _assembly.Topology.PathOf(id);

    /// <summary>What the run has given up to here. At a border only.</summary>
    public RunOutcome Outcome() => new OutcomeReader(_spec, _assembly, _simulation).Read();

    public void Dispose() => _simulation.Dispose();

    private void InjectControl()
    {
        for (int i = 0; i < _assembly.Topology.Entities.Count; i++)
        {
            _simulation.Inject(_spec.WarmUpPs, new EntityId(i), new MeasureStart());
        }

        foreach (TimelineStep step in _spec.Timeline)
        {
            (EntityId target, VirtualMessage message) = Translate(step);
            _simulation.Inject(step.AtPs, target, message);
        }
    }

    private (EntityId Target, VirtualMessage Message) Translate(TimelineStep step)
    {
        switch (step)
        {
            case MigrateVcpuStep migrate:
                (HostWiring host, int firstVcpu) = _assembly.PlaceOf(migrate.Vm);
                return (host.Hypervisor, new MigrateVcpu(firstVcpu + migrate.Vcpu, migrate.ToPCpu));
            case SetAffinityStep affinity:
                (HostWiring affinityHost, int affinityFunction) = _assembly.PlaceOf(affinity.Function);
                return (affinityHost.Hypervisor, new SetAffinity(affinityFunction, affinity.Vector, [.. affinity.PCpus]));
            case ResetDeviceStep reset:
                (HostWiring resetHost, int resetFunction) = _assembly.PlaceOf(reset.Function);
                return (resetHost.Hypervisor, new ResetFunction(resetFunction));
            case OfflinePCpuStep offline:
                return (HostNamed(offline.Host).Hypervisor, new OfflinePCpu(offline.PCpu));
            case OnlinePCpuStep online:
                return (HostNamed(online.Host).Hypervisor, new OnlinePCpu(online.PCpu));
            case SetNotificationStep set:
                (HostWiring vifHost, int vifVcpu) = _assembly.PlaceOf(set.Vm);
                return (
                    vifHost.Vcpus[vifVcpu].Vm,
                    new SetNotification(vifHost.VifOf(set.Vm), (int)set.Notification.Policy, set.Notification.RateHz));
            default:
                throw new ArgumentException($"no actor does {step.GetType().Name}");
        }
    }

    private HostWiring HostNamed(string name) => _assembly.Wiring.Hosts.First(h => h.Spec.Name == name);
}
