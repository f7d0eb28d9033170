using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Bench.Phold;

/// <summary>The entity actor, written as the model's are: its state is one record.</summary>
internal sealed class PholdActor : EntityActor<PholdState>
{
    private readonly PholdModel _model;

    public PholdActor(PholdModel model)
    {
        _model = model;
        State = new PholdState { Random = Stream("phold") };
    }

    /// <summary>Entities in equal parts on partitions that are linked each with each.</summary>
    public static Topology Topology(PholdModel model, int partitions, ulong seed) => new(
        seed,
        [.. Enumerable.Range(0, partitions).Select(i => new PartitionSpec($"p{i}", $"p{i}"))],
        [
            .. from a in Enumerable.Range(0, partitions)
               from b in Enumerable.Range(a + 1, partitions - a - 1)
               select new LinkSpec($"{a}-{b}", a, b, PholdModel.Lookahead),
        ],
        [.. Enumerable.Range(0, model.Entities).Select(i => new EntitySpec($"{i}", i * partitions / model.Entities, () => new PholdActor(model)))]);

    protected internal override void Start() => Throw();

    protected internal override void Handle(EntityId sender, VirtualMessage message) => Throw();

    private void Throw()
    {
        int target = _model.Next(ref State.Random, Id.Value, out long delay);
        Send(new EntityId(target), Ball.Instance, delay);
    }
}

/// <summary>State of <see cref="PholdActor"/>.</summary>
[MemoryPackable]
internal sealed partial class PholdState
{
    public RandomStream Random;
}
