using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>Whether frames find a way between the ends of a flow.</summary>
internal sealed class FlowEnds(BuildContext context)
{
    /// <summary>The port behind an end: of its VF, or the one its vif is bridged to.</summary>
    private readonly record struct End(string Host, PortName Port, bool Bridged);

    public void Check(CheckedMap map, FlowSpec flow, VmSpec? sender, VmSpec? receiver)
    {
        if (sender is null && receiver is null)
        {
            context.Wrong(map, "to", "both ends are external; name a VM as from or to");
            return;
        }

        if (sender == receiver)
        {
            context.Wrong(map, "to", $"{sender!.Name} would send to itself; name another VM");
            return;
        }

        if (sender is not null && receiver is not null && map.Has("distance") && flow.Transport != TransportKind.Udp)
        {
            context.Wrong(map, "distance", "is the way to a station outside, and both ends are VMs; remove it");
        }

        End? source = Find(map, "from", sender, flow.FromVf);
        End? target = Find(map, "to", receiver, flow.ToVf);
        if (source is { } a && target is { } b)
        {
            Reach(map, sender!.Name, a, receiver!.Name, b);
        }
    }

    private void Reach(CheckedMap map, string from, End source, string to, End target)
    {
        bool samePort = (source.Host, source.Port) == (target.Host, target.Port);
        if (source.Bridged && target.Bridged && source.Host == target.Host)
        {
            return;
        }

        if (samePort && source.Bridged != target.Bridged)
        {
            context.Wrong(map, "to", $"{from} and {to} share {source.Host}'s {source.Port}, one with a VF and one with a vif; the model does not switch frames between a port's VFs and its PF, so give both a VF or both a vif, or use another port and a fabric");
        }
        else if (!samePort && !context.HasFabric)
        {
            context.Wrong(map, "to", $"{from} ({source.Host} {source.Port}) cannot reach {to} ({target.Host} {target.Port}): the ports are not linked; add a fabric, for example fabric: {{latency: 1us}}");
        }
    }

    private End? Find(CheckedMap map, string side, VmSpec? vm, int index)
    {
        if (vm is null || vm.Host == "?")
        {
            return null;
        }

        if (vm.Vif is { } vif && index == 0)
        {
            return new(vm.Host, new(vif.Nic, vif.Port), Bridged: true);
        }

        if (index < vm.Vfs.Count)
        {
            VfRef vf = vm.Vfs[index];
            return new(vm.Host, new(vf.Nic, vf.Port), Bridged: false);
        }

        if (vm.Vif is not null)
        {
            context.Wrong(map, $"{side}Vf", $"{vm.Name} has a vif, which is number 0; leave {side}Vf out");
        }
        else if (vm.Vfs.Count == 0)
        {
            context.Wrong(map, side, $"{vm.Name} has no VF; give it one, for example vf: {FunctionName.Example}, or a vif, for example vif: {PortName.Example}");
        }
        else
        {
            context.Wrong(map, $"{side}Vf", $"{vm.Name} has no VF {index}; its VFs are 0 to {vm.Vfs.Count - 1}");
        }

        return null;
    }
}
