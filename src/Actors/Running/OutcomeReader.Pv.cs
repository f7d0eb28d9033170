using IoScale.Actors.Assembly;
using IoScale.Actors.Entities;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Pv;
using IoScale.Protocol.Metrics;

namespace IoScale.Actors.Running;

/// <summary>vifs, netback, dom0.</summary>
internal sealed partial class OutcomeReader
{
    private void ReadPv(HostWiring host)
    {
        if (host.Dom0 is null)
        {
            return;
        }

        for (int i = 0; i < host.Shards.Count; i++)
        {
            NetbackShardState state = State<NetbackShardActor, NetbackShardState>(host.Shards[i]);
            _sheet.Add(MetricCatalogue.NetbackFrames, state.Shard.Frames - state.FramesBefore, host.Spec.Name, Text(i));
            _sheet.Add(MetricCatalogue.NetbackBusy, (double)(state.Shard.BusyPs - state.BusyPsBefore) / _windowPs, host.Spec.Name, Text(i));
            _sheet.Add(MetricCatalogue.NetbackVifs, host.Vifs.Count(v => v.Shard == i), host.Spec.Name, Text(i));
        }

        for (int i = 0; i < host.Vifs.Count; i++)
        {
            ReadVif(host, i);
        }

        ReadDom0(host);
    }

    private void ReadVif(HostWiring host, int index)
    {
        VifWiring vif = host.Vifs[index];
        VmState vm = State<VmActor, VmState>(vif.Vm);
        GuestNic nic = vm.Guest.Nics[0];
        GuestCounters counters = vm.Guest.Counters;
        GuestCounters before = vm.CountersBefore;
        _sheet.Add(MetricCatalogue.EvtchnNotifications, counters.Notifications - before.Notifications, vif.VmName);
        _sheet.Add(MetricCatalogue.EvtchnMerged, counters.NotificationsMerged - before.NotificationsMerged, vif.VmName);
        _sheet.Add(MetricCatalogue.NetfrontPolls, counters.FrontPolls - before.FrontPolls, vif.VmName);
        VmSpec spec = _spec.Vms.First(v => v.Name == vif.VmName);
        _sheet.Add(MetricCatalogue.Interrupts, Since(vm.InterruptsBefore, 0, nic.RxInterrupts), host.Spec.Name, vif.VmName, $"vif{Text(spec.Domid)}");
        _sheet.Add(MetricCatalogue.PacketsTransmitted, Since(vm.TransmittedBefore, 0, nic.TxFrames), vif.VmName);

        NetbackShardState shard = State<NetbackShardActor, NetbackShardState>(host.Shards[vif.Shard]);
        long queueFull = Since(shard.DroppedBefore, index, shard.Shard.Vif(index).Dropped);
        long ringFull = Since(vm.DroppedBefore, 1, nic.TxRingFullDrops);
        long socketFull = Since(vm.DroppedBefore, 2, nic.SocketDrops);
        _sheet.Add(MetricCatalogue.PacketsDropped, queueFull, "netback", "queue-full");
        _sheet.Add(MetricCatalogue.PacketsDropped, ringFull, "vm", "tx-ring-full");
        if (spec.SocketBuffer > 0)
        {
            _sheet.Add(MetricCatalogue.PacketsDropped, socketFull, "vm", "socket-buffer");
        }

        _sheet.Add(MetricCatalogue.PacketsDroppedVm, queueFull + ringFull + socketFull, vif.VmName);
    }

    /// <summary>dom0's own NIC queues. What is lost there was for one of the vifs.</summary>
    private void ReadDom0(HostWiring host)
    {
        VmState dom0 = State<VmActor, VmState>(host.Dom0!.Value);
        GuestMachine guest = dom0.Guest;
        _sheet.Add(
            MetricCatalogue.InterruptsMerged, guest.Counters.MergedAtVcpu - dom0.CountersBefore.MergedAtVcpu, host.Spec.Name, "vcpu");
        _sheet.Add(MetricCatalogue.InterruptsUnhandled, dom0.StrayInterrupts - dom0.StrayInterruptsBefore, host.Spec.Name);
        for (int i = 0; i < _assembly.Wiring.Flows.Count; i++)
        {
            if (_assembly.Wiring.Flows[i] is { ToVif: >= 0 } flow && guest.DroppedOf(i) > 0)
            {
                _sheet.Add(MetricCatalogue.PacketsDroppedVm, Since(dom0.FlowDropsBefore, i, guest.DroppedOf(i)), flow.Spec.ToVm!);
            }
        }

        foreach (FunctionWiring function in host.Functions.Where(f => f.Function.Queue >= 0))
        {
            int i = function.VfOfVm;
            GuestNic nic = guest.Nics[i];
            long interrupts = Since(dom0.InterruptsBefore, 3 * i, nic.RxInterrupts) + Since(dom0.InterruptsBefore, (3 * i) + 1, nic.TxInterrupts);
            _sheet.Add(MetricCatalogue.Interrupts, interrupts, host.Spec.Name, function.VmName!, function.Function.Name);
            _sheet.Add(MetricCatalogue.PacketsDropped, Since(dom0.DroppedBefore, 3 * i, nic.Ring.Dropped), "dom0", "no-descriptor");
            _sheet.Add(MetricCatalogue.PacketsDropped, Since(dom0.DroppedBefore, (3 * i) + 1, nic.TxRingFullDrops), "dom0", "tx-ring-full");
        }
    }
}
