using IoScale.Hardware.Platform;

namespace IoScale.Nodes.Checking;

/// <summary>
/// Boots a host in thought: platform vectors first, then function by function in boot order, each vector through VF pool, MSI-X table,
/// remapping table and the same allocator that a run uses.
/// </summary>
internal static class HostCheck
{
    /// <summary>Everything about a host.</summary>
    public static HostBudget Of(HostSpec host) => Boot(host, stopAtRefusal: false);

    /// <summary>Whether every driver gets every vector.</summary>
    public static bool Fits(HostSpec host) => Boot(host, stopAtRefusal: true).Fits;

    private static HostBudget Boot(HostSpec host, bool stopAtRefusal)
    {
        IReadOnlyList<HostFunction> functions = FunctionList.Of(host);
        VectorPlacement vectors = new(host);
        int[] entries = new int[host.Sockets];
        FirstRefusal? first = null;
        for (int i = 0; i < host.PlatformVectors && !(stopAtRefusal && first is not null); i++)
        {
            bool granted = vectors.TryAssign(0);
            first ??= granted ? null : new FirstRefusal("platform", i, host.PlatformVectors, "device", Layer.Vectors, vectors.Assigned);
        }

        foreach (HostFunction function in functions)
        {
            for (int v = 0; v < function.Vectors && !(stopAtRefusal && first is not null); v++)
            {
                Layer? refusedBy = BeyondPool(host.Nics[function.Nic], function) ? Layer.VfPool
                    : v >= function.TableSize ? Layer.Msix
                    : Take(host, vectors, entries, host.Nics[function.Nic].Socket);
                first ??= refusedBy is { } layer ? new FirstRefusal(function.Name, v, function.Vectors, FunctionList.RoleOf(v), layer, vectors.Assigned) : null;
            }
        }

        int demand = host.PlatformVectors + functions.Sum(f => f.Vectors);
        return new HostBudget(stopAtRefusal ? [] : LayerBudgets.Of(host, demand, vectors.Capacity), vectors.Capacity, demand, vectors.Assigned, stopAtRefusal ? [] : vectors.PerPCpu, first);
    }

    private static bool BeyondPool(NicSpec nic, HostFunction function) =>
        function.Vf >= 0 && (function.Vf >= nic.Model.MaxVfsPerPort
            || (nic.Model.MaxVfsPerDevice > 0 && nic.VfsPerPort.Take(function.Port).Sum() + function.Vf >= nic.Model.MaxVfsPerDevice));

    private static Layer? Take(HostSpec host, VectorPlacement vectors, int[] entries, int socket)
    {
        if (host.Iommu.Remapping && entries[socket] >= host.Iommu.Entries)
        {
            return Layer.Irte;
        }

        if (!vectors.TryAssign(socket))
        {
            return Layer.Vectors;
        }

        entries[socket]++;
        return null;
    }
}
