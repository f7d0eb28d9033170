using IoScale.Actors.Assembly;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Messages;

namespace IoScale.Actors.Entities;

/// <summary>What the VM's applications send, and what they do with frames of flows whose sender waits for an answer.</summary>
public sealed partial class VmActor
{
    protected override void Emit(int flow, FlowSpec spec, int count)
    {
        State.Sent += count;
        State.Guest.Send(spec.FromVf, new OutgoingFrames(flow, count, spec.FrameBytes, Now));
    }

    /// <summary>
    /// The application has taken frames of a flow: it acknowledges them, answers them, or has got its answer. Acknowledgements are messages and not
    /// frames: what they cost both CPUs is part of the cost of a received frame, and they are never lost.
    /// </summary>
    /// <param name="sentPs">When they were sent.</param>
    private void Delivered(int index, int count, int frameBytes, long sentPs)
    {
        FlowWiring flow = Wiring.Flows[index];
        if (flow.IsResponse)
        {
            Responded(index, sentPs, count);
            return;
        }

        bool answers = flow.Spec.Transport == TransportKind.RequestResponse;
        if (answers)
        {
            Emit(flow.Partner, Wiring.Flows[flow.Partner].Spec, count);
        }
        else
        {
            State.Guest.Counters.DeliverByTcp(count, frameBytes);
        }

        SendInHost(flow.ToPort!.Value, new Acknowledge(index, count, sentPs, answers ? Now : 0));
    }
}
