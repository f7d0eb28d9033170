namespace IoScale.Hardware.Msi;

/// <summary>Delivery mode of an interrupt message (PCI and Intel SDM encodings).</summary>
public enum MsiDelivery
{
    Fixed = 0,
    LowestPriority = 1,
    Smi = 2,
    Nmi = 4,
    Init = 5,
    ExtInt = 7,
}

/// <summary>
/// A message-signalled interrupt: the write a device makes to 0xFEEx_xxxx. Address bit 4 tells the two formats apart:
/// <see cref="CompatibilityFields"/> names the destination itself, <see cref="RemappableFields"/> an entry of the remapping table.
/// </summary>
public readonly record struct MsiMessage(ulong Address, uint Data)
{
    /// <summary>Address bits 31:20 of every interrupt message.</summary>
    public const ulong AddressBase = 0xfee0_0000;

    /// <summary>True when the address is one that interrupts are written to.</summary>
    public bool IsInterrupt => (Address & ~0xf_ffffUL) == AddressBase;

    /// <summary>Address bit 4: the remappable format.</summary>
    public bool IsRemappable => (Address & 0x10) != 0;

    public static MsiMessage From(CompatibilityFields fields) => new(
        AddressBase | (ulong)fields.Destination << 12 | (fields.RedirectionHint ? 8UL : 0) | (fields.Logical ? 4UL : 0),
        fields.Vector | (uint)fields.Delivery << 8 | (fields.Assert ? 1u << 14 : 0) | (fields.Level ? 1u << 15 : 0));

    public static MsiMessage From(RemappableFields fields) => new(
        AddressBase | (ulong)(fields.Handle & 0x7fff) << 5 | 0x10 | (fields.SubhandleValid ? 8UL : 0) | (ulong)(fields.Handle >> 15) << 2,
        fields.SubhandleValid ? fields.Subhandle : 0u);

    /// <summary>The fields as the compatibility format reads them.</summary>
    public CompatibilityFields ToCompatibility() => new(
        (byte)(Address >> 12),
        (Address & 4) != 0,
        (Address & 8) != 0,
        (byte)Data,
        (MsiDelivery)(Data >> 8 & 7),
        (Data & 1u << 14) != 0,
        (Data & 1u << 15) != 0);

    /// <summary>The fields as the remappable format reads them.</summary>
    public RemappableFields ToRemappable()
    {
        bool valid = (Address & 8) != 0;
        return new RemappableFields(
            (ushort)((Address >> 5 & 0x7fff) | (Address >> 2 & 1) << 15),
            valid,
            valid ? (ushort)Data : (ushort)0);
    }
}

/// <summary>Address and data of a message that names its destination.</summary>
/// <param name="Destination">APIC id, or logical id with <paramref name="Logical"/>.</param>
/// <param name="RedirectionHint">The message may be redirected to the least busy of several destinations.</param>
/// <param name="Assert">Level assert; set in every message that Xen and Linux compose.</param>
/// <param name="Level">Level-triggered; devices' messages are edge-triggered in practice.</param>
public readonly record struct CompatibilityFields(
    byte Destination,
    bool Logical,
    bool RedirectionHint,
    byte Vector,
    MsiDelivery Delivery = MsiDelivery.Fixed,
    bool Assert = true,
    bool Level = false);

/// <summary>Address and data of a message that names an entry of the interrupt remapping table.</summary>
/// <param name="SubhandleValid">The table index is handle + subhandle: several messages of one block.</param>
public readonly record struct RemappableFields(ushort Handle, bool SubhandleValid, ushort Subhandle)
{
    /// <summary>Index into the remapping table, 0 to 131070.</summary>
    public int Index => SubhandleValid ? Handle + Subhandle : Handle;
}
