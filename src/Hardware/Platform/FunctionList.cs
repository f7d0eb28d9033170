using System.Globalization;
using IoScale.Hardware.Nics;

namespace IoScale.Hardware.Platform;

/// <summary>A PF or VF of a host whose driver asks for interrupt vectors.</summary>
/// <param name="Name">nic0.p0.pf, nic0.p0.vf12: NIC, port, function.</param>
/// <param name="Nic">Index into the host's NICs.</param>
/// <param name="Vf">VF number on its port from 0, or -1 for the PF and its queues.</param>
/// <param name="Vectors">MSI-X vectors that the driver asks for, one after the other from index 0.</param>
/// <param name="TableSize">Entries of the function's MSI-X table, after a pool shared by the card's functions has been divided; requests beyond it are refused.</param>
public sealed record HostFunction(string Name, int Nic, int Port, int Vf, int Vectors, int TableSize)
{
    /// <summary>Number of the PF's queue pair that dom0 drives, -1 for the PF itself and for VFs.</summary>
    public int Queue { get; init; } = -1;

    public bool IsPf => Vf < 0 && Queue < 0;
}

/// <summary>
/// The functions of a host in the order in which their drivers ask for vectors: NIC by NIC, port by port, the PF first, then the queue pairs that dom0
/// drives where VMs are bridged to the port, then VF 0, 1, ...
/// </summary>
public static class FunctionList
{
    /// <summary>Vectors of a queue pair of dom0: receive and transmit.</summary>
    public const int QueueVectors = 2;

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
                for (int queue = 0; queue < spec.Dom0QueuesOf(port); queue++)
                {
                    functions.Add(new(QueueNameOf(spec.Name, port, queue), nic, port, -1, QueueVectors, QueueVectors) { Queue = queue });
                }

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

    /// <summary>Name of a PF's queue pair: nic0.p0.q1.</summary>
    public static string QueueNameOf(string nic, int port, int queue) => string.Create(CultureInfo.InvariantCulture, $"{nic}.p{port}.q{queue}");

    /// <summary>What a function uses an MSI-X vector for: igbvf's and ixgbevf's three, then further queues.</summary>
    public static string RoleOf(int vector) => vector switch
    {
        0 => "rx",
        1 => "tx",
        2 => "mailbox",
        _ => string.Create(CultureInfo.InvariantCulture, $"queue-{vector}"),
    };
}
