using MemoryPack;

namespace IoScale.Hardware.Pv;

/// <summary>
/// Smart polling: netfront looks at the ring at a fixed rate while there is traffic, and a flag in the page keeps netback silent meanwhile (Linux 2.6.32 for Xen,
/// netfront and netback; V).
/// </summary>
[MemoryPackable]
public sealed partial class SmartPoll
{
    /// <summary>netfront decides ten times a second whether to go on.</summary>
    public const int WindowsPerSecond = 10;

    private const long SecondPs = 1_000_000_000_000;

    [MemoryPackInclude]
    private int _rateHz;

    [MemoryPackInclude]
    private bool _flag;

    [MemoryPackInclude]
    private bool _timerRuns;

    [MemoryPackInclude]
    private int _ticks;

    [MemoryPackInclude]
    private bool _traffic;

    /// <param name="rateHz">Looks a second, at least 1.</param>
    public SmartPoll(int rateHz) => SetRate(rateHz);

    [MemoryPackConstructor]
    private SmartPoll()
    {
    }

    /// <summary>The page's smartpoll_active: netfront polls, netback need not notify.</summary>
    [MemoryPackIgnore]
    public bool IsActive => _flag;

    /// <summary>netfront's timer has been started and has not fired.</summary>
    [MemoryPackIgnore]
    public bool TimerRuns => _timerRuns;

    /// <summary>From a start of the timer to its firing.</summary>
    [MemoryPackIgnore]
    public long PeriodPs => SecondPs / _rateHz;

    private int WindowTicks => Math.Max(1, _rateHz / WindowsPerSecond);

    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public void SetRate(int rateHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rateHz, 1);
        _rateHz = rateHz;
        _ticks = 0;
    }

    /// <summary>netback has produced responses.</summary>
    /// <returns>It has to notify; the next time it need not.</returns>
    public bool Produced()
    {
        bool notify = !_flag;
        _flag = true;
        return notify;
    }

    /// <summary>netfront is notified, and starts its timer.</summary>
    /// <returns>The timer starts. Where it ran already, the next responses are notified too.</returns>
    public bool Notified() => StartTimer();

    /// <summary>netfront's timer fires: it looks at the ring now.</summary>
    public void Fired() => _timerRuns = false;

    /// <summary>netfront has looked at the ring after its timer fired.</summary>
    /// <param name="traffic">It found responses.</param>
    /// <returns>The timer starts again. Otherwise netfront waits for a notification.</returns>
    public bool Looked(bool traffic)
    {
        _traffic |= traffic;
        _ticks++;
        if (_ticks >= WindowTicks)
        {
            _ticks = 0;
            if (!_traffic)
            {
                _flag = false;
                return false;
            }

            _traffic = false;
        }

        return _flag && StartTimer();
    }

    /// <summary>Polling is given up: a timer that runs is stopped, and netback notifies again.</summary>
    public void Stop()
    {
        _flag = false;
        _timerRuns = false;
        _ticks = 0;
        _traffic = false;
    }

    private bool StartTimer()
    {
        if (_timerRuns)
        {
            // A timer started twice keeps its first time; were the flag left set, nobody would tell of what comes between.
            _flag = false;
            return false;
        }

        _timerRuns = true;
        return true;
    }
}
