using IoScale.Hardware.Numbers;
using MemoryPack;

namespace IoScale.Hardware.Pv;

/// <summary>
/// A netback shard: the transmit and the receive tasklet of the vifs that it serves, or the thread that does the work of both (Linux 2.6.32 for Xen, netback; V).
/// It works in pieces: <see cref="TryNext"/> says what comes next and for how long, <see cref="Finish"/> that it is over.
/// Frames of one sender and of one receiver keep their order.
/// </summary>
[MemoryPackable]
public sealed partial class NetbackShard
{
    /// <summary>Slots of one receive batch, and transmit requests that may be under way (MAX_PENDING_REQS; V).</summary>
    public const int BatchSlots = 256;

    /// <summary>Frames that wait behind the bridge while a vif's ring has no request (V).</summary>
    public const int QdiscLength = 32;

    private enum Stage
    {
        None,
        Notify,
        RxPrepare,
        RxCopy,
        TxMap,
        TxPrepare,
        TxBridge,
    }

    // By number of the vif in the host; null for vifs of other shards.
    [MemoryPackInclude]
    private NetbackVif?[] _vifs = [];

    [MemoryPackInclude]
    private Stage _stage;

    [MemoryPackInclude]
    private List<VifFrames> _batch = [];

    [MemoryPackInclude]
    private int _batchFrames;

    [MemoryPackInclude]
    private Queue<VifFrames> _rx = new();

    // Frames of the first train of the queue that an earlier batch took.
    [MemoryPackInclude]
    private int _rxTaken;

    [MemoryPackInclude]
    private Queue<int> _scheduled = new();

    [MemoryPackInclude]
    private Queue<int> _answers = new();

    [MemoryPackInclude]
    private Queue<int> _notifications = new();

    [MemoryPackInclude]
    private int _pending;

    [MemoryPackInclude]
    private bool _receivedLast;

    [MemoryPackIgnore]
    private NetbackCosts _costs = null!;

    // vifs of a batch, in order of their first frame.
    [MemoryPackIgnore]
    private readonly List<int> _turns = [];

    [MemoryPackIgnore]
    private readonly List<NetbackEffect> _effects = [];

    /// <param name="vifs">For each vif of the host: this shard serves it.</param>
    public NetbackShard(NetbackCosts costs, ReadOnlySpan<bool> vifs)
    {
        _costs = costs;
        _vifs = new NetbackVif[vifs.Length];
        for (int i = 0; i < vifs.Length; i++)
        {
            _vifs[i] = vifs[i] ? new NetbackVif() : null;
        }
    }

    [MemoryPackConstructor]
    private NetbackShard()
    {
    }

    /// <summary>Frames carried, both directions.</summary>
    [MemoryPackInclude]
    public long Frames { get; private set; }

    /// <summary>Events sent to guests.</summary>
    [MemoryPackInclude]
    public long EventsSent { get; private set; }

    /// <summary>Time that the shard's own work took: netback and grants.</summary>
    [MemoryPackInclude]
    public long BusyPs { get; private set; }

    /// <summary>What the last calls caused outside; the caller clears it.</summary>
    [MemoryPackIgnore]
    public List<NetbackEffect> Effects => _effects;

    /// <summary>Transmit requests under way: taken and not released.</summary>
    [MemoryPackIgnore]
    public int Pending => _pending;

    /// <summary>There is something to do.</summary>
    [MemoryPackIgnore]
    public bool HasWork =>
        _stage != Stage.None || _answers.Count > 0 || _notifications.Count > 0 || _rx.Count > 0 || (_scheduled.Count > 0 && _pending < BatchSlots);

    /// <summary>A batch is being worked on, or its notifications have not been sent: a run of the tasklet does not end here.</summary>
    [MemoryPackIgnore]
    public bool IsInRun => _stage != Stage.None || _notifications.Count > 0;

    /// <summary>When the next notification that a rate limit holds back is due; never when there is none.</summary>
    [MemoryPackIgnore]
    public long NotificationDuePs
    {
        get
        {
            long due = NotificationLimiter.Never;
            foreach (NetbackVif? vif in _vifs)
            {
                due = vif is null ? due : Math.Min(due, vif.Limiter.DuePs);
            }

            return due;
        }
    }

    /// <summary>Gives a restored shard its costs back.</summary>
    public void Attach(NetbackCosts costs) => _costs = costs;

    /// <summary>A vif of this shard, by its number in the host.</summary>
    /// <exception cref="ArgumentException">The shard does not serve it.</exception>
    public NetbackVif Vif(int vif) => _vifs[vif] ?? throw new ArgumentException($"netback shard does not serve vif {vif}", nameof(vif));

    /// <summary>Frames that the shard holds: queued, and in the batch at work.</summary>
    public long HeldFrames()
    {
        long held = _batchFrames - _rxTaken;
        foreach (VifFrames frames in _rx)
        {
            held += frames.Train.Count;
        }

        foreach (NetbackVif? vif in _vifs)
        {
            held += vif is null ? 0 : vif.QdiscFrames + vif.TxFrames;
        }

        return held;
    }

    /// <summary>Frames that found no request and a full queue.</summary>
    public long DroppedFrames()
    {
        long dropped = 0;
        foreach (NetbackVif? vif in _vifs)
        {
            dropped += vif?.Dropped ?? 0;
        }

        return dropped;
    }

    /// <summary>Sets how often a vif's guest may be notified.</summary>
    /// <param name="rateHz">Most notifications a second; 0: no limit.</param>
    public void SetRate(int vif, int rateHz) => Vif(vif).Limiter.SetRate(rateHz);

    /// <summary>The ring says that the guest has to be told of what was pushed: at once, or when its rate limit allows.</summary>
    public void WantNotification(int vif, long nowPs)
    {
        if (Vif(vif).Limiter.TrySend(nowPs))
        {
            QueueNotification(vif);
        }
    }

    /// <summary>Lets notifications go that rate limits have held back up to now.</summary>
    public void ReleaseNotifications(long nowPs)
    {
        for (int i = 0; i < _vifs.Length; i++)
        {
            if (_vifs[i] is { } vif && vif.Limiter.DuePs <= nowPs && vif.Limiter.TrySendDeferred(nowPs))
            {
                QueueNotification(i);
            }
        }
    }

    /// <summary>The guest's event has come: it has posted requests, for receiving or sending.</summary>
    public void Notified(int vif)
    {
        NetbackVif state = Vif(vif);
        if (state.Stopped)
        {
            Restart(vif, state);
        }

        if (!state.Scheduled && state.TxFrames > 0)
        {
            state.Scheduled = true;
            _scheduled.Enqueue(vif);
        }
    }

    /// <summary>Pushes the responses to frames that have been sent. No time passes: unmapping is part of the map's cost.</summary>
    public void Answer()
    {
        while (_answers.TryDequeue(out int vif))
        {
            NetbackVif state = Vif(vif);
            _effects.Add(new NetbackEffect(NetbackEffectKind.Answered, vif, state.TxDone));
            state.TxDone = 0;
        }
    }

    /// <summary>
    /// The next piece of work: notifications first, the rest of a batch, then batches of received and of sent frames in turn.
    /// </summary>
    /// <returns>False when there is nothing to do.</returns>
    public bool TryNext(out NetbackPiece piece)
    {
        if (_stage == Stage.None)
        {
            Begin();
        }

        piece = _stage switch
        {
            Stage.None => default,
            Stage.Notify => new NetbackPiece(_costs.SendPs, CpuCategory.EventChannel, true),
            Stage.RxCopy => new NetbackPiece(CopyPs(), CpuCategory.GrantCopy, false),
            Stage.TxMap => new NetbackPiece(_batchFrames * _costs.MapPs, CpuCategory.GrantCopy, false),
            Stage.TxBridge => new NetbackPiece(_batchFrames * _costs.BridgePs, CpuCategory.Dom0Other, false),
            _ => new NetbackPiece(_batchFrames * _costs.FramePs, CpuCategory.Netback, false),
        };
        return _stage != Stage.None;
    }

    /// <summary>The piece is over.</summary>
    public void Finish()
    {
        TryNext(out NetbackPiece piece);
        BusyPs += piece.Category is CpuCategory.Netback or CpuCategory.GrantCopy ? piece.Ps : 0;
        switch (_stage)
        {
            case Stage.Notify:
                int vif = _notifications.Dequeue();
                Vif(vif).NotificationWaits = false;
                EventsSent++;
                _effects.Add(new NetbackEffect(NetbackEffectKind.Notified, vif));
                _stage = Stage.None;
                break;
            case Stage.RxPrepare:
                _stage = Stage.RxCopy;
                break;
            case Stage.TxMap:
                _stage = Stage.TxPrepare;
                break;
            case Stage.TxPrepare:
                _stage = Stage.TxBridge;
                break;
            case Stage.RxCopy:
                HandOver(NetbackEffectKind.ToGuest);
                break;
            case Stage.TxBridge:
                HandOver(NetbackEffectKind.ToBridge);
                break;
            default:
                throw new InvalidOperationException("no piece of work is under way");
        }
    }

    private void Begin()
    {
        bool canSend = _scheduled.Count > 0 && _pending < BatchSlots;
        if (_notifications.Count > 0)
        {
            _stage = Stage.Notify;
        }
        else if (_rx.Count > 0 && !(_receivedLast && canSend))
        {
            _receivedLast = true;
            BeginReceive();
        }
        else if (canSend)
        {
            _receivedLast = false;
            BeginTransmit();
        }
    }

    private void QueueNotification(int vif)
    {
        NetbackVif state = Vif(vif);
        if (!state.NotificationWaits)
        {
            state.NotificationWaits = true;
            _notifications.Enqueue(vif);
        }
    }
}
