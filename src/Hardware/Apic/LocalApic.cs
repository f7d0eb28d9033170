using MemoryPack;

namespace IoScale.Hardware.Apic;

/// <summary>
/// The interrupt state of a local APIC: requests (IRR), services (ISR), trigger modes (TMR) and the priorities that decide between them.
/// A pCPU's physical APIC and a vCPU's virtual one are the same machine. Source: Intel SDM volume 3, chapter on the APIC.
/// A vector has at most two interrupts outstanding, one requested and one in service.
/// </summary>
[MemoryPackable]
public sealed partial class LocalApic
{
    /// <summary>Lowest vector that can be delivered; 16 to 31 are legal though reserved for exceptions.</summary>
    public const int LowestLegalVector = 16;

    /// <summary>"No vector" in results.</summary>
    public const int None = -1;

    [MemoryPackInclude]
    private VectorBitmap _irr;

    [MemoryPackInclude]
    private VectorBitmap _isr;

    [MemoryPackInclude]
    private VectorBitmap _tmr;

    [MemoryPackInclude]
    private byte _tpr;

    [MemoryPackInclude]
    private ApicErrors _errors;

    /// <summary>Task priority register.</summary>
    [MemoryPackIgnore]
    public byte Tpr
    {
        get => _tpr;
        set => _tpr = value;
    }

    /// <summary>Processor priority: the TPR, unless a vector of a higher class is in service; then that class.</summary>
    [MemoryPackIgnore]
    public byte Ppr
    {
        get
        {
            int service = Math.Max(_isr.Highest, 0);
            return (_tpr & 0xf0) >= (service & 0xf0) ? _tpr : (byte)(service & 0xf0);
        }
    }

    /// <summary>Highest vector requested (IRRV), or -1.</summary>
    [MemoryPackIgnore]
    public int HighestRequested => _irr.Highest;

    /// <summary>Highest vector in service (ISRV), or -1.</summary>
    [MemoryPackIgnore]
    public int HighestInService => _isr.Highest;

    /// <summary>The vector that <see cref="Dispatch"/> would start now, or -1: the highest requested, if its class is above the processor's priority class.</summary>
    [MemoryPackIgnore]
    public int HighestDeliverable
    {
        get
        {
            int vector = _irr.Highest;
            return vector >= 0 && (vector & 0xf0) > (Ppr & 0xf0) ? vector : None;
        }
    }

    /// <summary>Vectors requested.</summary>
    [MemoryPackIgnore]
    public int RequestedCount => _irr.Count;

    /// <summary>Vectors in service.</summary>
    [MemoryPackIgnore]
    public int InServiceCount => _isr.Count;

    /// <summary>Errors noted since <see cref="TakeErrors"/>.</summary>
    [MemoryPackIgnore]
    public ApicErrors Errors => _errors;

    /// <summary>Priority class of a vector, 0 to 15.</summary>
    public static int PriorityClass(int vector) => vector >> 4;

    public bool IsRequested(int vector) => _irr.Contains(vector);

    public bool IsInService(int vector) => _isr.Contains(vector);

    /// <summary>Trigger mode noted with the vector's last request.</summary>
    public bool IsLevel(int vector) => _tmr.Contains(vector);

    /// <summary>Takes an interrupt in.</summary>
    /// <param name="vector">0 to 255; 0 to 15 are refused and noted as an error.</param>
    /// <param name="level">Level-triggered; noted in the TMR, also when the request merges with an earlier one.</param>
    public AcceptResult Accept(int vector, bool level = false)
    {
        if (vector < LowestLegalVector)
        {
            _errors |= ApicErrors.ReceiveIllegalVector;
            return AcceptResult.IllegalVector;
        }

        bool added = _irr.Add(vector);
        if (level)
        {
            _tmr.Add(vector);
        }
        else
        {
            _tmr.Remove(vector);
        }

        return added ? AcceptResult.Accepted : AcceptResult.Merged;
    }

    /// <summary>Starts service of the highest deliverable vector: IRR bit to ISR bit.</summary>
    /// <returns>The vector, or -1 when none is deliverable.</returns>
    public int Dispatch()
    {
        int vector = HighestDeliverable;
        if (vector >= 0)
        {
            _irr.Remove(vector);
            _isr.Add(vector);
        }

        return vector;
    }

    /// <summary>Ends service of the highest vector in service.</summary>
    public EoiResult Eoi()
    {
        int vector = _isr.Highest;
        if (vector < 0)
        {
            return new EoiResult(None, false);
        }

        _isr.Remove(vector);
        return new EoiResult(vector, _tmr.Contains(vector));
    }

    /// <summary>Notes that an IPI with this vector cannot be sent.</summary>
    /// <returns>True when the vector may be sent.</returns>
    public bool CheckSend(int vector)
    {
        if (vector >= LowestLegalVector)
        {
            return true;
        }

        _errors |= ApicErrors.SendIllegalVector;
        return false;
    }

    /// <summary>Reads and clears the errors.</summary>
    public ApicErrors TakeErrors()
    {
        ApicErrors errors = _errors;
        _errors = ApicErrors.None;
        return errors;
    }

    /// <summary>Withdraws a request that was not dispatched, as when its vector is given to another interrupt.</summary>
    /// <returns>True when there was one.</returns>
    public bool Withdraw(int vector) => _irr.Remove(vector);
}
