using Akka.Actor;
using IoScale.VirtualTime.Queues;
using IoScale.VirtualTime.Threads;

namespace IoScale.VirtualTime.Dispatching;

/// <summary>The actors of a run, from birth to death, and the dispatchers they are on.</summary>
internal sealed class RunActors : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ActorSystem _system;
    private readonly VirtualTimeDispatcher[] _dispatchers;
    private readonly CountdownEvent _starting;
    private IActorRef? _root;

    public RunActors(ActorSystem system, Run run)
    {
        _system = system;
        Run = run;
        _starting = new CountdownEvent(run.Local.Sum(partition => partition.Members.Count) + 1);
        _dispatchers = [.. run.Workers.Select(_ => VirtualTimeDispatchers.Of(system).Rent())];
        foreach (Worker worker in run.Workers)
        {
            _dispatchers[worker.Index].Worker = worker;
        }
    }

    public Run Run { get; }

    /// <summary>Set when the last actor has stopped.</summary>
    public ManualResetEventSlim Gone { get; } = new();

    public string DispatcherOf(int partition) => _dispatchers[Run.Partitions[partition]!.Share.Worker.Index].Id;

    /// <summary>Spawns the actors and waits until each is there or has failed. The threads must run.</summary>
    public void Spawn(string runId)
    {
        _root = _system.ActorOf(
            Props.CreateBy(new Producer(() => new RunActor(this))).WithDispatcher(_dispatchers[0].Id), $"run-{runId}");
        _starting.Signal();
        while (!_starting.Wait(TimeSpan.FromMilliseconds(100)))
        {
            if (Gone.IsSet || _system.WhenTerminated.IsCompleted)
            {
                throw new InvalidOperationException($"The actors of run '{runId}' were stopped while they started.");
            }
        }
    }

    /// <summary>Makes an entity; called by Akka on the partition's thread.</summary>
    public EntityActor Create(int id)
    {
        try
        {
            EntityActor.Creating = new EntityBirth(Run.Partitions[Run.PartitionOf[id]]!, id);
            EntityActor entity = Run.Topology.Entities[id].Create();
            if (EntityActor.Creating is not null || entity.Id.Value != id)
            {
                throw new InvalidOperationException("its factory must make one new entity at each call.");
            }

            Run.Entities[id] = entity;
            return entity;
        }
        catch (Exception cause)
        {
            Run.Fail(new Failure(id, 0, EventKey.FirstOrigin(new EntityId(id)), null, cause));
            throw;
        }
        finally
        {
            EntityActor.Creating = null;
            _starting.Signal();
        }
    }

    /// <summary>Stops the actors and waits for it; the threads must still run.</summary>
    public void Stop()
    {
        if (_root is not null)
        {
            _system.Stop(_root);
            Gone.Wait(Patience);
            // The name is free only when the guardian has buried the child.
            IInternalActorRef guardian = ((ExtendedActorSystem)_system).Guardian;
            string[] name = [_root.Path.Name];
            SpinWait.SpinUntil(() => guardian.GetChild(name).IsNobody(), Patience);
        }
    }

    /// <summary>Gives the dispatchers back; after the threads have ended.</summary>
    public void Dispose()
    {
        foreach (VirtualTimeDispatcher dispatcher in _dispatchers)
        {
            VirtualTimeDispatchers.Of(_system).Return(dispatcher);
        }

        _starting.Dispose();
        Gone.Dispose();
    }
}
