using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;

namespace IoScale.Nodes.Checking;

/// <summary>A host's vectors while it boots: irqs numbered as they come, asked for the way a run asks.</summary>
internal sealed class VectorPlacement
{
    private readonly HostSpec _host;
    private readonly VectorAllocator _allocator;
    private readonly int[] _perPCpu;
    private int _irq = VectorBoot.FirstIrq;

    public VectorPlacement(HostSpec host)
    {
        _host = host;
        _allocator = VectorAllocator.Online(host.Allocator, host.Destination, host.PCpus);
        _perPCpu = new int[host.PCpus];
        Capacity = VectorModel.HostCapacity(host.Allocator, host.Destination, host.PCpus);
    }

    /// <summary>Device vectors of the empty host.</summary>
    public int Capacity { get; }

    public int Assigned { get; private set; }

    /// <summary>Vectors by pCPU; one that occupies several counts on the lowest.</summary>
    public IReadOnlyList<int> PerPCpu => _perPCpu;

    /// <summary>Asks for a vector for the next irq of a device.</summary>
    /// <param name="socket">Socket of the device.</param>
    public bool TryAssign(int socket)
    {
        int irq = _irq++;
        VectorBoot.Ask(_allocator.Host, _host, irq, socket);
        VectorOutcome outcome = _allocator.Run();
        if (outcome.Rc != VectorErrors.Ok)
        {
            _allocator.Free(irq);
            return false;
        }

        _perPCpu[Math.Max(0, outcome.Cpus.First)]++;
        Assigned++;
        return true;
    }
}
