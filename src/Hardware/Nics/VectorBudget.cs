using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Nics;

/// <summary>The MSI-X vectors of one card as configured.</summary>
/// <param name="PerPf">Vectors that each PF uses.</param>
/// <param name="PerVf">Vectors that each VF uses.</param>
/// <param name="VfTable">Size of each VF's MSI-X table: fixed, or the tier it got from the shared pool; 0 when no tier fits.</param>
/// <param name="Vfs">VFs of all ports.</param>
/// <param name="Demand">Vectors of all functions together, dom0's queue pairs included: what the vector allocator is asked for.</param>
/// <param name="Problem">Why the card cannot be set up like this; null when it can.</param>
public sealed record VectorBudget(int PerPf, int PerVf, int VfTable, int Vfs, int Demand, string? Problem)
{
    /// <summary>The card can be set up like this.</summary>
    public bool Fits => Problem is null;

    /// <summary>Vectors of a card: how many each function has, and whether VFs and vectors fit its pools.</summary>
    public static VectorBudget Of(NicSpec nic)
    {
        NicModel model = nic.Model;
        int vfs = nic.VfsPerPort.Sum();
        int pfs = (model.Ports * nic.VectorsPerPf) + (FunctionList.QueueVectors * nic.Dom0Queues.Sum());
        int table = model.DeviceVectors == 0 || vfs == 0
            ? model.VfVectors
            : Tier(model.VfVectorTiers, model.DeviceVectors - pfs, vfs);
        int demand = pfs + vfs * nic.VectorsPerVf;
        return new VectorBudget(nic.VectorsPerPf, nic.VectorsPerVf, table, vfs, demand, ProblemOf(nic, vfs, table));
    }

    /// <summary>
    /// Vectors that each VF gets from a pool shared by all: the largest tier that fits (E810: 17, 5, 3 or 2; Linux ice driver).
    /// </summary>
    /// <param name="tiers">Descending.</param>
    /// <param name="pool">What the PFs leave over.</param>
    /// <param name="vfs">1 or more.</param>
    /// <returns>0 when not even the smallest fits.</returns>
    public static int Tier(IReadOnlyList<int> tiers, int pool, int vfs)
    {
        int available = pool / vfs;
        foreach (int tier in tiers)
        {
            if (available >= tier)
            {
                return tier;
            }
        }

        return 0;
    }

    private static string? ProblemOf(NicSpec nic, int vfs, int table)
    {
        NicModel model = nic.Model;
        if (nic.VfsPerPort.Count > model.Ports)
        {
            return $"{nic.Name}: {model.Name} has {model.Ports} ports, not {nic.VfsPerPort.Count}";
        }

        for (int port = 0; port < nic.VfsPerPort.Count; port++)
        {
            if (nic.VfsPerPort[port] > model.MaxVfsPerPort)
            {
                return $"{nic.Name}: port {port} asks for {nic.VfsPerPort[port]} VFs, {model.Name} has {model.MaxVfsPerPort} a port";
            }
        }

        if (model.MaxVfsPerDevice > 0 && vfs > model.MaxVfsPerDevice)
        {
            return $"{nic.Name}: {vfs} VFs asked for, {model.Name} shares {model.MaxVfsPerDevice} among its ports";
        }

        if (nic.VectorsPerPf > model.PfVectors)
        {
            return $"{nic.Name}: each PF asks for {nic.VectorsPerPf} vectors, its table has {model.PfVectors}";
        }

        if (vfs > 0 && table == 0)
        {
            return $"{nic.Name}: {model.DeviceVectors} vectors do not give {vfs} VFs {model.VfVectorTiers[^1]} each";
        }

        return vfs > 0 && nic.VectorsPerVf > table
            ? $"{nic.Name}: each VF asks for {nic.VectorsPerVf} vectors, its table has {table}"
            : null;
    }
}
