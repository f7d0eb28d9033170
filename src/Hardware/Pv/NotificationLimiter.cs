using MemoryPack;

namespace IoScale.Hardware.Pv;

/// <summary>Limits how often netback notifies one netfront. A notification that comes too early is kept and sent when its time has come; more of them become one.</summary>
[MemoryPackable]
public sealed partial class NotificationLimiter
{
    /// <summary>"Never" in times.</summary>
    public const long Never = long.MaxValue;

    private const long NotYet = -1;
    private const long SecondPs = 1_000_000_000_000;

    [MemoryPackInclude]
    private long _pausePs;

    [MemoryPackInclude]
    private long _lastPs = NotYet;

    [MemoryPackInclude]
    private bool _deferred;

    /// <param name="rateHz">Most notifications a second; 0: no limit.</param>
    public NotificationLimiter(int rateHz) => SetRate(rateHz);

    [MemoryPackConstructor]
    private NotificationLimiter()
    {
    }

    /// <summary>When the notification that is kept has to be sent; never when none is.</summary>
    [MemoryPackIgnore]
    public long DuePs => _deferred ? NextPs : Never;

    private long NextPs => _lastPs == NotYet ? 0 : _lastPs + _pausePs;

    /// <summary>Sets another rate; it holds from the last notification on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative rate.</exception>
    public void SetRate(int rateHz)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rateHz);
        _pausePs = rateHz == 0 ? 0 : (SecondPs + rateHz - 1) / rateHz;
    }

    /// <summary>A notification is wanted.</summary>
    /// <returns>It may be sent now; otherwise it is kept until <see cref="DuePs"/>.</returns>
    public bool TrySend(long nowPs)
    {
        if (nowPs < NextPs)
        {
            _deferred = true;
            return false;
        }

        _deferred = false;
        _lastPs = nowPs;
        return true;
    }

    /// <summary>Sends the notification that is kept, if there is one and its time has come.</summary>
    public bool TrySendDeferred(long nowPs) => _deferred && TrySend(nowPs);
}
