using IoScale.Actors.Assembly;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>State of the switch between hosts.</summary>
[MemoryPackable]
public sealed partial class FabricState
{
    public long Forwarded { get; set; }
}

/// <summary>The switch between the hosts' ports: sends each train on to the wire of its destination's port. Never blocks inside; queues form at the wires.</summary>
public sealed class FabricActor : WiredActor<FabricState>
{
    private readonly long _latencyPs;

    /// <param name="latencyPs">One-way latency between the switch and each host.</param>
    public FabricActor(Wiring wiring, long latencyPs)
        : base(wiring)
    {
        _latencyPs = latencyPs;
        State = new FabricState();
    }

    protected override void Handle(EntityId sender, VirtualMessage message)
    {
        switch (message)
        {
            case Frames frames:
                State.Forwarded += frames.Count;
                Send(Wiring.Flows[frames.Flow].ToWire!.Value, frames with { FirstPs = frames.FirstPs + _latencyPs }, _latencyPs);
                break;
            case Acknowledge acknowledge:
                Send(Wiring.Flows[acknowledge.Flow].FromPort!.Value, acknowledge, _latencyPs);
                break;
            case MeasureStart:
                break;
            default:
                throw new InvalidOperationException($"the fabric does not understand {message.GetType().Name}");
        }
    }
}
