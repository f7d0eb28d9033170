using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>VMs: where their vCPUs run, and which devices are theirs.</summary>
internal sealed class VmBuilder(BuildContext context)
{
    private readonly VcpuPlacer _placer = new(context);
    private readonly Dictionary<string, Dictionary<int, string>> _domids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastDomid = new(StringComparer.Ordinal);
    private readonly Dictionary<VfRef, string> _owners = [];

    public void Build(CheckedMap map)
    {
        string name = context.Vms.Claim(context, map);
        if (context.HostOf(map) is not { } host)
        {
            context.Vms.Add(name, new(name, "?", 0, [-1], [0], 0, false, 0, false, 1, []));
            return;
        }

        int vcpus = (int)map.Number("vcpus", 1);
        (int home, int[] pins, int[] starts) = _placer.Place(map, vcpus, host);
        int interruptVcpu = Vcpu(map, "interruptVcpu", vcpus) ?? 0;
        List<VfRef> vfs = Vfs(map, name, host);
        VifSpec? vif = VifBuilder.Build(context, map, host);

        context.Vms.Add(name, new(
            name,
            host.Name,
            home,
            pins,
            starts,
            interruptVcpu,
            map.Flag("multiDestination"),
            (int)map.Number("applicationCycles"),
            map.Flag("busy"),
            (int)map.Number("weight"),
            vfs)
        {
            Virtualization = HostBuilder.Choice(map, "virtualization", ChoiceNames.Virtualizations),
            Domid = Domid(map, name, host),
            Vif = vif,
            EoiInstruction = HostBuilder.Choice(map, "eoiInstruction", ChoiceNames.EoiInstructions),
            Interrupts = HostBuilder.Choice(map, "interrupts", ChoiceNames.Interrupts),
            MaskPerInterrupt = map.Flag("maskPerInterrupt"),
            ApplicationVcpu = Vcpu(map, "applicationVcpu", vcpus) ?? (map.GivenNumber("socketBuffer") is null ? -1 : interruptVcpu),
            SocketBuffer = (int)(map.GivenNumber("socketBuffer") ?? 0),
            TickHz = (int)map.Number("tick"),
        });
        GuestRules.Check(context, map, vif is not null, vfs.Count > 0);
    }

    private int? Vcpu(CheckedMap map, string key, int vcpus)
    {
        long? vcpu = map.Has(key) ? map.GivenNumber(key) : null;
        if (vcpu >= vcpus)
        {
            context.Wrong(map, key, $"the VM has no vCPU {vcpu}; its vCPUs are 0 to {vcpus - 1}");
        }

        return (int?)vcpu;
    }

    /// <summary>The id written, or the one after that of the VM before on the host; each once on a host.</summary>
    private int Domid(CheckedMap map, string vm, HostSpec host)
    {
        Dictionary<int, string> taken = _domids.TryGetValue(host.Name, out Dictionary<int, string>? known) ? known : _domids[host.Name] = [];
        int domid = (int)(map.GivenNumber("domid") ?? (_lastDomid.GetValueOrDefault(host.Name) + 1L));
        _lastDomid[host.Name] = domid;
        if (!taken.TryAdd(domid, vm))
        {
            context.Wrong(map, "domid", $"{domid} is the domain id of {taken[domid]} already; on a host each VM has its own, so write another, or leave out those of the VMs after it");
        }
        else if (domid > GuestKeys.LargestDomid)
        {
            context.Wrong(map, "domid", $"the VM would be number {domid} on host {host.Name}, and domain ids end at {GuestKeys.LargestDomid}; spread the VMs over more hosts, or write domid");
        }

        return domid;
    }

    private List<VfRef> Vfs(CheckedMap map, string vm, HostSpec host)
    {
        if (map.Has("vf") && map.Has("vfs"))
        {
            context.Wrong(map, "vf", "stands beside vfs; list all VFs under vfs");
        }

        List<VfRef> vfs = [];
        string key = map.Has("vf") ? "vf" : "vfs";
        IEnumerable<string?> written = key == "vf" ? [map.Text("vf")] : map.List("vfs")?.Items.Select(i => i.Value as string) ?? [];
        foreach (string text in written.OfType<string>().Where(t => t.Length > 0))
        {
            if (Functions.Find(context, map, key, text, host) is not { } vf)
            {
                continue;
            }

            if (!_owners.TryAdd(vf, vm))
            {
                context.Wrong(map, key, $"{text} of host {host.Name} is used by {_owners[vf]} already; a VF has one VM");
            }

            vfs.Add(vf);
        }

        return vfs;
    }
}
