namespace IoScale.Hardware.Apic;

/// <summary>What became of an interrupt that reached a local APIC.</summary>
public enum AcceptResult
{
    /// <summary>Its IRR bit was set.</summary>
    Accepted,

    /// <summary>Its IRR bit was set already: one delivery stands for both.</summary>
    Merged,

    /// <summary>Vectors 0 to 15 are not delivered; the error is noted in the ESR.</summary>
    IllegalVector,
}

/// <summary>Bits of the error status register that this model can raise (Intel SDM, local APIC error handling).</summary>
[Flags]
public enum ApicErrors
{
    None = 0,

    /// <summary>An IPI with an illegal vector was to be sent.</summary>
    SendIllegalVector = 1 << 5,

    /// <summary>An interrupt with an illegal vector was received.</summary>
    ReceiveIllegalVector = 1 << 6,
}

/// <summary>What an EOI ended.</summary>
/// <param name="Vector">The vector whose service ended; -1 when nothing was in service, which is no error.</param>
/// <param name="Level">Its TMR bit: the EOI has to be broadcast to the IO-APICs.</param>
public readonly record struct EoiResult(int Vector, bool Level);
