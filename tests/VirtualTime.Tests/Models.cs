using MemoryPack;

namespace IoScale.VirtualTime.Tests;

/// <summary>A message that says nothing.</summary>
internal sealed record Tick : VirtualMessage
{
    public static readonly Tick Instance = new();

    public override void Fold(ref Digest digest) => digest.Add(1);
}

[MemoryPackable]
internal sealed partial class Count
{
    public long Ticks;
}

/// <summary>Ticks every so often; subclasses do something at it.</summary>
internal class Metronome : EntityActor<Count>
{
    private readonly long _period;

    public Metronome(long period)
    {
        _period = period;
        State = new Count();
    }

    public long Ticks => State.Ticks;

    protected internal override void Start() => After(_period, Tick.Instance);

    protected internal override void Handle(EntityId sender, VirtualMessage message)
    {
        State.Ticks++;
        OnTick();
        After(_period, Tick.Instance);
    }

    protected virtual void OnTick()
    {
    }
}

/// <summary>A metronome that does what a test wants at its ticks.</summary>
internal sealed class Puppet(long period, Action<Puppet> act) : Metronome(period)
{
    public void Say(EntityId target, long delayPs) => Send(target, Tick.Instance, delayPs);

    public void Say(EntityId target, VirtualMessage message, long delayPs) => Send(target, message, delayPs);

    protected override void OnTick() => act(this);

    protected override object Answer(object query) => query is Func<Puppet, object> ask ? ask(this) : base.Answer(query);

    public static Topology Alone(Action<Puppet> act, long period = 10) => new(
        1, [new PartitionSpec("p", "p")], [], [new EntitySpec("puppet", 0, () => new Puppet(period, act))]);

    /// <summary>Two linked partitions: the puppet in the first, an idle one in the second.</summary>
    public static Topology Linked(Action<Puppet> act, long latency = 100) => new(
        1,
        [new PartitionSpec("left", "a"), new PartitionSpec("right", "b"), new PartitionSpec("far", "c")],
        [new LinkSpec("cable", 0, 1, latency)],
        [
            new EntitySpec("puppet", 0, () => new Puppet(10, act)),
            new EntitySpec("listener", 1, () => new Puppet(VirtualDuration.Second, static _ => { })),
            new EntitySpec("hermit", 2, () => new Puppet(VirtualDuration.Second, static _ => { })),
        ]);
}
