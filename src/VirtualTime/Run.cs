using Akka.Actor;
using IoScale.VirtualTime.Threads;

namespace IoScale.VirtualTime;

/// <summary>What the partitions, threads and actors of one simulation share.</summary>
internal sealed class Run
{
    private readonly Lock _gate = new();
    private long _stopBefore = VirtualDuration.Never;
    private Exception? _fault;

    public Run(Topology topology, SimulationOptions options)
    {
        Topology = topology;
        TopologyHash = TopologyRules.Hash(topology);
        Options = options;
        PartitionOf = [.. topology.Entities.Select(entity => entity.Partition)];
        Entities = new EntityActor[topology.Entities.Count];
        Refs = new IActorRef[topology.Entities.Count];
        ILookup<int, int> members = Enumerable.Range(0, PartitionOf.Length).ToLookup(id => PartitionOf[id]);
        Partitions = new Partition?[topology.Partitions.Count];
        for (int i = 0; i < Partitions.Length; i++)
        {
            if (options.Share is null || options.Share.SlotOfPartition[i] == options.Share.Slot)
            {
                Partitions[i] = new Partition(this, i, [.. members[i]]);
            }
        }

        foreach (LinkSpec link in topology.Links)
        {
            Partitions[link.PartitionA]?.Add(link, link.PartitionB);
            Partitions[link.PartitionB]?.Add(link, link.PartitionA);
        }

        Local = [.. Partitions.OfType<Partition>()];
        if (Local.Count == 0)
        {
            throw new ArgumentException("No partition of the topology is in this process.");
        }

        Workers = Placement.Lay(this);
    }

    /// <summary>Islands in the topology.</summary>
    public int Islands => Workers.SelectMany(worker => worker.Shares).Count(share => share.Seat == 0);

    public Topology Topology { get; }

    public ulong TopologyHash { get; }

    public SimulationOptions Options { get; }

    /// <summary>By index in the topology; null where a partition is in another process.</summary>
    public Partition?[] Partitions { get; }

    /// <summary>The partitions in this process, ascending.</summary>
    public IReadOnlyList<Partition> Local { get; }

    /// <summary>Where islands leave this process.</summary>
    public List<IslandBorder> Borders { get; } = [];

    /// <summary>Partition of each entity.</summary>
    public int[] PartitionOf { get; }

    /// <summary>The actors' instances; each registers itself when it is created. Null in another process.</summary>
    public EntityActor[] Entities { get; }

    public IActorRef[] Refs { get; }

    public IReadOnlyList<Worker> Workers { get; }

    /// <summary>The failure to report, the smallest so far.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Something other than the model went wrong, or the run was disposed: every thread leaves its windows.</summary>
    public Exception? Fault => Volatile.Read(ref _fault);

    /// <summary>
    /// No event from this time on is handled any more. After a failure at t everything up to t still is, everywhere: so the smallest failure is found
    /// whichever thread fails first.
    /// </summary>
    public long StopBefore => Volatile.Read(ref _stopBefore);

    public void Fail(Failure failure)
    {
        lock (_gate)
        {
            if (Failure is null || failure.Precedes(Failure))
            {
                Failure = failure;
            }

            Volatile.Write(ref _stopBefore, Math.Min(_stopBefore, Failure.Time + 1));
        }

        CallAttention();
        // The actor throws it again in its own cell, so that its supervisor decides as for any actor.
        Refs[failure.Entity]?.Tell(new Dispatching.EntityFailed(failure.Cause), ActorRefs.NoSender);
    }

    public void Abort(Exception fault)
    {
        lock (_gate)
        {
            _fault ??= fault;
            Volatile.Write(ref _stopBefore, long.MinValue);
        }

        CallAttention();
    }

    private void CallAttention()
    {
        foreach (Worker worker in Workers)
        {
            worker.CallAttention();
        }
    }
}
