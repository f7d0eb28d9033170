using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;

namespace IoScale.Scenarios.Building;

/// <summary>Driver domains, and the PF queues they drive. Built when all VMs are known: what a host needs follows from its vifs.</summary>
internal sealed class Dom0Builder(BuildContext context)
{
    /// <param name="hosts">In the order of the hosts built.</param>
    public void Build(IReadOnlyList<CheckedMap> hosts)
    {
        ILookup<string, VmSpec> bridged = context.Vms.All.Where(v => v.Vif is not null).ToLookup(v => v.Host, StringComparer.Ordinal);
        for (int i = 0; i < hosts.Count; i++)
        {
            HostSpec host = context.Hosts.All[i];
            context.Hosts.Replace(i, host.Name, Complete(hosts[i], host, [.. bridged[host.Name]]));
        }
    }

    private HostSpec Complete(CheckedMap map, HostSpec host, VmSpec[] bridged)
    {
        if (bridged.Length == 0)
        {
            RefuseUseless(map);
            if (!map.Has("dom0"))
            {
                return host;
            }
        }

        CheckedMap keys = map.Map("dom0");
        int vcpus = (int)keys.Number("vcpus", 1);
        (int home, int[] pins, int[] starts) = new VcpuPlacer(context).Place(keys, vcpus, host);
        NetbackSpec netback = bridged.Length == 0 ? host.Netback : NetbackBuilder.Build(context, map.Map("netback"), vcpus, bridged.Length);
        string name = $"{host.Name}-dom0";
        if (context.Vms.All.FirstOrDefault(v => string.Equals(v.Name, name, StringComparison.OrdinalIgnoreCase)) is { } vm)
        {
            context.Wrong(map, "name", $"the dom0 of this host is called {name}, and {vm.Name} is a VM; give one of them another name");
        }

        int queues = Queues(keys, host, bridged, Math.Min(netback.Shards, vcpus));
        return host with
        {
            Dom0 = new(name, home, pins, starts, (int)keys.Number("weight", 1), queues, keys.Flag("busy")),
            Netback = netback,
            Nics = [.. host.Nics.Select(n => WithQueues(n, bridged, queues))],
        };
    }

    /// <summary>The number written, or as many as are useful; within what the tables of all bridged PFs have left.</summary>
    private int Queues(CheckedMap keys, HostSpec host, VmSpec[] bridged, int useful)
    {
        int? wanted = (int?)keys.GivenNumber("nicQueues");
        int most = int.MaxValue;
        foreach (NicSpec nic in host.Nics.Where(n => bridged.Any(v => v.Vif!.Nic == n.Name)))
        {
            int room = Math.Max(1, (nic.Model.PfVectors - nic.VectorsPerPf) / FunctionList.QueueVectors);
            most = Math.Min(most, room);
            if (wanted > room)
            {
                context.Wrong(keys, "nicQueues", $"{wanted} queues need {wanted * FunctionList.QueueVectors} MSI-X vectors beside the {nic.VectorsPerPf} of the PF's driver, and the PF of a {nic.Model.Name} has {nic.Model.PfVectors}; write at most {room}");
            }
        }

        return wanted ?? Math.Min(useful, most);
    }

    private static NicSpec WithQueues(NicSpec nic, VmSpec[] bridged, int queues)
    {
        HashSet<int> ports = [.. bridged.Select(v => v.Vif!).Where(v => v.Nic == nic.Name).Select(v => v.Port)];
        return ports.Count == 0 ? nic : nic with { Dom0Queues = [.. Enumerable.Range(0, nic.VfsPerPort.Count).Select(p => ports.Contains(p) ? queues : 0)] };
    }

    private void RefuseUseless(CheckedMap map)
    {
        const string Without = "serves vifs and no VM of the host has one; give a VM one, for example vif: nic0.p0, or remove it";
        if (map.Has("netback"))
        {
            context.Wrong(map, "netback", Without);
        }

        if (map.Map("dom0").Has("nicQueues"))
        {
            context.Wrong(map.Map("dom0"), "nicQueues", Without);
        }

        if (!map.Has("dom0") && HostBuilder.Choice(map, "msixMask", ChoiceNames.MaskOwners) == MsixMaskOwner.Dom0)
        {
            context.Wrong(map, "msixMask", "the host has no dom0 to carry it out; write dom0: {vcpus: 1}, or msixMask: hypervisor");
        }
    }
}
