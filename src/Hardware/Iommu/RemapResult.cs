using IoScale.Hardware.Msi;

namespace IoScale.Hardware.Iommu;

/// <summary>What the IOMMU did with an interrupt request.</summary>
public enum RemapStatus
{
    /// <summary>Passed on as the device wrote it: remapping is off, or a permitted compatibility-format request.</summary>
    Passed,

    /// <summary>Delivered as the table entry says.</summary>
    Remapped,

    /// <summary>To be posted into the entry's descriptor.</summary>
    Posted,

    /// <summary>Blocked with a fault: the interrupt is lost.</summary>
    Blocked,
}

/// <summary>Fault reasons of interrupt remapping, as VT-d numbers them.</summary>
public enum RemapFault
{
    None = 0,

    /// <summary>Reserved bits in the request.</summary>
    ReservedInRequest = 0x20,

    /// <summary>Index beyond the table.</summary>
    IndexBeyondTable = 0x21,

    /// <summary>Entry not present.</summary>
    NotPresent = 0x22,

    /// <summary>Reserved bits in a present entry.</summary>
    ReservedInEntry = 0x24,

    /// <summary>Compatibility-format request while those are blocked.</summary>
    CompatibilityBlocked = 0x25,

    /// <summary>The requester's id does not pass the entry's source validation.</summary>
    SourceMismatch = 0x26,
}

/// <summary>Result of one interrupt request.</summary>
/// <param name="Destination">APIC id, 8 bits in xAPIC mode and 32 bits in x2APIC mode.</param>
/// <param name="Index">Table index; -1 when the request named none.</param>
/// <param name="Looked">The entry was looked up; then <paramref name="CacheHit"/> tells where it was found, and so what it cost.</param>
/// <param name="Stale">The cached entry used differs from the table: the interrupt may go to the old target.</param>
/// <param name="Logged">A fault that was recorded; false when the entry's FPD bit suppressed it.</param>
public readonly record struct RemapResult(
    RemapStatus Status,
    byte Vector = 0,
    uint Destination = 0,
    bool Logical = false,
    bool RedirectionHint = false,
    MsiDelivery Delivery = MsiDelivery.Fixed,
    bool Level = false,
    bool Urgent = false,
    ulong Descriptor = 0,
    int Index = -1,
    bool Looked = false,
    bool CacheHit = false,
    bool Stale = false,
    RemapFault Fault = RemapFault.None,
    bool Logged = false);
