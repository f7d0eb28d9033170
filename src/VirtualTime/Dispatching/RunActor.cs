using Akka.Actor;

namespace IoScale.VirtualTime.Dispatching;

/// <summary>Parent of a run's partition actors, <c>/user/run-ID</c>.</summary>
internal sealed class RunActor : UntypedActor
{
    private readonly RunActors _actors;

    public RunActor(RunActors actors) => _actors = actors;

    protected override void PreStart()
    {
        foreach (int index in _actors.Run.Local.Select(partition => partition.Index))
        {
            Context.ActorOf(
                Props.CreateBy(new Producer(() => new PartitionActor(_actors, index))).WithDispatcher(_actors.DispatcherOf(index)),
                _actors.Run.Topology.Partitions[index].Name);
        }
    }

    protected override void OnReceive(object message) => Unhandled(message);

    protected override SupervisorStrategy SupervisorStrategy() => Supervision.Strategy;

    /// <summary>The children are gone by now.</summary>
    protected override void PostStop() => _actors.Gone.Set();
}

/// <summary>Parent of a partition's entities.</summary>
internal sealed class PartitionActor : UntypedActor
{
    private readonly RunActors _actors;
    private readonly int _index;

    public PartitionActor(RunActors actors, int index)
    {
        _actors = actors;
        _index = index;
    }

    protected override void PreStart()
    {
        Run run = _actors.Run;
        foreach (int id in run.Partitions[_index]!.Members)
        {
            EntitySpec spec = run.Topology.Entities[id];
            run.Refs[id] = Context.ActorOf(
                Props.CreateBy(new Producer(() => _actors.Create(id))).WithDispatcher(_actors.DispatcherOf(_index)), spec.Name);
        }
    }

    protected override void OnReceive(object message) => Unhandled(message);

    protected override SupervisorStrategy SupervisorStrategy() => Supervision.Strategy;
}

/// <summary>Makes an actor by a delegate: <see cref="Props"/> would compile an expression for each.</summary>
internal sealed class Producer(Func<ActorBase> create) : IIndirectActorProducer
{
    public Type ActorType => typeof(ActorBase);

    public ActorBase Produce() => create();

    public void Release(ActorBase actor)
    {
    }
}

internal static class Supervision
{
    /// <summary>A failed entity stops, and the run with it. Killed from outside it goes on: what comes from outside can not change a result.</summary>
    public static readonly SupervisorStrategy Strategy =
        new OneForOneStrategy(cause => cause is ActorKilledException ? Directive.Resume : Directive.Stop);
}
