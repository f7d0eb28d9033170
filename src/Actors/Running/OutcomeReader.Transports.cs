using System.Globalization;
using IoScale.Actors.Assembly;
using IoScale.Actors.Entities;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Traffic;
using IoScale.Protocol.Metrics;
using IoScale.VirtualTime;

namespace IoScale.Actors.Running;

/// <summary>What the senders of TCP and request/response flows know.</summary>
internal sealed partial class OutcomeReader
{
    private void ReadTransports()
    {
        Dictionary<string, LatencyHistogram> transactions = new(StringComparer.Ordinal);
        Dictionary<EntityId, int> places = [];
        for (int i = 0; i < _spec.Flows.Count; i++)
        {
            FlowSpec flow = _spec.Flows[i];
            EntityId sender = _assembly.Wiring.Flows[i].Sender;
            int place = places.GetValueOrDefault(sender);
            places[sender] = place + 1;
            if (flow.Transport == TransportKind.Udp)
            {
                continue;
            }

            FlowSource source = SourceOf(_assembly.Wiring.Flows[i], place);
            string vm = flow.ToVm ?? flow.FromVm!;
            if (source.Tcp is { } tcp)
            {
                _sheet.Add(MetricCatalogue.TcpLosses, tcp.Losses - source.LossesBefore, vm);
                continue;
            }

            transactions.TryAdd(vm, new LatencyHistogram(RequestClient.LatencyDigits));
            transactions[vm].Add(source.Client!.Latency);
        }

        foreach (VmSpec vm in _spec.Vms)
        {
            if (transactions.TryGetValue(vm.Name, out LatencyHistogram? latency))
            {
                ReadTransactions(vm.Name, latency);
            }
        }
    }

    private void ReadTransactions(string vm, LatencyHistogram latency)
    {
        _sheet.Add(MetricCatalogue.Transactions, latency.Count, vm);
        if (latency.Count == 0)
        {
            return;
        }

        foreach (double quantile in Quantiles)
        {
            _sheet.Add(
                MetricCatalogue.TransactionLatency, latency.QuantilePs(quantile) / PsPerSecond, vm, quantile.ToString(CultureInfo.InvariantCulture));
        }
    }

    private FlowSource SourceOf(FlowWiring flow, int place) => flow.Spec.FromVm is null
        ? State<TrafficActor, TrafficState>(flow.Sender).Sources[place]
        : State<VmActor, VmState>(flow.Sender).Sources[place];
}
