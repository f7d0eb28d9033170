using System.Runtime.ExceptionServices;
using Akka.Actor;
using IoScale.VirtualTime.Dispatching;
using IoScale.VirtualTime.Queues;

namespace IoScale.VirtualTime;

/// <summary>
/// One entity of the model: a real actor whose events arrive in virtual time. The partition's loop hands events straight to the instance; its mailbox
/// serves the outside world only (queries, supervision, termination).
/// </summary>
public abstract class EntityActor : ActorBase
{
    [ThreadStatic]
    private static EntityBirth? t_creating;

    private readonly Partition _partition;
    private readonly int _id;
    private ulong _origin;
    private Digest _digest;
    private long _handled;

    /// <summary>Identity, path and random streams are known from here on.</summary>
    /// <exception cref="InvalidOperationException">Not made by a <see cref="Simulation"/>.</exception>
    protected EntityActor()
    {
        EntityBirth birth = t_creating
            ?? throw new InvalidOperationException("An entity is made by its simulation, through its factory in the topology.");
        t_creating = null;
        _partition = birth.Partition;
        _id = birth.Id;
        _origin = EventKey.FirstOrigin(Id);
    }

    public EntityId Id => new(_id);

    /// <summary><c>PARTITION/NAME</c>.</summary>
    public string Path => _partition.Run.Topology.PathOf(Id);

    /// <summary>Virtual time of the event being handled, in picoseconds.</summary>
    public long Now => _partition.Now;

    /// <summary>The run's seed.</summary>
    protected ulong Seed => _partition.Run.Topology.Seed;

    /// <summary>Folds something that happened inside the entity, and that no message shows, into its digest.</summary>
    protected void Remember(ulong word) => _digest.Add(word);

    internal static EntityBirth? Creating
    {
        get => t_creating;
        set => t_creating = value;
    }

    /// <summary>Digest of every event that the entity has handled; part of the result hash.</summary>
    public ulong EventDigest => _digest.Value;

    /// <summary>What the engine keeps of an entity beside its state.</summary>
    internal (ulong Origin, ulong Digest, long Handled) Ledger
    {
        get => (_origin, _digest.Value, _handled);
        set => (_origin, _digest, _handled) = (value.Origin, new Digest(value.Digest), value.Handled);
    }

    /// <summary>
    /// Sends a message that is handled <paramref name="delayPs"/> from now. With delay 0 it is handled at this very time, after everything already
    /// handled: it can not precede an event of this time that came before it, even where its key is smaller.
    /// </summary>
    /// <param name="target">An entity of the same partition, or of one that a link connects with it.</param>
    /// <param name="message">What to say.</param>
    /// <param name="delayPs">At least 0; to another partition at least the link's latency.</param>
    /// <exception cref="ModelRuleException">A rule is broken; this fails the run, caught or not.</exception>
    /// <exception cref="InvalidOperationException">No event of this entity is being handled.</exception>
    protected void Send(EntityId target, VirtualMessage message, long delayPs) => _partition.Send(this, target.Value, message, delayPs);

    /// <summary>Sends a message to itself; see <see cref="Send"/>.</summary>
    protected void After(long delayPs, VirtualMessage message) => _partition.Send(this, _id, message, delayPs);

    /// <summary>A fresh random stream, a pure function of (seed, path, name). Keep it in the state.</summary>
    protected RandomStream Stream(string name) => RandomStream.Create(Seed, Path, name);

    /// <summary>Called once at time 0 before any event, in entity-id order within a partition; not after <see cref="Restore"/>.</summary>
    protected internal virtual void Start()
    {
    }

    /// <summary>Handles one event. An exception stops the run.</summary>
    protected internal abstract void Handle(EntityId sender, VirtualMessage message);

    /// <summary>The state as bytes; what the engine knows of an entity (digest, counters) is not part of it.</summary>
    protected internal abstract byte[] Capture();

    /// <summary>Takes over a captured state.</summary>
    protected internal abstract void Restore(ReadOnlySpan<byte> state);

    /// <summary>
    /// Answers a message from outside, between two events, on the partition's thread. It must not change the state. An exception becomes the answer.
    /// </summary>
    protected virtual object Answer(object query) => $"entity {Path} does not know query {query}";

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        if (message is EntityFailed failed)
        {
            ExceptionDispatchInfo.Throw(failed.Cause);
        }

        if (Sender.IsNobody() || Sender.Equals(Context.System.DeadLetters))
        {
            return false;
        }

        object answer;
        try
        {
            answer = Answer(message);
        }
        catch (Exception cause)
        {
            answer = new Status.Failure(cause);
        }

        Sender.Tell(answer, Self);
        return true;
    }

    internal void Deliver(in EventKey key, VirtualMessage message)
    {
        _handled++;
        _digest.Add(key.Time);
        _digest.Add(key.Origin);
        message.Fold(ref _digest);
        Handle(EventKey.SenderOf(key.Origin), message);
    }

    /// <summary>Sender and sequence number of its next message.</summary>
    internal ulong NextOrigin()
    {
        ulong origin = _origin++;
        if ((_origin & EventKey.SequenceMask) == 0)
        {
            throw new InvalidOperationException($"Entity {Path} has sent 2^{EventKey.SequenceBits} messages, and no more are possible.");
        }

        return origin;
    }
}
