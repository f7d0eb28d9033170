using IoScale.Actors.Assembly;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Pv;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Actors.Entities;

/// <summary>The PV path: what a guest's vif and netback tell each other, and dom0's bridge.</summary>
public sealed partial class VmActor
{
    // Frames for each shard that one step has bridged; empty between two events.
    private readonly List<VifTrain> _bridged = [];

    /// <summary>Handles what netback and other guests say.</summary>
    /// <returns>False for any other message.</returns>
    private bool HandlePv(VirtualMessage message)
    {
        GuestMachine guest = State.Guest;
        switch (message)
        {
            case VifReceived received:
                bool rx = guest.FrontReceived(
                    Array.ConvertAll(received.Trains, t => new FrameTrain(Now, 0, t.Count, t.FrameBytes, t.Flow, t.SentPs)), Now);
                SendInHost(ShardOf(received.Vif), new VifPushed(received.Vif, rx));
                return true;
            case VifAnswered answered:
                bool tx = guest.FrontAnswered(answered.Responses);
                SendInHost(ShardOf(answered.Vif), new VifPushed(answered.Vif, tx));
                return true;
            case VifTaken taken:
                LookAgain(taken.Vif, guest.Front!.Taken(taken.Requests, taken.Last));
                return true;
            case VifRxWanted wanted:
                LookAgain(wanted.Vif, guest.Front!.RxWanted(wanted.Used));
                return true;
            case VifEvent sent when _setup.Pv!.Dom0 is not null:
                guest.VifEvent(sent.Vif, Near(sent.PCpu));
                return true;
            case VifEvent sent:
                guest.VifNotified(Near(sent.PCpu));
                return true;
            case FrontTimer timer:
                if (timer.Generation == State.TimerGeneration)
                {
                    guest.FrontTimer();
                }

                return true;
            case SetNotification set:
                guest.SetNotification(new NotificationSpec((NotificationPolicy)set.Policy, set.RateHz));
                SendInHost(ShardOf(set.Vif), set);
                return true;
            case ShardToBridge frames:
                foreach (VifTrain train in frames.Trains)
                {
                    Bridge(train);
                }

                return true;
            case ShardReady ready:
                guest.ShardReady(ready.Shard);
                return true;
            case ShardPiece piece:
                int vcpu = piece.Shard % _spec.Pins.Count;
                Answer(vcpu, piece.Over
                    ? guest.EndRun(vcpu, piece.More, Now)
                    : guest.GivePiece(vcpu, new NetbackPiece(piece.Ps, (CpuCategory)piece.Category, piece.IsSend)));
                return true;
            case DeviceModelRequest request:
                guest.RequestDeviceModel(request.Vcpu, GuestMachine.ByIpi);
                return true;
            default:
                return false;
        }
    }

    private void ActPv(in GuestEffect effect)
    {
        switch (effect.Kind)
        {
            case GuestEffectKind.FrontPosted:
                SendInHost(ShardOf(_vif), new VifPosted(_vif, effect.Count));
                break;
            case GuestEffectKind.FrontTransmit:
                SendInHost(ShardOf(_vif), new VifTransmit(_vif, effect.Flow, effect.Count, effect.FrameBytes, effect.SentPs));
                break;
            case GuestEffectKind.FrontEvent:
                SendInHost(_host.Dom0!.Value, new VifEvent(_vif, effect.PCpu));
                break;
            case GuestEffectKind.FrontTimer:
                After(effect.SentPs, new FrontTimer(++State.TimerGeneration));
                break;
            case GuestEffectKind.VifLook:
                Send(ShardOf(effect.Nic), new VifLook(effect.Nic), 0);
                break;
            case GuestEffectKind.VifSent:
                Send(ShardOf(effect.Nic), new VifSent(effect.Nic, effect.Count), 0);
                break;
            case GuestEffectKind.Bridged:
                _bridged.Add(new VifTrain(
                    Wiring.Flows[effect.Flow].ToVif, VifFrames.FromNic, effect.Flow, effect.Count, effect.FrameBytes, effect.SentPs));
                break;
            case GuestEffectKind.DeviceModelAnswer:
                SendInHost(_host.Vcpus[effect.Vcpu].Vm, new DeviceModelDone(effect.Vcpu));
                break;
            default:
                Send(_host.Shards[effect.Nic], new ShardDone(effect.Nic, State.Guest.Vcpus[effect.Nic % _spec.Pins.Count].PCpu), 0);
                break;
        }
    }

    /// <summary>Frames that a guest sent: to another vif of the host, whose bridge joins its ports, or out of the NIC.</summary>
    private void Bridge(VifTrain train)
    {
        VifWiring from = _host.Vifs[train.Vif];
        FlowWiring flow = Wiring.Flows[train.Flow];
        if (flow.ToVif >= 0 && flow.ToVif < _host.Vifs.Count && _host.Vifs[flow.ToVif].Port == flow.ToPort)
        {
            _bridged.Add(train with { Vif = flow.ToVif, From = train.Vif });
        }
        else
        {
            FrameTrain frames = new(Now, 0, train.Count, train.FrameBytes, train.Flow, train.SentPs);
            State.Guest.Bridge(from.Queue, new VifFrames(train.Vif, train.Vif, frames));
        }
    }

    /// <summary>Frames that one step has bridged go to their shards, one message each.</summary>
    private void FlushBridge()
    {
        while (_bridged.Count > 0)
        {
            int shard = _host.Vifs[_bridged[0].Vif].Shard;
            Send(_host.Shards[shard], new BridgeToShard([.. _bridged.Where(t => _host.Vifs[t.Vif].Shard == shard)]), 0);
            _bridged.RemoveAll(t => _host.Vifs[t.Vif].Shard == shard);
        }
    }

    private void LookAgain(int vif, bool requests)
    {
        if (requests)
        {
            SendInHost(ShardOf(vif), new VifLook(vif));
        }
    }

    private EntityId ShardOf(int vif) => _host.Shards[_host.Vifs[vif].Shard];

    private int Near(int pcpu) => _host.SocketOf(pcpu) == _spec.HomeSocket ? pcpu : GuestMachine.ByIpi;
}
