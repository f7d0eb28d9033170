using IoScale.Hardware.Msi;

namespace IoScale.Hardware.Iommu;

/// <summary>Which of the requester's id an entry checks (VT-d SVT).</summary>
public enum SourceValidation
{
    None = 0,

    /// <summary>Compare with the entry's source id, as far as the qualifier says.</summary>
    SourceId = 1,

    /// <summary>The requester's bus must lie in [source id 15:8, source id 7:0].</summary>
    BusRange = 2,
}

/// <summary>
/// One entry of the interrupt remapping table, 128 bits (VT-d specification). A posted entry names a posted-interrupt descriptor
/// instead of a destination.
/// </summary>
/// <param name="FaultProcessingDisabled">FPD: faults that concern this entry are not recorded.</param>
/// <param name="Destination">32-bit APIC id; in xAPIC mode the 8-bit id sits in bits 15:8.</param>
/// <param name="SourceQualifier">SQ: 0 all 16 bits, 1 ignores bit 2, 2 ignores bits 2:1, 3 ignores bits 2:0.</param>
/// <param name="Available">4 bits for software.</param>
/// <param name="Urgent">Posted: notify even when the descriptor suppresses notifications.</param>
/// <param name="Descriptor">Posted: address of the descriptor, 64-byte aligned.</param>
public readonly record struct Irte(
    bool Present,
    bool FaultProcessingDisabled,
    bool Posted,
    bool Logical,
    bool RedirectionHint,
    bool Level,
    MsiDelivery Delivery,
    byte Available,
    byte Vector,
    uint Destination,
    ushort SourceId,
    byte SourceQualifier,
    SourceValidation SourceValidation,
    bool Urgent = false,
    ulong Descriptor = 0)
{
    /// <summary>Bits 31:24 always; bits 14:12 of a remapped entry; bits 13:12 and 7:2 and 37:32 of a posted one.</summary>
    private const ulong RemappedReserved = 0xff00_7000;
    private const ulong PostedReserved = 0x0000_003f_ff00_30fc;

    /// <summary>A present, remapped, edge-triggered, fixed entry as Xen and Linux write it.</summary>
    public static Irte Remapped(byte vector, uint destination, bool logical, ushort sourceId) => new(
        true, false, false, logical, !logical, false, MsiDelivery.Fixed, 0, vector, destination, sourceId, 0, SourceValidation.SourceId);

    /// <summary>A present, posted entry as Xen and Linux write it.</summary>
    /// <param name="vector">The vCPU's vector.</param>
    /// <param name="descriptor">Address of the vCPU's descriptor, 64-byte aligned.</param>
    public static Irte ToDescriptor(byte vector, ulong descriptor, ushort sourceId) => new(
        true, false, true, false, false, false, MsiDelivery.Fixed, 0, vector, 0, sourceId, 0, SourceValidation.SourceId, Descriptor: descriptor);

    /// <summary>Reads an entry's 128 bits.</summary>
    public static Irte Decode(IrteBits bits)
    {
        (ulong low, ulong high) = bits;
        bool posted = (low & 1 << 15) != 0;
        return new Irte(
            (low & 1) != 0,
            (low & 2) != 0,
            posted,
            !posted && (low & 4) != 0,
            !posted && (low & 8) != 0,
            !posted && (low & 16) != 0,
            posted ? MsiDelivery.Fixed : (MsiDelivery)(low >> 5 & 7),
            (byte)(low >> 8 & 0xf),
            (byte)(low >> 16),
            posted ? 0 : (uint)(low >> 32),
            (ushort)high,
            (byte)(high >> 16 & 3),
            (SourceValidation)(high >> 18 & 3),
            posted && (low & 1 << 14) != 0,
            posted ? (low >> 38 << 6) | (high >> 32 << 32) : 0);
    }

    /// <summary>True when bits that must be zero are not, or the source validation type is the reserved one.</summary>
    public static bool HasReservedBits(IrteBits bits)
    {
        (ulong low, ulong high) = bits;
        bool posted = (low & 1 << 15) != 0;
        bool highReserved = (posted ? high & 0xfff0_0000 : high >> 20) != 0;
        return (low & (posted ? PostedReserved : RemappedReserved)) != 0 || highReserved || (high >> 18 & 3) == 3;
    }

    /// <summary>The entry as the table holds it.</summary>
    public IrteBits Encode()
    {
        ulong low = (Present ? 1UL : 0) | (FaultProcessingDisabled ? 2UL : 0) | (ulong)(Available & 0xf) << 8 | (ulong)Vector << 16;
        ulong high = SourceId | (ulong)(SourceQualifier & 3) << 16 | (ulong)SourceValidation << 18;
        if (Posted)
        {
            low |= 1UL << 15 | (Urgent ? 1UL << 14 : 0) | (Descriptor >> 6 & 0x3ff_ffff) << 38;
            high |= Descriptor >> 32 << 32;
        }
        else
        {
            low |= (Logical ? 4UL : 0) | (RedirectionHint ? 8UL : 0) | (Level ? 16UL : 0) | (ulong)Delivery << 5 | (ulong)Destination << 32;
        }

        return new IrteBits(low, high);
    }

    /// <summary>Whether a request from this requester may use the entry.</summary>
    public bool Admits(ushort requester)
    {
        switch (SourceValidation)
        {
            case SourceValidation.SourceId:
                int ignored = SourceQualifier switch { 0 => 0, 1 => 0b100, 2 => 0b110, _ => 0b111 };
                return ((requester ^ SourceId) & ~ignored) == 0;
            case SourceValidation.BusRange:
                int bus = requester >> 8;
                return bus >= SourceId >> 8 && bus <= (SourceId & 0xff);
            default:
                return true;
        }
    }
}

/// <summary>The 128 bits of a remapping table entry.</summary>
public readonly record struct IrteBits(ulong Low, ulong High);
