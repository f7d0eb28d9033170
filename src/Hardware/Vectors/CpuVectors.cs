using IoScale.Hardware.Platform;
using MemoryPack;

namespace IoScale.Hardware.Vectors;

/// <summary>
/// The 256-entry vector table of one pCPU. The pCPU's actor owns it; the hypervisor knows of it what <see cref="Answer"/> tells.
/// An entry holds the irq at the vector or a free mark (Xen's: the bitwise not of the irq that was freed there, or never used).
/// </summary>
[MemoryPackable]
public sealed partial class CpuVectors
{
    private const int NeverUsed = int.MinValue;

    [MemoryPackInclude]
    private int _cpu;
    [MemoryPackInclude]
    private VectorAllocatorKind _kind;
    [MemoryPackInclude]
    private int _firstSystemVector;
    [MemoryPackInclude]
    private int[] _entries = [];
    [MemoryPackInclude]
    private VectorBits _watched;
    [MemoryPackInclude]
    private VectorBits _retired;
    [MemoryPackInclude]
    private VectorBits _retiredManaged;
    [MemoryPackInclude]
    private MatrixMap? _matrix;
    [MemoryPackIgnore]
    private VectorLayout? _layout;

    /// <summary>The empty table of pCPU <paramref name="cpu"/>.</summary>
    /// <param name="firstSystemVector">Linux 2.6.32 only: 0x42 to 0xfe.</param>
    public CpuVectors(VectorAllocatorKind kind, int cpu, int firstSystemVector = VectorLayout.DefaultFirstSystemVector)
    {
        _kind = kind;
        _cpu = cpu;
        _firstSystemVector = firstSystemVector;
        _entries = new int[256];
        Array.Fill(_entries, NeverUsed);
        _matrix = kind == VectorAllocatorKind.Linux ? NewMatrix(Layout) : null;
    }

    /// <summary>Linux: a table over a matrix map of other bounds than a PC's.</summary>
    internal CpuVectors(int cpu, MatrixMap matrix)
        : this(VectorAllocatorKind.Linux, cpu)
    {
        _matrix = matrix;
    }

    [MemoryPackConstructor]
    private CpuVectors()
    {
    }

    /// <summary>Number of this pCPU.</summary>
    [MemoryPackIgnore]
    public int Cpu => _cpu;

    /// <summary>Entries that hold an irq, retired ones included.</summary>
    [MemoryPackIgnore]
    public int Used
    {
        get
        {
            var used = 0;
            foreach (var entry in _entries)
            {
                used += entry >= 0 ? 1 : 0;
            }

            return used;
        }
    }

    /// <summary>Vectors that wait for the cleanup interrupt.</summary>
    [MemoryPackIgnore]
    public VectorBits Retired => _retired;

    /// <summary>Linux: the matrix counters; zeros for every other allocator.</summary>
    [MemoryPackIgnore]
    public MatrixCounts Counts => _matrix?.Counts ?? default;

    private VectorLayout Layout => _layout ??= VectorLayout.For(_kind, _firstSystemVector);

    /// <summary>The irq at a vector, or -1.</summary>
    public int Owner(int vector) => _entries[vector] >= 0 ? _entries[vector] : -1;

    /// <summary>Linux: true when the matrix counts the vector as allocated on this pCPU.</summary>
    public bool IsAllocated(int vector) => _matrix?.IsAllocated(vector) ?? _entries[vector] >= 0;

    /// <summary>An interrupt is taken at <paramref name="vector"/>: which irq it is, and whether the hypervisor asked to hear of it.</summary>
    /// <param name="irq">The irq, or -1: nobody owns the vector, the interrupt is spurious.</param>
    /// <returns>True when this interrupt is to be reported; only the first one after each <see cref="VectorAsk.Watch"/> is.</returns>
    public bool Take(int vector, out int irq)
    {
        irq = Owner(vector);
        if (!_watched.Contains(vector))
        {
            return false;
        }

        _watched.Clear(vector);
        return true;
    }

    /// <summary>Answers one question of the hypervisor and changes the table accordingly.</summary>
    public VectorReply Answer(in VectorRequest request)
    {
        switch (request.Ask)
        {
            case VectorAsk.Propose:
                return Propose(request);
            case VectorAsk.TryClaim:
                return TryClaim(request);
            case VectorAsk.Install:
                Set(request.Vector, request.Irq, request.Watch);
                return Grant(request, request.Vector);
            case VectorAsk.Release:
                return Release(request);
            case VectorAsk.Forget:
                return _matrix?.Free(request.Vector, request.Managed) ?? true ? Grant(request, request.Vector) : Warn(request);
            case VectorAsk.Watch:
                if (Owner(request.Vector) == request.Irq)
                {
                    _watched.Set(request.Vector);
                }

                return Grant(request, request.Vector);
            case VectorAsk.Retire:
                return Retire(request);
            case VectorAsk.Online:
                Array.Fill(_entries, NeverUsed);
                _watched = default;
                _retired = default;
                _matrix?.Online();
                return Grant(request, 0);
            case VectorAsk.Offline:
                _matrix?.Offline();
                return Grant(request, 0);
            default:
                return AnswerMatrix(request);
        }
    }

    /// <summary>Linux: marks a system vector.</summary>
    /// <returns>False, and nothing changed, when it is to replace an allocation that does not exist.</returns>
    internal bool MarkSystem(int vector, bool replace)
    {
        if (_matrix is not { } matrix || !matrix.MarkSystem(vector, replace))
        {
            return false;
        }

        if (replace)
        {
            Erase(vector);
        }

        return true;
    }

    /// <summary>
    /// The cleanup interrupt: erases every retired entry with nothing pending at its vector. The replies go to the hypervisor.
    /// </summary>
    /// <param name="requested">The local APIC's IRR.</param>
    /// <returns>True when a retired vector is still pending in the IRR: the interrupt must be sent to this pCPU again.</returns>
    public bool Cleanup(in VectorBits requested, List<VectorReply> replies)
    {
        var resend = false;
        for (var vector = _retired.NextMember(0); vector >= 0; vector = vector == 255 ? -1 : _retired.NextMember(vector + 1))
        {
            if (requested.Contains(vector))
            {
                resend = true;
                continue;
            }

            var irq = Owner(vector);
            var freed = _matrix?.Free(vector, _retiredManaged.Contains(vector)) ?? true;
            Erase(vector);
            replies.Add(new VectorReply(VectorAsk.Retire, _cpu, irq, vector, 0, Erased: true, Warned: !freed, Counts));
        }

        return resend;
    }
}
