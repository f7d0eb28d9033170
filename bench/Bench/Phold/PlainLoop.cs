using IoScale.VirtualTime;
using IoScale.VirtualTime.Queues;

namespace IoScale.Bench.Phold;

/// <summary>The yardstick: the same queue and model code, plain objects, and nothing else: no actors, no digest, no checks.</summary>
internal sealed class PlainLoop
{
    private readonly EventQueue _queue = new();
    private readonly PlainEntity[] _entities;
    private long _now;

    public PlainLoop(PholdModel model, ulong seed)
    {
        _entities = new PlainEntity[model.Entities];
        for (int i = 0; i < _entities.Length; i++)
        {
            _entities[i] = new PlainPhold(this, model, i, RandomStream.Create(seed, $"p0/{i}", "phold"));
        }

        foreach (PlainEntity entity in _entities)
        {
            entity.Start();
        }
    }

    public long EventsHandled { get; private set; }

    public void RunUntil(long end)
    {
        while (_queue.TryTake(end, out EventKey key, out VirtualMessage message))
        {
            _queue.PrefetchNext(_entities);
            _now = key.Time;
            EventsHandled++;
            _entities[key.Target].Handle(EventKey.SenderOf(key.Origin), message);
        }
    }

    private abstract class PlainEntity(PlainLoop loop, int id)
    {
        protected int Id { get; } = id;

        private ulong _origin = EventKey.FirstOrigin(new EntityId(id));

        public abstract void Start();

        public abstract void Handle(EntityId sender, VirtualMessage message);

        protected void Send(int target, VirtualMessage message, long delay) =>
            loop._queue.Push(loop._now + delay, _origin++, target, message);
    }

    private sealed class PlainPhold(PlainLoop loop, PholdModel model, int id, RandomStream random) : PlainEntity(loop, id)
    {
        private RandomStream _random = random;

        public override void Start() => Throw();

        public override void Handle(EntityId sender, VirtualMessage message) => Throw();

        private void Throw()
        {
            int target = model.Next(ref _random, Id, out long delay);
            Send(target, Ball.Instance, delay);
        }
    }
}
