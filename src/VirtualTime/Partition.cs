using System.Runtime.CompilerServices;
using IoScale.VirtualTime.Queues;
using IoScale.VirtualTime.Threads;

namespace IoScale.VirtualTime;

/// <summary>A partition at work: its queue, the time it is at, and the loop that hands each event straight to the entity's instance.</summary>
internal sealed class Partition
{
    private const int Nobody = int.MinValue;

    private readonly Run _run;
    private readonly int[] _partitionOf;
    private readonly EntityActor[] _entities;
    private readonly IEventTrace? _trace;
    private readonly Dictionary<int, LinkSpec> _links = [];

    private long _end;
    private long _now;
    private int _handling = Nobody;
    private long _handled;
    private ModelRuleException? _brokenRule;
    private long _ties;

    public Partition(Run run, int index, IReadOnlyList<int> members)
    {
        _run = run;
        _partitionOf = run.PartitionOf;
        _entities = run.Entities;
        _trace = run.Options.Trace;
        Index = index;
        Members = members;
    }

    public int Index { get; }

    /// <summary>Ids of its entities, ascending.</summary>
    public IReadOnlyList<int> Members { get; }

    public EventQueue Queue { get; } = new();

    /// <summary>What its thread keeps of its island; set once, when the threads are laid out.</summary>
    public IslandShare Share { get; set; } = null!;

    /// <summary>Place in the share's heap.</summary>
    public int HeapIndex { get; set; }

    /// <summary>Time of the event being handled.</summary>
    public long Now => _now;

    public long Handled => Volatile.Read(ref _handled);

    public long Ties => _ties;

    public long CrossPartitionSends { get; private set; }

    public long CrossThreadSends { get; private set; }

    /// <summary>An entity of it failed; it handles nothing any more.</summary>
    public bool Failed { get; private set; }

    /// <summary>Traced events not yet written.</summary>
    public List<TracedEvent> Traced { get; } = [];

    public Run Run => _run;

    public long NextTime => Failed ? VirtualDuration.Never : Queue.NextTime;

    public void StartEntities()
    {
        foreach (int id in Members)
        {
            try
            {
                _handling = id;
                _entities[id].Start();
                ThrowIfRuleBroken();
            }
            catch (Exception cause)
            {
                Fail(id, EventKey.FirstOrigin(new EntityId(id)), null, cause);
                return;
            }
            finally
            {
                _handling = Nobody;
            }
        }
    }

    /// <summary>Handles every event before <paramref name="end"/>, or until an entity fails.</summary>
    public void RunTo(long end)
    {
        if (Failed)
        {
            return;
        }

        _end = end;
        Worker worker = Share.Worker;
        EntityActor[] entities = _entities;
        while (true)
        {
            if (worker.NeedsAttention)
            {
                Attend(worker);
            }

            if (!Queue.TryTake(_end, out EventKey key, out VirtualMessage message))
            {
                break;
            }

            Queue.PrefetchNext(entities);
            // Ties are counted so that a user can see how much of the order is the senders' numbers.
            _ties += key.Time == _now ? 1 : 0;
            _handled++;
            _now = key.Time;
            _handling = key.Target;
            Deliver(entities[key.Target], in key, message);
        }

        _handling = Nobody;
    }

    /// <summary>A message from one of its entities. Every rule of virtual time is checked here.</summary>
    public void Send(EntityActor sender, int target, VirtualMessage message, long delayPs)
    {
        if (_handling != sender.Id.Value)
        {
            throw new InvalidOperationException($"Entity {sender.Path} sends while it handles no event; an answer to a query can not send.");
        }

        // One unsigned comparison for a negative delay and for a time that is not representable.
        if ((ulong)delayPs >= (ulong)(VirtualDuration.Never - _now) || message is null || (uint)target >= (uint)_partitionOf.Length)
        {
            throw Broken(SendRules.Explain(this, target, message, delayPs));
        }

        long time = _now + delayPs;
        ulong origin = sender.NextOrigin();
        if (_partitionOf[target] == Index)
        {
            Queue.Push(time, origin, target, message);
        }
        else
        {
            SendAcross(sender, time, origin, target, message);
        }
    }

    /// <summary>An event from outside the partition, on its own thread or while none runs.</summary>
    public void Accept(long time, ulong origin, int target, VirtualMessage message)
    {
        Queue.Push(time, origin, target, message);
        Share.Lower(this, time);
    }

    public void Add(LinkSpec link, int other) => _links.Add(other, link);

    /// <summary>Goes on from a snapshot, after its entities have their ledgers.</summary>
    public void Resume() => _handled = Members.Sum(id => _entities[id].Ledger.Handled);

    public LinkSpec? LinkTo(int partition) => _links.GetValueOrDefault(partition);

    private void SendAcross(EntityActor sender, long time, ulong origin, int target, VirtualMessage message)
    {
        int to = _partitionOf[target];
        if (!_links.TryGetValue(to, out LinkSpec? link) || time - _now < link.LatencyPs)
        {
            throw Broken(SendRules.ExplainLink(_run.Topology, link, sender.Id, new EntityId(target), time - _now));
        }

        CrossPartitionSends++;
        Partition? other = _run.Partitions[to];
        if (other is null)
        {
            Share.Border!.Post(Share.Seat, _run.Options.Share!.SlotOfPartition[to], time, origin, target, message);
        }
        else if (other.Share == Share)
        {
            other.Accept(time, origin, target, message);
        }
        else
        {
            CrossThreadSends++;
            Share.Exchange!.Post(Share.Seat, other.Share.Seat, time, origin, target, message);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Deliver(EntityActor entity, in EventKey key, VirtualMessage message)
    {
        try
        {
            if (_trace is not null && _trace.Wants(entity.Id, key.Time))
            {
                Traced.Add(new TracedEvent(
                    key.Time, entity.Id, EventKey.SenderOf(key.Origin), EventKey.SequenceOf(key.Origin), message));
            }

            entity.Deliver(in key, message);
            ThrowIfRuleBroken();
        }
        catch (Exception cause)
        {
            Fail(key.Target, key.Origin, message, cause);
        }
    }

    private void Attend(Worker worker)
    {
        _handling = Nobody;
        worker.Drain();
        _end = Math.Min(_end, _run.StopBefore);
    }

    private ModelRuleException Broken(string text) => _brokenRule = new ModelRuleException(text);

    /// <summary>A rule stays broken even if the entity swallows the exception.</summary>
    private void ThrowIfRuleBroken()
    {
        if (_brokenRule is not null)
        {
            throw _brokenRule;
        }
    }

    private void Fail(int entity, ulong origin, VirtualMessage? message, Exception cause)
    {
        Failed = true;
        _end = long.MinValue;
        _run.Fail(new Failure(entity, _now, origin, message, cause));
    }
}
