using IoScale.Hardware.Platform;
using MemoryPack;

namespace IoScale.Hardware.Pv;

/// <summary>The two rings of a vif and the way its guest is notified: the pages that netfront and netback share, kept where the guest is.</summary>
[MemoryPackable]
public sealed partial class Netfront
{
    [MemoryPackInclude]
    private NotificationPolicy _policy;

    [MemoryPackInclude]
    private long _delivered;

    public Netfront(NotificationSpec notification) => SetNotification(notification);

    [MemoryPackConstructor]
    private Netfront()
    {
    }

    /// <summary>Frames to the guest: it posts buffers, netback answers with frames.</summary>
    public SharedRing Rx { get; set; } = new();

    /// <summary>Frames from the guest.</summary>
    public SharedRing Tx { get; set; } = new();

    public SmartPoll Poll { get; set; } = new(1);

    /// <summary>netfront looks at the ring by a timer.</summary>
    [MemoryPackIgnore]
    public bool Polls => _policy == NotificationPolicy.NetfrontPoll;

    /// <summary>Changes the policy. Where polling ends, netfront has to look at the rings once more: netback kept silent until now.</summary>
    public void SetNotification(NotificationSpec notification)
    {
        _policy = notification.Policy;
        if (Polls)
        {
            Poll.SetRate(notification.RateHz);
        }
        else
        {
            Poll.Stop();
        }
    }

    /// <summary>netback has pushed responses with frames.</summary>
    /// <returns>The guest has to be notified.</returns>
    public bool Received(int frames)
    {
        Rx.TakeRequests(frames);
        _delivered += frames;
        return Produced(Rx.PushResponses(frames));
    }

    /// <summary>netback has answered transmit requests.</summary>
    /// <returns>The guest has to be notified.</returns>
    public bool Answered(int frames) => Produced(Tx.PushResponses(frames));

    /// <summary>netback has taken transmit requests.</summary>
    /// <param name="last">It found no more, and wants to be told of the next.</param>
    /// <returns>There are more: it has to look again.</returns>
    public bool Taken(int frames, bool last)
    {
        Tx.TakeRequests(frames);
        return last && Tx.FinalCheckForRequests();
    }

    /// <summary>netback has no receive request left, and wants to be told of the next.</summary>
    /// <param name="used">Requests that frames have taken since the vif went up, those not copied yet included.</param>
    /// <returns>There are more: it has to look again.</returns>
    public bool RxWanted(long used) => Rx.FinalCheckForRequests((int)(used - _delivered));

    private bool Produced(bool wanted) => Polls ? Poll.Produced() : wanted;
}
