using IoScale.Actors.Assembly;
using IoScale.Actors.Entities;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using IoScale.VirtualTime;

namespace IoScale.Actors.Running;

/// <summary>Reads a run's outcome from its entities, at a border.</summary>
internal sealed partial class OutcomeReader
{
    private const double PsPerSecond = 1e12;

    private readonly SystemSpec _spec;
    private readonly SystemAssembly _assembly;
    private readonly Simulation _simulation;
    private readonly MetricSheet _sheet = new();
    private readonly long _nowPs;
    private readonly long _windowPs;

    public OutcomeReader(SystemSpec spec, SystemAssembly assembly, Simulation simulation)
    {
        _spec = spec;
        _assembly = assembly;
        _simulation = simulation;
        _nowPs = simulation.Now;

        // A run interrupted before its measured window began shows what there was from the start.
        _windowPs = Math.Max(1, _nowPs > spec.WarmUpPs ? _nowPs - spec.WarmUpPs : _nowPs);
    }

    public RunOutcome Read()
    {
        List<VectorRefusal> refusals = [];
        List<SharedVector> shared = [];
        List<string> notes = [];
        foreach (HostWiring host in _assembly.Wiring.Hosts)
        {
            HypervisorState hypervisor = State<HypervisorActor, HypervisorState>(host.Hypervisor);
            ReadVectors(host, hypervisor, refusals, shared);
            ReadPCpus(host);
            ReadNics(host);
            ReadPv(host);
            notes.AddRange(hypervisor.Notes);
        }

        ReadVms();
        ReadTransports();
        List<ConservationLaw> laws = new ConservationCheck(_assembly, _simulation).Laws();
        return new RunOutcome(
            _nowPs, _simulation.ResultHash(), _simulation.EventsHandled, _sheet.Samples(), refusals, shared, laws, notes);
    }

    private TState State<TActor, TState>(EntityId id)
        where TActor : WiredActor<TState>
        where TState : class => ((TActor)_simulation.Entity(id)).Current;

    private double PerSecond(long count) => count * PsPerSecond / _windowPs;

    /// <summary>What came on top of an earlier reading; the reading is empty before the measured window has begun.</summary>
    private static long Since(long[] before, int index, long now) => now - (index < before.Length ? before[index] : 0);
}
