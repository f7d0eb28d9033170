using IoScale.Hardware.Nics;
using MemoryPack;

namespace IoScale.Hardware.Coalescing;

/// <summary>
/// Interrupt moderation of one vector: the least distance between two interrupts, and how it adapts. Intervals are what the NIC's register can hold;
/// longer ones than it holds are kept by a software timer, which <see cref="SoftwareTimer"/> tells.
/// </summary>
[MemoryPackable]
public sealed partial class Coalescer
{
    private const long NoInterrupt = -1;

    [MemoryPackInclude]
    private CoalescingSpec _spec = new(CoalescingPolicy.Fixed, 0, 0, 0, 0);

    [MemoryPackInclude]
    private long _stepPs;

    [MemoryPackInclude]
    private long _maxPs;

    [MemoryPackInclude]
    private int _buffers;

    [MemoryPackInclude]
    private long _intervalPs;

    [MemoryPackInclude]
    private bool _softwareTimer;

    [MemoryPackInclude]
    private long _lastPs = NoInterrupt;

    [MemoryPackInclude]
    private LatencyLevel _level = LatencyLevel.Low;

    [MemoryPackInclude]
    private long _rateHz;

    [MemoryPackInclude]
    private long _sampleStartPs;

    [MemoryPackInclude]
    private long _samplePackets;

    /// <param name="ringDescriptors">Receive descriptors of the driver: AIC's dd_bufs.</param>
    /// <param name="nowPs">When the vector comes into use; AIC's first sample starts here.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, or AIC's redundancy, buffers or lowest frequency is not positive.</exception>
    public Coalescer(CoalescingSpec spec, NicModel nic, int ringDescriptors, long nowPs = 0)
    {
        _spec = spec;
        _stepPs = Math.Max(1, nic.ModerationStepPs);
        _maxPs = nic.ModerationMaxPs;
        _sampleStartPs = nowPs;
        switch (spec.Policy)
        {
            case CoalescingPolicy.Fixed:
                ArgumentOutOfRangeException.ThrowIfNegative(spec.RateHz, nameof(spec));
                SetAtMost(spec.RateHz == 0 ? 0 : CoalescingConstants.PsPerSecond / spec.RateHz);
                break;
            case CoalescingPolicy.Aic:
                _buffers = Math.Min(spec.AicApplicationBuffers, ringDescriptors);
                ArgumentOutOfRangeException.ThrowIfLessThan(_buffers, 1, nameof(spec));
                ArgumentOutOfRangeException.ThrowIfLessThan(spec.AicRedundancyPercent, 1, nameof(spec));
                ArgumentOutOfRangeException.ThrowIfLessThan(spec.AicLowestHz, 1, nameof(spec));
                ArgumentOutOfRangeException.ThrowIfLessThan(spec.AicSamplePs, 1, nameof(spec));
                // Before the first sample, what the driver sets by itself.
                SetAtMost(CoalescingConstants.PsPerSecond / Math.Max(spec.AicLowestHz, Math.Max(1, nic.DefaultVfRateHz)));
                break;
            default:
                // Both drivers start in the middle (R-L).
                SetRate(TargetHz);
                break;
        }
    }

    [MemoryPackConstructor]
    private Coalescer()
    {
    }

    /// <summary>Least distance between two interrupts now; 0 for unmoderated.</summary>
    [MemoryPackIgnore]
    public long IntervalPs => _intervalPs;

    /// <summary>The interval is longer than the NIC can hold: a timer in the driver is assumed.</summary>
    [MemoryPackIgnore]
    public bool SoftwareTimer => _softwareTimer;

    /// <summary>Where a driver heuristic stands.</summary>
    [MemoryPackIgnore]
    public LatencyLevel Level => _level;

    private long TargetHz => (_spec.Policy, _level) switch
    {
        (CoalescingPolicy.IxgbeDynamic, LatencyLevel.Lowest) => CoalescingConstants.IxgbeLowestHz,
        (CoalescingPolicy.IxgbeDynamic, LatencyLevel.Low) => CoalescingConstants.IxgbeLowHz,
        (CoalescingPolicy.IxgbeDynamic, _) => CoalescingConstants.IxgbeBulkHz,
        (_, LatencyLevel.Lowest) => CoalescingConstants.IgbvfLowestHz,
        (_, LatencyLevel.Low) => CoalescingConstants.IgbvfLowHz,
        _ => CoalescingConstants.IgbvfBulkHz,
    };

    /// <summary>The earliest time, now or later, at which an interrupt may be raised.</summary>
    public long NextAllowedPs(long nowPs) => _lastPs == NoInterrupt ? nowPs : Math.Max(nowPs, _lastPs + _intervalPs);

    /// <summary>An interrupt is raised: notes its time and adapts the interval for the next.</summary>
    /// <param name="packets">Packets since the last interrupt.</param>
    /// <param name="bytes">Their bytes.</param>
    public void OnInterrupt(long nowPs, long packets, long bytes)
    {
        long elapsedPs = _lastPs == NoInterrupt ? Math.Max(_intervalPs, 1) : Math.Max(nowPs - _lastPs, 1);
        _lastPs = nowPs;
        switch (_spec.Policy)
        {
            case CoalescingPolicy.IxgbeDynamic:
                _level = DriverHeuristics.NextIxgbe(_level, bytes, elapsedPs);
                SetRate(DriverHeuristics.SmoothIxgbe(_rateHz, TargetHz));
                break;
            case CoalescingPolicy.IgbvfDynamic:
                _level = DriverHeuristics.NextIgbvf(_level, packets, bytes);
                SetRate(DriverHeuristics.SmoothIgbvf(_rateHz, TargetHz));
                break;
            case CoalescingPolicy.Aic:
                Sample(nowPs, packets);
                break;
        }
    }

    /// <summary>AIC: interval = bufs / (r * pps), at most 1 / lif.</summary>
    private void Sample(long nowPs, long packets)
    {
        _samplePackets += packets;
        long elapsedPs = nowPs - _sampleStartPs;
        if (elapsedPs < _spec.AicSamplePs)
        {
            return;
        }

        long longestPs = CoalescingConstants.PsPerSecond / _spec.AicLowestHz;
        if (_samplePackets > 0)
        {
            UInt128 intervalPs = (UInt128)(ulong)elapsedPs * (ulong)_buffers * 100 / ((ulong)_samplePackets * (UInt128)(ulong)_spec.AicRedundancyPercent);
            longestPs = intervalPs < (UInt128)(ulong)longestPs ? (long)intervalPs : longestPs;
        }

        SetAtMost(longestPs);
        _sampleStartPs = nowPs;
        _samplePackets = 0;
    }

    private void SetRate(long rateHz)
    {
        _rateHz = rateHz;
        SetAtMost(CoalescingConstants.PsPerSecond / rateHz);
        // A driver heuristic writes the register and knows no timer.
        _intervalPs = Math.Min(_intervalPs, _maxPs);
        _softwareTimer = false;
    }

    /// <summary>The register's value below the wish, as drivers compute it (ixgbe: 1e9 / (rate * 256), masked): the rate may be a little higher, never lower.</summary>
    private void SetAtMost(long ps) => Set(ps - ps % _stepPs, ps);

    private void Set(long registerPs, long exactPs)
    {
        _softwareTimer = registerPs > _maxPs;
        _intervalPs = _softwareTimer ? exactPs : registerPs;
    }
}
