using System.Globalization;
using IoScale.Hardware.Nics;

namespace IoScale.Hardware.Platform;

/// <summary>A PF or VF of a host whose driver asks for interrupt vectors.</summary>
/// <param name="Name">nic0.p0.pf, nic0.p0.vf12: NIC, port, function.</param>
/// <param name="Nic">Index into the host's NICs.</param>
/// <param name="Vf">VF number on its port from 0, or -1 for the PF.</param>
/// <param name="Vectors">MSI-X vectors that the driver asks for, one after the other from index 0.</param>
/// <param name="TableSize">Entries of the function's MSI-X table, after a pool shared by the card's functions has been divided; requests beyond it are refused.</param>
public sealed record HostFunction(string Name, int Nic, int Port, int Vf, int Vectors, int TableSize)
{
    public bool IsPf => Vf < 0;
}

/// <summary>The functions of a host in the order in which their drivers ask for vectors: NIC by NIC, port by port, the PF first, then VF 0, 1, ...</summary>
public static class FunctionList
{
    public static IReadOnlyList<HostFunction> Of(HostSpec host)
    {
        List<HostFunction> functions = [];
        for (int nic = 0; nic < host.Nics.Count; nic++)
        {
            NicSpec spec = host.Nics[nic];
            VectorBudget budget = VectorBudget.Of(spec);
            for (int port = 0; port < spec.VfsPerPort.Count; port++)
            {
                functions.Add(new(NameOf(spec.Name, port, -1), nic, port, -1, spec.VectorsPerPf, spec.Model.PfVectors));
                for (int vf = 0; vf < spec.VfsPerPort[port]; vf++)
                {
                    functions.Add(new(NameOf(spec.Name, port, vf), nic, port, vf, spec.VectorsPerVf, budget.VfTable));
                }
            }
        }

        return functions;
    }

    /// <param name="vf">VF number from 0, or -1 for the PF.</param>
    public static string NameOf(string nic, int port, int vf) =>
        vf < 0
            ? string.Create(CultureInfo.InvariantCulture, $"{nic}.p{port}.pf")
            : string.Create(CultureInfo.InvariantCulture, $"{nic}.p{port}.vf{vf}");

    /// <summary>What a function uses an MSI-X vector for: igbvf's and ixgbevf's three, then further queues.</summary>
    public static string RoleOf(int vector) => vector switch
    {
        0 => "rx",
        1 => "tx",
        2 => "mailbox",
        _ => string.Create(CultureInfo.InvariantCulture, $"queue-{vector}"),
    };
}
