namespace IoScale.Nodes.Checking;

/// <summary>The resources that an interrupt vector of a function takes, in the order in which they are asked for.</summary>
internal enum Layer
{
    /// <summary>VFs that a port or card can enable.</summary>
    VfPool,

    /// <summary>Entries of a function's MSI-X table, or of the pool that a card's functions share.</summary>
    Msix,

    /// <summary>Entries of the interrupt remapping table of a socket's IOMMU.</summary>
    Irte,

    /// <summary>Vectors of the host's pCPUs under its allocator.</summary>
    Vectors,
}

/// <summary>One resource of a host: what it has and what is asked of it.</summary>
/// <param name="Where">nic0.p0, nic0 each VF, socket 0, host.</param>
internal sealed record LayerBudget(Layer Layer, string Where, int Capacity, int Demand)
{
    public int Headroom => Capacity - Demand;
}

/// <summary>The first vector that a driver would not get.</summary>
/// <param name="Vector">Index in the function's MSI-X table.</param>
/// <param name="Of">Vectors the function asks for.</param>
/// <param name="Assigned">Vectors assigned by then.</param>
internal sealed record FirstRefusal(string Function, int Vector, int Of, string Role, Layer Layer, int Assigned);

/// <summary>What booting one host gives, without emulating it.</summary>
/// <param name="Capacity">Device vectors of the empty host.</param>
/// <param name="Demand">Vectors that platform and drivers ask for.</param>
/// <param name="PerPCpu">Vectors held on each pCPU; the shared table's where there is one.</param>
/// <param name="First">Null when everything fits.</param>
internal sealed record HostBudget(
    IReadOnlyList<LayerBudget> Layers,
    int Capacity,
    int Demand,
    int Assigned,
    IReadOnlyList<int> PerPCpu,
    FirstRefusal? First)
{
    public bool Fits => First is null;

    public int Refused => Demand - Assigned;
}
