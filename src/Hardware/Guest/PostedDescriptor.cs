using IoScale.Hardware.Apic;
using MemoryPack;

namespace IoScale.Hardware.Guest;

/// <summary>What posting an interrupt leads to.</summary>
public enum PostResult
{
    /// <summary>The vector's bit was set already.</summary>
    Merged,

    /// <summary>A notification is under way already, or the vCPU is preempted: the bit waits for the next entry.</summary>
    Suppressed,

    /// <summary>Interrupt the pCPU with the notification vector: the vCPU runs there.</summary>
    Notify,

    /// <summary>Interrupt the pCPU with the wake-up vector: the vCPU is blocked there.</summary>
    WakeUp,
}

/// <summary>
/// A vCPU's posted-interrupt descriptor: requests (PIR), outstanding notification (ON), suppress notification (SN), notification vector (NV). The
/// destination (NDST) is the pCPU that the vCPU is on. Source: VT-d specification; Xen vmx.c for who sets what when.
/// </summary>
[MemoryPackable]
public sealed partial class PostedDescriptor
{
    [MemoryPackInclude]
    private VectorBitmap _requests;

    /// <summary>ON: a notification has been sent and not been seen.</summary>
    [MemoryPackInclude]
    public bool Outstanding { get; private set; }

    /// <summary>SN: the vCPU is preempted though runnable.</summary>
    [MemoryPackInclude]
    public bool Suppressed { get; private set; }

    /// <summary>NV is the wake-up vector: the vCPU is blocked.</summary>
    [MemoryPackInclude]
    public bool WakesUp { get; private set; } = true;

    /// <summary>Requests that have not been moved to the virtual APIC.</summary>
    [MemoryPackIgnore]
    public int Count => _requests.Count;

    /// <summary>The IOMMU posts a vector.</summary>
    public PostResult Post(int vector)
    {
        if (!_requests.Add(vector))
        {
            return PostResult.Merged;
        }

        if (Suppressed || Outstanding)
        {
            return PostResult.Suppressed;
        }

        Outstanding = true;
        return WakesUp ? PostResult.WakeUp : PostResult.Notify;
    }

    /// <summary>The vCPU runs: notifications go to it.</summary>
    public void ScheduledIn()
    {
        Suppressed = false;
        WakesUp = false;
    }

    /// <summary>The vCPU has lost its pCPU and is runnable.</summary>
    public void Preempted() => Suppressed = true;

    /// <summary>The vCPU has nothing to do: the next request wakes it.</summary>
    public void Blocked() => WakesUp = true;

    /// <summary>Takes the highest request for the virtual APIC, or -1; the notification has been seen.</summary>
    public int TakeNext()
    {
        Outstanding = false;
        int vector = _requests.Highest;
        if (vector >= 0)
        {
            _requests.Remove(vector);
        }

        return vector;
    }
}
