using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>What is done to the system while it runs, in the order of time; at the same time, in the order of the file.</summary>
internal sealed class TimelineBuilder(BuildContext context)
{
    public IReadOnlyList<TimelineStep> Build(IEnumerable<CheckedMap> steps) =>
        [.. steps.SelectMany(Steps).OrderBy(s => s.AtPs)];

    private IEnumerable<TimelineStep> Steps(CheckedMap map)
    {
        long at = map.Number("at");
        if (at >= context.DurationPs)
        {
            if (!context.CutShort)
            {
                context.Wrong(map, "at", $"the run ends at {Quantity.Format(context.DurationPs, Dimension.Time)}; nothing can be done then or later");
            }

            return [];
        }

        if (map.Text("do") is not { } word || !HasItsKeys(map, StepKinds.Find(word)))
        {
            return [];
        }

        if (word == StepKinds.SetNotification)
        {
            return Notifications(map, at);
        }

        TimelineStep? step = word switch
        {
            StepKinds.MigrateVcpu => Migrate(map, at),
            StepKinds.SetAffinity => Affinity(map, at),
            StepKinds.ResetDevice => Function(map) is { } function ? new ResetDeviceStep(at, function) : null,
            StepKinds.OfflinePCpu => PCpu(map, context.HostOf(map)) is { } p ? new OfflinePCpuStep(at, p.Host, p.PCpu) : null,
            _ => PCpu(map, context.HostOf(map)) is { } p ? new OnlinePCpuStep(at, p.Host, p.PCpu) : null,
        };
        return step is null ? [] : [step];
    }

    private IEnumerable<SetNotificationStep> Notifications(CheckedMap map, long at)
    {
        NotificationSpec notification = VifBuilder.Notification(context, map, "policy");
        foreach (VmSpec vm in map.Text("vm") is { } text && VmSelection.Find(context, map, "vm", text) is { } vms ? vms.All : [])
        {
            if (vm.Vif is null && vm.Host != "?")
            {
                context.Wrong(map, "vm", $"{vm.Name} has no vif to be notified of; name a VM that has one, or give it one, for example vif: {PortName.Example}");
            }

            yield return new(at, vm.Name, notification);
        }
    }

    private bool HasItsKeys(CheckedMap map, StepKind kind)
    {
        bool complete = true;
        foreach (Key key in map.Shape.Keys.Where(k => !k.Required))
        {
            if (!map.Has(key.Name) && kind.Required.Contains(key.Name, StringComparer.Ordinal))
            {
                context.Wrong(map, key.Name, $"is missing; {kind.Word} needs {string.Join(" and ", kind.Required)}");
                complete = false;
            }
            else if (map.Has(key.Name) && !kind.Required.Concat(kind.Optional).Contains(key.Name, StringComparer.Ordinal))
            {
                context.Wrong(map, key.Name, $"does not belong to {kind.Word}, which takes {string.Join(", ", kind.Required.Concat(kind.Optional))}; remove it");
                complete = false;
            }
        }

        return complete;
    }

    private MigrateVcpuStep? Migrate(CheckedMap map, long at)
    {
        if (map.Text("vm") is not { } name || context.Vms.Find(context, map, "vm", name) is not { } vm)
        {
            return null;
        }

        int vcpu = (int)map.Number("vcpu");
        if (vcpu >= vm.Pins.Count)
        {
            context.Wrong(map, "vcpu", $"{vm.Name} has no vCPU {vcpu}; its vCPUs are 0 to {vm.Pins.Count - 1}");
            return null;
        }

        HostSpec? host = context.Hosts.Find(vm.Host);
        if (PCpu(map, host) is not { } p)
        {
            return null;
        }

        int socketSize = host!.PCpus / host.Sockets;
        if (p.PCpu / socketSize != vm.HomeSocket)
        {
            context.Wrong(map, "pcpu", $"pCPU {p.PCpu} is on another socket than {vm.Name}, whose vCPUs share socket {vm.HomeSocket}; choose from pCPUs {vm.HomeSocket * socketSize} to {((vm.HomeSocket + 1) * socketSize) - 1}");
            return null;
        }

        return new(at, vm.Name, vcpu, p.PCpu);
    }

    private SetAffinityStep? Affinity(CheckedMap map, long at)
    {
        if (Function(map) is not { } function || map.List("pcpus") is not { } list || context.Hosts.Find(function.Host) is not { } host)
        {
            return null;
        }

        int[] pcpus = [.. list.Items.Select(i => i.Value).OfType<Int128>().Select(n => (int)n).Distinct().Order()];
        if (pcpus.Length > 0 && pcpus[^1] >= host.PCpus)
        {
            context.Wrong(map, "pcpus", $"host {host.Name} has no pCPU {pcpus[^1]}; its pCPUs are 0 to {host.PCpus - 1}");
        }

        int vector = (int)(map.GivenNumber("vector") ?? -1);
        int vectors = host.Nics.First(n => n.Name == function.Nic).VectorsPerVf;
        if (vector >= vectors)
        {
            context.Wrong(map, "vector", $"the VF has no vector {vector}; its driver asks for {vectors}, so 0 to {vectors - 1}");
        }

        return new(at, function, vector, pcpus);
    }

    private VfRef? Function(CheckedMap map) =>
        context.HostOf(map) is { } host && map.Text("device") is { } device ? Functions.Find(context, map, "device", device, host) : null;

    private (string Host, int PCpu)? PCpu(CheckedMap map, HostSpec? host)
    {
        if (host is null || map.GivenNumber("pcpu") is not { } pcpu)
        {
            return null;
        }

        if (pcpu >= host.PCpus)
        {
            context.Wrong(map, "pcpu", $"host {host.Name} has no pCPU {pcpu}; its pCPUs are 0 to {host.PCpus - 1}");
            return null;
        }

        return (host.Name, (int)pcpu);
    }
}
