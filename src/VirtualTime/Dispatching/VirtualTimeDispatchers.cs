using Akka.Actor;

namespace IoScale.VirtualTime.Dispatching;

/// <summary>
/// The dispatchers of an actor system, rented to runs. Akka can register a dispatcher but not forget one, so that a new one for each run would pile up
/// in a system that lives long.
/// </summary>
internal sealed class VirtualTimeDispatchers : IExtension
{
    private readonly ExtendedActorSystem _system;
    private readonly Stack<VirtualTimeDispatcher> _free = new();
    private int _made;

    private VirtualTimeDispatchers(ExtendedActorSystem system) => _system = system;

    public static VirtualTimeDispatchers Of(ActorSystem system) =>
        system.WithExtension<VirtualTimeDispatchers, Provider>();

    public VirtualTimeDispatcher Rent()
    {
        lock (_free)
        {
            if (_free.TryPop(out VirtualTimeDispatcher? dispatcher))
            {
                return dispatcher;
            }

            string id = $"ioscale-virtual-time-{_made++}";
            VirtualTimeDispatcherConfigurator configurator = new(_system.Dispatchers.Prerequisites, id);
            _system.Dispatchers.RegisterConfigurator(id, configurator);
            return configurator.Instance;
        }
    }

    public void Return(VirtualTimeDispatcher dispatcher)
    {
        dispatcher.Worker = null;
        lock (_free)
        {
            _free.Push(dispatcher);
        }
    }

    internal sealed class Provider : ExtensionIdProvider<VirtualTimeDispatchers>
    {
        public override VirtualTimeDispatchers CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
