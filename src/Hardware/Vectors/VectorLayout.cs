using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Vectors;

/// <summary>
/// Which of the 256 vectors an allocator hands out, and in what order it looks at them.
/// Sources: Xen of August 2009 before and after per-CPU vectors, Xen today (irq-vectors.h), Linux 2.6.32 (irq_vectors.h), Linux 5.10 (V); the slide's 191 (D, A).
/// </summary>
public sealed class VectorLayout
{
    /// <summary>
    /// First vector that Linux 2.6.32 keeps for itself unless told otherwise: 0xeb, the machine-check self-IPI, the lowest that a bare-metal SMP kernel registers (R-H).
    /// </summary>
    public const int DefaultFirstSystemVector = 0xeb;

    private static readonly VectorLayout Slide = new(0x20, 0xdf, 8, VectorBits.Of(0x82), default);
    private static readonly VectorLayout XenGlobal = new(0x20, 0xdf, 8, VectorBits.Of(0x80, 0x82), default);
    private static readonly VectorLayout XenPerCpu = new(0x20, 0xdf, 8, VectorBits.Of(0x20, 0x80, 0x82), default);
    private static readonly VectorLayout XenToday = new(0x20, 0xef, 8, VectorBits.Of(0x20, 0x21, 0x22, 0x30, 0x80, 0x82), VectorBits.Range(0x20, 0x2f));

    // The cascade 0x32, the cleanup vector 0x20 and int80; the ISA irqs hold 0x30-0x3f but the cascade on pCPU 0.
    private static readonly VectorLayout LinuxMatrix = new(0x20, 0xeb, 1, VectorBits.Of(0x20, 0x32, 0x80), VectorBits.Range(0x30, 0x3f));

    private VectorLayout(int first, int last, int stride, VectorBits never, VectorBits neverOnCpu0)
    {
        First = first;
        Last = last;
        Stride = stride;
        Never = never;
        NeverOnCpu0 = neverOnCpu0;
    }

    /// <summary>Lowest vector of the range.</summary>
    public int First { get; }

    /// <summary>Highest vector of the range, included.</summary>
    public int Last { get; }

    /// <summary>Distance between the vectors that the search looks at one after the other.</summary>
    public int Stride { get; }

    /// <summary>Vectors that no pCPU hands out.</summary>
    public VectorBits Never { get; }

    /// <summary>Vectors that pCPU 0 does not hand out in addition.</summary>
    public VectorBits NeverOnCpu0 { get; }

    /// <summary>The layout of an allocator.</summary>
    /// <param name="firstSystemVector">Linux 2.6.32 only: 0x42 to 0xfe.</param>
    public static VectorLayout For(VectorAllocatorKind kind, int firstSystemVector = DefaultFirstSystemVector)
    {
        switch (kind)
        {
            case VectorAllocatorKind.SlideGlobal:
                return Slide;
            case VectorAllocatorKind.Xen2009Global:
                return XenGlobal;
            case VectorAllocatorKind.Xen2009PerCpu:
                return XenPerCpu;
            case VectorAllocatorKind.Xen:
                return XenToday;
            case VectorAllocatorKind.Linux2632:
                ArgumentOutOfRangeException.ThrowIfLessThan(firstSystemVector, 0x42);
                ArgumentOutOfRangeException.ThrowIfGreaterThan(firstSystemVector, 0xfe);
                return new VectorLayout(0x41, firstSystemVector - 1, 8, VectorBits.Of(0x80), default);
            case VectorAllocatorKind.Linux:
                return LinuxMatrix;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "not an allocator");
        }
    }

    /// <summary>True when <paramref name="cpu"/> may hand out <paramref name="vector"/>.</summary>
    public bool Allows(int cpu, int vector) =>
        vector >= First && vector <= Last && !Never.Contains(vector) && !(cpu == 0 && NeverOnCpu0.Contains(vector));

    /// <summary>Number of vectors that <paramref name="cpu"/> can hand out when it is empty.</summary>
    public int CapacityOf(int cpu)
    {
        var count = 0;
        for (var vector = First; vector <= Last; vector++)
        {
            if (Allows(cpu, vector))
            {
                count++;
            }
        }

        return count;
    }
}
