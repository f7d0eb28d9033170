using IoScale.Actors.Assembly;
using IoScale.Actors.Entities;
using IoScale.Hardware.Numbers;
using IoScale.Protocol.Messages;
using IoScale.Protocol.Metrics;

namespace IoScale.Actors.Running;

/// <summary>Cycles, exits, IPIs.</summary>
internal sealed partial class OutcomeReader
{
    private const string ExitPrefix = "exit-";

    private void ReadPCpus(HostWiring host)
    {
        string name = host.Spec.Name;
        long[] hostPs = new long[CpuCategories.Count];
        long delivery = 0;
        for (int i = 0; i < host.PCpus.Count; i++)
        {
            PCpuState pcpu = State<PCpuActor, PCpuState>(host.PCpus[i]);
            long[] ps = SpentInWindow(pcpu);
            long[] cycles = new long[ps.Length];
            CycleLedger.ToCycles(ps, _spec.Costs.ClockHz, cycles);
            for (int c = 0; c < ps.Length; c++)
            {
                hostPs[c] += ps[c];
                string category = CpuCategories.Names.Of((CpuCategory)c);
                if (category.StartsWith(ExitPrefix, StringComparison.Ordinal))
                {
                    string reason = category[ExitPrefix.Length..];
                    _sheet.Add(MetricCatalogue.Exits, Since(pcpu.CountersBefore.Exits, c, pcpu.Counters.Exits[c]), name, Text(i), reason);
                    _sheet.Add(MetricCatalogue.ExitCycles, cycles[c], name, Text(i), reason);
                }

                _sheet.Add(MetricCatalogue.CpuCycles, cycles[c], name, Text(i), category);
            }

            long busyPs = ps.Sum() - ps[(int)CpuCategory.Idle];
            _sheet.Add(MetricCatalogue.PCpuBusy, (double)busyPs / _windowPs, name, Text(i));
            for (int purpose = 0; purpose < pcpu.Counters.Ipis.Length; purpose++)
            {
                long sent = Since(pcpu.CountersBefore.Ipis, purpose, pcpu.Counters.Ipis[purpose]);
                _sheet.Add(MetricCatalogue.Ipis, sent, name, KebabCase.From(((IpiPurpose)purpose).ToString()));
                delivery += purpose == (int)IpiPurpose.Delivery ? sent : 0;
            }

            _sheet.Add(MetricCatalogue.InterruptsMerged, pcpu.Counters.Merged - pcpu.CountersBefore.Merged, name, "pcpu");
            _sheet.Add(MetricCatalogue.InterruptsUnhandled, pcpu.Counters.Unhandled - pcpu.CountersBefore.Unhandled, name);
        }

        _sheet.Add(MetricCatalogue.IpisDelivery, delivery, name);
        long elapsedPs = hostPs.Sum();
        long idlePs = hostPs[(int)CpuCategory.Idle];
        _sheet.Add(MetricCatalogue.CpuUtilizationRatio, elapsedPs == 0 ? 0 : (double)(elapsedPs - idlePs) / elapsedPs, name);
        for (int c = 0; c < hostPs.Length; c++)
        {
            if ((CpuCategory)c != CpuCategory.Idle)
            {
                _sheet.Add(MetricCatalogue.CpuUtilizationCores, (double)hostPs[c] / _windowPs, name, CpuCategories.Names.Of((CpuCategory)c));
            }
        }
    }

    /// <summary>Picoseconds by category in the measured window, what is under way counted up to now.</summary>
    private long[] SpentInWindow(PCpuState pcpu)
    {
        long[] ps = pcpu.Ledger.Picoseconds.ToArray();
        ps[(int)pcpu.Category] += _nowPs - pcpu.Ledger.CursorPs;
        for (int c = 0; c < ps.Length; c++)
        {
            ps[c] -= pcpu.LedgerBefore[c];
        }

        return ps;
    }
}
