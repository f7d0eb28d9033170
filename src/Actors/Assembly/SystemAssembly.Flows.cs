using IoScale.Hardware.Platform;
using IoScale.VirtualTime;

namespace IoScale.Actors.Assembly;

/// <summary>The ways of flows.</summary>
public sealed partial class SystemAssembly
{
    private FlowWiring Describe(FlowSpec flow)
    {
        (EntityId Port, EntityId Wire)? from = flow.FromVm is null ? null : PortOf(_vms[flow.FromVm].Spec, flow.FromVf);
        if (flow.ToVm is null)
        {
            return new FlowWiring(flow, null, null, null) { Sender = _vms[flow.FromVm!].Entity, FromPort = from!.Value.Port, Station = from.Value.Wire };
        }

        VmPlan to = _vms[flow.ToVm];
        (EntityId port, EntityId wire) = PortOf(to.Spec, flow.ToVf);
        return new FlowWiring(flow, port, wire, to.Host.InterfaceOf(to, flow.ToVf))
        {
            ToVif = to.Host.VifOf(to),
            Sender = flow.FromVm is null ? wire : _vms[flow.FromVm].Entity,
            FromPort = from?.Port,
            Station = flow.FromVm is null ? wire : null,
        };
    }

    /// <summary>The NIC port that a VM's interface hangs on, and the wire into it.</summary>
    private (EntityId Port, EntityId Wire) PortOf(VmSpec vm, int vf)
    {
        VfRef place = vm.Vif is { } vif ? new VfRef(vm.Host, vif.Nic, vif.Port, -1) : vm.Vfs[vf];
        HostPlan plan = _plans[place.Host];
        return (plan.Entities[plan.FunctionIndex(place.Nic, place.Port, -1)], plan.Wires[(plan.NicIndex(place.Nic), place.Port)]);
    }

    /// <summary>The flows of responses, from server to client: behind the scenario's flows, whose indexes stay as they are.</summary>
    private void AddResponses()
    {
        for (int i = 0; i < _spec.Flows.Count; i++)
        {
            FlowSpec request = _spec.Flows[i];
            if (request.Transport == TransportKind.RequestResponse)
            {
                _flows[i] = _flows[i] with { Partner = _flows.Count };
                FlowSpec response = request with
                {
                    Name = $"{request.Name}.response",
                    FromVm = request.ToVm,
                    ToVm = request.FromVm,
                    FromVf = request.ToVf,
                    ToVf = request.FromVf,
                    FrameBytes = request.ResponseBytes,
                };
                _flows.Add(Describe(response) with { Partner = i, IsResponse = true });
            }
        }
    }
}
