using System.Globalization;
using IoScale.Actors.Assembly;
using IoScale.Actors.Entities;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Iommu;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using IoScale.VirtualTime;

namespace IoScale.Actors.Running;

/// <summary>Frames and device interrupts.</summary>
internal sealed partial class OutcomeReader
{
    private static readonly double[] Quantiles = [0.5, 0.9, 0.99, 1];

    private void ReadNics(HostWiring host)
    {
        string name = host.Spec.Name;
        foreach (EntityId id in host.Functions.Select(f => f.Iommu).Distinct())
        {
            IommuState iommu = State<IommuActor, IommuState>(id);
            if (iommu.Misdirected > 0)
            {
                _sheet.Add(MetricCatalogue.InterruptFaults, iommu.Misdirected - iommu.MisdirectedBefore, name, "no-such-pcpu");
            }

            for (int fault = 0; fault < iommu.Faults.Length; fault++)
            {
                if (iommu.Faults[fault] > 0)
                {
                    string reason = KebabCase.From(((RemapFault)fault).ToString());
                    _sheet.Add(MetricCatalogue.InterruptFaults, iommu.Faults[fault] - iommu.FaultsBefore[fault], name, reason);
                }
            }
        }

        foreach (FunctionWiring function in host.Functions)
        {
            if (function.Function.IsPf)
            {
                NicPortState port = State<NicPortActor, NicPortState>(function.Entity);
                _sheet.Add(MetricCatalogue.InterruptsMerged, port.Pf.Merged - port.Pf.MergedBefore, name, "device");
                continue;
            }

            VfState vf = State<VfActor, VfState>(function.Entity);
            _sheet.Add(MetricCatalogue.InterruptsMerged, vf.Interrupts.Merged - vf.Interrupts.MergedBefore, name, "device");
            long dropped = vf.NoDriverDrops - vf.NoDriverDropsBefore;
            _sheet.Add(MetricCatalogue.PacketsDropped, dropped, "vf", "no-driver");
            long reset = vf.ResetDrops - vf.ResetDropsBefore;
            if (vf.ResetDrops > 0)
            {
                _sheet.Add(MetricCatalogue.PacketsDropped, reset, "vf", "reset");
            }

            if (function.VmName is { } vm)
            {
                _sheet.Add(MetricCatalogue.PacketsDroppedVm, dropped + reset, vm);
                long raised = Since(vf.Interrupts.RaisedBefore, 0, vf.Interrupts.Raised[0]);
                _sheet.Add(MetricCatalogue.CoalescingRate, PerSecond(raised), vm, function.Function.Name);
            }
        }

        ReadWires(host);
    }

    private void ReadWires(HostWiring host)
    {
        HashSet<EntityId> seen = [];
        foreach (FlowWiring flow in _assembly.Wiring.Flows)
        {
            if (flow.ToWire is not { } id || !host.Functions.Any(f => f.Function.IsPf && f.Entity == flow.ToPort) || !seen.Add(id))
            {
                continue;
            }

            TrafficState wire = State<TrafficActor, TrafficState>(id);
            string port = host.Functions.First(f => f.Function.IsPf && f.Entity == flow.ToPort).Function.Name;
            _sheet.Add(
                MetricCatalogue.WireUtilization,
                (double)(wire.BusyBy(_nowPs) - wire.BusyPsBefore) / _windowPs,
                host.Spec.Name,
                port[..port.LastIndexOf('.')]);
            _sheet.Add(MetricCatalogue.PacketsSent, wire.Sent - wire.SentBefore, "wire");
            foreach ((int index, long total) in wire.Dropped.OrderBy(d => d.Key))
            {
                long dropped = total - wire.DroppedBefore.GetValueOrDefault(index);
                _sheet.Add(MetricCatalogue.PacketsDropped, dropped, "wire", "queue-full");
                _sheet.Add(MetricCatalogue.PacketsDroppedVm, dropped, _assembly.Wiring.Flows[index].Spec.ToVm!);
            }
        }
    }

    private void ReadVms()
    {
        foreach (VmSpec spec in _spec.Vms)
        {
            (HostWiring host, int firstVcpu) = _assembly.PlaceOf(spec.Name);
            VmState vm = State<VmActor, VmState>(host.Vcpus[firstVcpu].Vm);
            GuestMachine guest = vm.Guest;
            GuestCounters counters = guest.Counters;
            GuestCounters before = vm.CountersBefore;
            string name = spec.Name;
            _sheet.Add(MetricCatalogue.PacketsSent, vm.Sent - vm.SentBefore, "vm");
            _sheet.Add(MetricCatalogue.PacketsReceived, counters.Delivered - before.Delivered, name);
            _sheet.Add(MetricCatalogue.Goodput, PerSecond(8 * (counters.PayloadBytes - before.PayloadBytes)), name);
            _sheet.Add(MetricCatalogue.Throughput, PerSecond(8 * (counters.DeliveredBytes - before.DeliveredBytes)), name);
            _sheet.Add(
                MetricCatalogue.InterruptsMerged,
                counters.MergedAtVcpu + counters.MergedOnTheWay - before.MergedAtVcpu - before.MergedOnTheWay,
                host.Spec.Name,
                "vcpu");
            _sheet.Add(MetricCatalogue.InterruptsUnhandled, vm.StrayInterrupts - vm.StrayInterruptsBefore, host.Spec.Name);
            if (((VmActor)_simulation.Entity(host.Vcpus[firstVcpu].Vm)).Fallback is { } reason)
            {
                _sheet.Add(MetricCatalogue.InterruptFallbacks, vm.Fallbacks - vm.FallbacksBefore, host.Spec.Name, reason);
            }

            ReadApic(spec, host, counters, before);
            ReadVfs(spec, host, vm);
            if (guest.Latency.Count > 0)
            {
                foreach (double quantile in Quantiles)
                {
                    _sheet.Add(
                        MetricCatalogue.PacketLatency,
                        guest.Latency.QuantilePs(quantile) / PsPerSecond,
                        name,
                        quantile.ToString(CultureInfo.InvariantCulture));
                }

                _sheet.Add(MetricCatalogue.PacketLatencyDeviation, guest.Latency.DeviationPs / PsPerSecond, name);
            }
        }
    }

    private void ReadApic(VmSpec spec, HostWiring host, GuestCounters counters, GuestCounters before)
    {
        if (host.Spec.Delivery == DeliveryMode.Posted)
        {
            _sheet.Add(MetricCatalogue.PostedNotifications, counters.PostedNotifications - before.PostedNotifications, host.Spec.Name, "notification");
            _sheet.Add(MetricCatalogue.PostedNotifications, counters.PostedWakeups - before.PostedWakeups, host.Spec.Name, "wakeup");
            _sheet.Add(MetricCatalogue.PostedNotifications, counters.PostedSuppressed - before.PostedSuppressed, host.Spec.Name, "suppressed");
        }

        if (spec.ApplicationVcpu >= 0)
        {
            _sheet.Add(MetricCatalogue.GuestIpis, counters.GuestIpis - before.GuestIpis, spec.Name);
        }

        if (spec.EoiInstruction != EoiInstruction.Mov)
        {
            _sheet.Add(MetricCatalogue.EoiSideEffects, counters.SideEffects - before.SideEffects, spec.Name);
        }
    }

    private void ReadVfs(VmSpec spec, HostWiring host, VmState vm)
    {
        for (int i = 0; i < spec.Vfs.Count; i++)
        {
            GuestNic nic = vm.Guest.Nics[i];
            VfRef vf = spec.Vfs[i];
            long interrupts = Since(vm.InterruptsBefore, (3 * i) + 0, nic.RxInterrupts)
                + Since(vm.InterruptsBefore, (3 * i) + 1, nic.TxInterrupts)
                + Since(vm.InterruptsBefore, (3 * i) + 2, nic.MailboxInterrupts);
            _sheet.Add(MetricCatalogue.Interrupts, interrupts, host.Spec.Name, spec.Name, FunctionList.NameOf(vf.Nic, vf.Port, vf.Vf));
            _sheet.Add(MetricCatalogue.PacketsTransmitted, Since(vm.TransmittedBefore, i, nic.TxFrames), spec.Name);
            long noDescriptor = Since(vm.DroppedBefore, 3 * i, nic.Ring.Dropped);
            long ringFull = Since(vm.DroppedBefore, (3 * i) + 1, nic.TxRingFullDrops);
            long socketFull = Since(vm.DroppedBefore, (3 * i) + 2, nic.SocketDrops);
            if (spec.SocketBuffer > 0)
            {
                _sheet.Add(MetricCatalogue.PacketsDropped, socketFull, "vm", "socket-buffer");
            }

            _sheet.Add(MetricCatalogue.PacketsDropped, noDescriptor, "vf", "no-descriptor");
            _sheet.Add(MetricCatalogue.PacketsDropped, ringFull, "vm", "tx-ring-full");
            _sheet.Add(MetricCatalogue.PacketsDroppedVm, noDescriptor + ringFull + socketFull, spec.Name);
        }
    }
}
