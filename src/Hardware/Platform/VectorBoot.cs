using IoScale.Hardware.Vectors;

namespace IoScale.Hardware.Platform;

/// <summary>
/// How a host's interrupts ask for vectors: the same for a run, which asks pCPU by pCPU in messages, and for a check, which asks on the spot.
/// Platform devices first, then the functions in <see cref="FunctionList"/>'s order, each function's vectors one after the other.
/// </summary>
public static class VectorBoot
{
    /// <summary>irqs below are the legacy ISA ones.</summary>
    public const int FirstIrq = 16;

    /// <summary>
    /// Asks for a vector for an irq. Xen gives one on the lowest pCPU that has room; Linux promises one and takes it where the device is, if it can.
    /// The answer is the outcome of <see cref="VectorOp.Assign"/> or <see cref="VectorOp.Activate"/>.
    /// </summary>
    /// <param name="socket">Socket of the device.</param>
    public static void Ask(HypervisorVectors vectors, HostSpec host, int irq, int socket)
    {
        CpuMask all = CpuMask.FirstCpus(host.PCpus);
        if (host.Allocator == VectorAllocatorKind.Linux)
        {
            vectors.Reserve(irq, all);
            vectors.Activate(irq, NodeOf(host, socket));
        }
        else
        {
            vectors.Assign(irq, all);
        }
    }

    private static CpuMask NodeOf(HostSpec host, int socket)
    {
        int perSocket = host.PCpus / host.Sockets;
        CpuMask node = CpuMask.None;
        for (int pcpu = socket * perSocket; pcpu < (socket + 1) * perSocket; pcpu++)
        {
            node = node.With(pcpu);
        }

        return node;
    }
}
