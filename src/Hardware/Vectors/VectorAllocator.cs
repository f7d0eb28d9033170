using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Vectors;

/// <summary>
/// A host's vectors in one object: the hypervisor's half and every pCPU's table, with no time between question and answer. For the static check and for replay; in an
/// emulation the same halves talk by messages.
/// </summary>
public sealed class VectorAllocator
{
    private readonly CpuVectors[] _tables;

    /// <summary>A host with all pCPUs offline.</summary>
    /// <param name="cpus">pCPUs, 1 to <see cref="CpuMask.MaxCpus"/>; at most 8 in flat mode.</param>
    /// <param name="firstSystemVector">Linux 2.6.32 only: 0x42 to 0xfe.</param>
    public VectorAllocator(
        VectorAllocatorKind kind, DestinationMode destination, int cpus, int firstSystemVector = VectorLayout.DefaultFirstSystemVector)
    {
        Host = new HypervisorVectors(kind, destination, cpus, firstSystemVector);
        _tables = new CpuVectors[cpus];
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            _tables[cpu] = new CpuVectors(kind, cpu, firstSystemVector);
        }
    }

    /// <summary>The hypervisor's half.</summary>
    public HypervisorVectors Host { get; }

    /// <summary>The tables, by pCPU.</summary>
    public IReadOnlyList<CpuVectors> Tables => _tables;

    /// <summary>A host with all pCPUs online.</summary>
    public static VectorAllocator Online(
        VectorAllocatorKind kind, DestinationMode destination, int cpus, int firstSystemVector = VectorLayout.DefaultFirstSystemVector)
    {
        var allocator = new VectorAllocator(kind, destination, cpus, firstSystemVector);
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            allocator.Host.BringOnline(cpu);
        }

        allocator.Run();
        return allocator;
    }

    /// <summary>Gives <paramref name="irq"/> a vector on one of <paramref name="mask"/>, or moves it there at once.</summary>
    public VectorOutcome Assign(int irq, CpuMask mask)
    {
        Host.Assign(irq, mask);
        return Run();
    }

    /// <summary>Gives up the irq's vectors.</summary>
    public VectorOutcome Free(int irq)
    {
        Host.Free(irq);
        return Run();
    }

    /// <summary>Runs the cleanup interrupt on a pCPU.</summary>
    /// <param name="requested">The local APIC's IRR.</param>
    /// <param name="resend">True when it must run again: something is pending at a retired vector.</param>
    /// <returns>Entries erased.</returns>
    public int Cleanup(int cpu, in VectorBits requested, out bool resend)
    {
        var replies = new List<VectorReply>();
        resend = _tables[cpu].Cleanup(requested, replies);
        foreach (var reply in replies)
        {
            Host.Digest(reply);
        }

        Run();
        return replies.Count;
    }

    /// <summary>Carries questions and answers until nothing is left to ask.</summary>
    /// <returns>The last outcome; with <see cref="VectorOutcome.Rc"/> 0 and no irq when there was none.</returns>
    public VectorOutcome Run()
    {
        var last = new VectorOutcome(VectorOp.FirstInterrupt, -1, -1, VectorErrors.Ok, false, -1, CpuMask.None, false);
        while (Host.TryNextRequest(out var request))
        {
            Host.Digest(_tables[request.Cpu].Answer(request));
        }

        while (Host.TryNextOutcome(out var outcome))
        {
            last = outcome;
        }

        return last;
    }
}
