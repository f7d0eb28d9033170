using IoScale.Actors.Assembly;
using IoScale.VirtualTime;

namespace IoScale.Actors.Entities;

/// <summary>An entity that knows the wiring.</summary>
public abstract class WiredActor<TState>(Wiring wiring) : EntityActor<TState>
    where TState : class
{
    protected Wiring Wiring { get; } = wiring;

    /// <summary>The state, for reading at a border.</summary>
    public TState Current => State;

    /// <summary>Sends within the host: what crosses to another socket takes the interconnect's latency on top.</summary>
    protected void SendInHost(EntityId target, VirtualMessage message, long delayPs = 0)
    {
        bool near = Wiring.PartitionOf[target.Value] == Wiring.PartitionOf[Id.Value];
        Send(target, message, near ? delayPs : delayPs + Wiring.CrossSocketPs);
    }
}
