using IoScale.Actors.Assembly;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Pv;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>State of a netback shard.</summary>
[MemoryPackable]
public sealed partial class NetbackShardState
{
    public NetbackShard Shard { get; set; } = null!;

    /// <summary>dom0 knows that there is work.</summary>
    public bool Announced { get; set; }

    /// <summary>dom0's vCPU waits for the next piece of work.</summary>
    public bool Asked { get; set; }

    /// <summary>It asked for the first piece of a run.</summary>
    public bool MayBegin { get; set; }

    /// <summary>Pushes for which the ring has not said yet whether to notify.</summary>
    public int Pushes { get; set; }

    /// <summary>When the current timer for notifications is due; never when none runs.</summary>
    public long TimerPs { get; set; } = VirtualDuration.Never;

    public int TimerGeneration { get; set; }

    public long FramesBefore { get; set; }

    public long BusyPsBefore { get; set; }

    /// <summary>Frames of each vif of the host lost before the measured window.</summary>
    public long[] DroppedBefore { get; set; } = [];
}

/// <summary>
/// A netback shard: moves frames between dom0's bridge and the rings of its vifs. It has no CPU of its own: dom0's vCPU asks it for pieces of work. Whether a
/// push of responses needs a notification is decided where the ring is, at the guest, so a run waits for these answers before it goes on.
/// </summary>
public sealed class NetbackShardActor : WiredActor<NetbackShardState>
{
    private readonly HostWiring _host;
    private readonly int _shard;
    private readonly NetbackCosts _costs;

    public NetbackShardActor(Wiring wiring, HostWiring host, int shard, NetbackCosts costs)
        : base(wiring)
    {
        _host = host;
        _shard = shard;
        _costs = costs;
        State = new NetbackShardState { Shard = new NetbackShard(costs, [.. host.Vifs.Select(v => v.Shard == shard)]) };
        for (int vif = 0; vif < host.Vifs.Count; vif++)
        {
            if (host.Vifs[vif].Shard == shard)
            {
                State.Shard.SetRate(vif, RateOf(host.Vifs[vif].Notification.Policy, host.Vifs[vif].Notification.RateHz));
            }
        }
    }

    protected override void OnRestored() => State.Shard.Attach(_costs);

    protected override void Handle(EntityId sender, VirtualMessage message)
    {
        NetbackShard shard = State.Shard;
        switch (message)
        {
            case BridgeToShard frames:
                foreach (VifTrain train in frames.Trains)
                {
                    shard.FromBridge(train.Vif, train.From, new FrameTrain(Now, 0, train.Count, train.FrameBytes, train.Flow, train.SentPs));
                }

                break;
            case VifTransmit frames:
                shard.FromGuest(frames.Vif, new FrameTrain(Now, 0, frames.Count, frames.FrameBytes, frames.Flow, frames.SentPs));
                break;
            case VifPosted posted:
                shard.PostReceive(posted.Vif, posted.Requests);
                break;
            case VifLook look:
                shard.Notified(look.Vif);
                break;
            case VifSent sent:
                shard.Sent(sent.Vif, sent.Slots);
                break;
            case VifPushed pushed:
                State.Pushes--;
                if (pushed.Notify)
                {
                    shard.WantNotification(pushed.Vif, Now);
                }

                break;
            case AskShard ask:
                State.Asked = true;
                State.MayBegin = ask.Begin;
                shard.Answer();
                break;
            case ShardDone done:
                shard.Finish();
                shard.Answer();
                Act(done.PCpu);
                break;
            case NotificationDue due:
                if (due.Generation == State.TimerGeneration)
                {
                    State.TimerPs = VirtualDuration.Never;
                    shard.ReleaseNotifications(Now);
                }

                break;
            case SetNotification set:
                shard.SetRate(set.Vif, RateOf((NotificationPolicy)set.Policy, set.RateHz));
                break;
            case MeasureStart:
                State.FramesBefore = shard.Frames;
                State.BusyPsBefore = shard.BusyPs;
                State.DroppedBefore = [.. _host.Vifs.Select((v, i) => v.Shard == _shard ? shard.Vif(i).Dropped : 0)];
                break;
            default:
                throw new InvalidOperationException($"netback does not understand {message.GetType().Name}");
        }

        Act(-1);
        Tell();
        SetTimer();
    }

    private static int RateOf(NotificationPolicy policy, int rateHz) => policy == NotificationPolicy.NetbackRate ? rateHz : 0;

    /// <summary>Answers dom0's vCPU that waits, or tells dom0 that there is work.</summary>
    private void Tell()
    {
        NetbackShard shard = State.Shard;
        if (State.Asked && State.Pushes == 0)
        {
            State.Asked = false;
            NetbackPiece piece = default;
            bool over = !(shard.IsInRun || State.MayBegin) || !shard.TryNext(out piece);
            State.Announced = !over || shard.HasWork;
            Act(-1);
            Send(
                _host.Dom0!.Value,
                new ShardPiece(_shard, over, over && State.Announced, piece.Ps, (int)piece.Category, piece.IsSend),
                0);
        }
        else if (!State.Announced && shard.HasWork)
        {
            State.Announced = true;
            Send(_host.Dom0!.Value, new ShardReady(_shard), 0);
        }
    }

    private void SetTimer()
    {
        long due = State.Shard.NotificationDuePs;
        if (due < VirtualDuration.Never && due != State.TimerPs)
        {
            State.TimerPs = Math.Max(due, Now);
            After(State.TimerPs - Now, new NotificationDue(++State.TimerGeneration));
        }
    }

    /// <summary>Turns what the shard caused into messages.</summary>
    /// <param name="pcpu">pCPU that did the work.</param>
    private void Act(int pcpu)
    {
        List<NetbackEffect> effects = State.Shard.Effects;
        foreach (NetbackEffect effect in effects)
        {
            VifWiring vif = _host.Vifs[effect.Vif];
            switch (effect.Kind)
            {
                case NetbackEffectKind.ToGuest:
                    State.Pushes++;
                    SendInHost(vif.Vm, new VifReceived(effect.Vif, TrainsOf(effect)));
                    break;
                case NetbackEffectKind.Taken:
                    SendInHost(vif.Vm, new VifTaken(effect.Vif, effect.Count, effect.Flag));
                    break;
                case NetbackEffectKind.Answered:
                    State.Pushes++;
                    SendInHost(vif.Vm, new VifAnswered(effect.Vif, effect.Count));
                    break;
                case NetbackEffectKind.RxWanted:
                    SendInHost(vif.Vm, new VifRxWanted(effect.Vif, effect.Used));
                    break;
                case NetbackEffectKind.ToBridge:
                    Send(_host.Dom0!.Value, new ShardToBridge(TrainsOf(effect)), 0);
                    break;
                case NetbackEffectKind.Released:
                    Send(_host.Shards[vif.Shard], new VifSent(effect.Vif, effect.Count), 0);
                    break;
                default:
                    SendInHost(vif.Vm, new VifEvent(effect.Vif, pcpu));
                    break;
            }
        }

        effects.Clear();
    }

    private static VifTrain[] TrainsOf(NetbackEffect effect) =>
        Array.ConvertAll(effect.Trains!, t => new VifTrain(effect.Vif, effect.Vif, t.FlowId, t.Count, t.FrameBytes, t.SentPs));
}
