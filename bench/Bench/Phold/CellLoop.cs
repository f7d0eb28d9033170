using Akka.Actor;
using IoScale.VirtualTime;
using IoScale.VirtualTime.Queues;

namespace IoScale.Bench.Phold;

/// <summary>The plain loop, but each event goes through the cell of an ordinary actor, as a dispatcher would deliver it.</summary>
internal sealed class CellLoop
{
    private readonly EventQueue _queue = new();
    private readonly ActorCell[] _cells;
    private long _now;

    public CellLoop(ActorSystem system, PholdModel model, ulong seed)
    {
        _cells = new ActorCell[model.Entities];
        IActorRef[] actors = new IActorRef[model.Entities];
        for (int i = 0; i < actors.Length; i++)
        {
            int id = i;
            actors[i] = system.ActorOf(Props.CreateBy(new Producer(() => new CellPhold(this, model, id, RandomStream.Create(seed, $"p0/{id}", "phold")))));
        }

        for (int i = 0; i < actors.Length; i++)
        {
            // Answered: the actor is there and its mailbox is idle.
            actors[i].Ask<ActorIdentity>(new Identify(null)).Wait();
            _cells[i] = (ActorCell)((ActorRefWithCell)actors[i]).Underlying;
            Invoke(i);
        }
    }

    public long EventsHandled { get; private set; }

    public void RunUntil(long end)
    {
        while (_queue.TryTake(end, out EventKey key, out _))
        {
            _now = key.Time;
            EventsHandled++;
            Invoke(key.Target);
        }
    }

    private void Invoke(int target) => _cells[target].Invoke(new Envelope(Ball.Instance, ActorRefs.NoSender));

    private sealed class Producer(Func<ActorBase> create) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ActorBase);

        public ActorBase Produce() => create();

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class CellPhold(CellLoop loop, PholdModel model, int id, RandomStream random) : UntypedActor
    {
        private ulong _origin = EventKey.FirstOrigin(new EntityId(id));
        private RandomStream _random = random;

        protected override void OnReceive(object message)
        {
            int target = model.Next(ref _random, id, out long delay);
            loop._queue.Push(loop._now + delay, _origin++, target, Ball.Instance);
        }
    }
}
