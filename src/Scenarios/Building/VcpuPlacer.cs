using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;

namespace IoScale.Scenarios.Building;

/// <summary>Where vCPUs run. One placer gives out the pCPUs of each host in turn, from the first on.</summary>
internal sealed class VcpuPlacer(BuildContext context)
{
    private readonly Dictionary<(string Host, long Socket), int> _turns = [];

    /// <summary>Reads <c>socket</c>, <c>pin</c> and <c>start</c>.</summary>
    /// <returns>For each vCPU its pin (-1: it floats) and the pCPU it starts on.</returns>
    public (int Home, int[] Pins, int[] Starts) Place(CheckedMap map, int vcpus, HostSpec host)
    {
        long? socket = map.GivenNumber("socket");
        if (socket >= host.Sockets)
        {
            context.Wrong(map, "socket", $"host {host.Name} has no socket {socket}; its sockets are 0 to {host.Sockets - 1}");
            socket = null;
        }

        int[] pins = PCpus(map, "pin", vcpus, host) ?? [.. Enumerable.Repeat(-1, vcpus)];
        int[] starts = Starts(map, pins, host, socket, out int home);
        return (home, pins, starts);
    }

    /// <summary>
    /// A VM's vCPUs share one socket, its home: the one written, else the one its first placed vCPU is on, else the sockets' pCPUs in turn.
    /// </summary>
    private int[] Starts(CheckedMap map, int[] pins, HostSpec host, long? socket, out int home)
    {
        int[]? written = PCpus(map, "start", pins.Length, host);
        int socketSize = host.PCpus / host.Sockets;
        int[] starts = new int[pins.Length];
        int placed = written?[0] ?? pins.FirstOrDefault(p => p >= 0, -1);
        starts[0] = written?[0] ?? (pins[0] >= 0 ? pins[0] : NextPCpu(host, socket ?? (placed >= 0 ? placed / socketSize : null)));
        home = (int)(socket ?? (starts[0] / socketSize));
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = i == 0 ? starts[0] : written?[i] ?? (pins[i] >= 0 ? pins[i] : NextAtHome(host, socket, home, starts[i - 1]));
            if (starts[i] / socketSize != home)
            {
                string key = written is null ? "pin" : "start";
                context.Wrong(map, key, $"vCPU {i} is on pCPU {starts[i]}, but a VM's vCPUs share one socket, here {home}; choose from pCPUs {home * socketSize} to {((home + 1) * socketSize) - 1}");
            }

            if (pins[i] >= 0 && starts[i] != pins[i])
            {
                context.Wrong(map, "start", $"vCPU {i} starts on pCPU {starts[i]} but is pinned to {pins[i]}; leave start out, or make them equal");
            }
        }

        return starts;
    }

    /// <summary>The pCPU whose turn it is, if it is at home; else the one after the vCPU before.</summary>
    private int NextAtHome(HostSpec host, long? socket, int home, int before)
    {
        int size = host.PCpus / host.Sockets;
        int turn = NextPCpu(host, socket);
        return turn / size == home ? turn : (home * size) + ((before + 1) % size);
    }

    /// <summary>pCPUs in turn, on the socket or on the whole host.</summary>
    private int NextPCpu(HostSpec host, long? socket)
    {
        int size = socket is null ? host.PCpus : host.PCpus / host.Sockets;
        (string, long) key = (host.Name, socket ?? -1);
        int turn = _turns.GetValueOrDefault(key);
        _turns[key] = turn + 1;
        return (int)((socket ?? 0) * size) + (turn % size);
    }

    /// <returns>A pCPU for each vCPU (-1 for one that floats); null when the key is absent or wrong.</returns>
    private int[]? PCpus(CheckedMap map, string key, int vcpus, HostSpec host)
    {
        if (!map.Has(key) || map.List(key) is not { } list || list.Items.Any(i => i.Value is null))
        {
            return null;
        }

        if (list.Items.Count != vcpus)
        {
            context.Wrong(map, key, $"names {list.Items.Count} pCPUs for {vcpus} vCPUs; write one for each vCPU");
            return null;
        }

        int[] pcpus = [.. list.Items.Select(i => i.Value is Int128 number ? (int)number : -1)];
        foreach (int pcpu in pcpus)
        {
            if (pcpu >= host.PCpus)
            {
                context.Wrong(map, key, $"host {host.Name} has no pCPU {pcpu}; its pCPUs are 0 to {host.PCpus - 1}");
                return null;
            }
        }

        return pcpus;
    }
}
