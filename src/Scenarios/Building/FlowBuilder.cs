using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>Flows: one for each pair of ends that an entry stands for.</summary>
internal sealed class FlowBuilder(BuildContext context)
{
    private const long MostPeakBps = 10_000_000_000_000;

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<FlowSpec> _flows = [];

    /// <summary>One side of an entry: the VMs, or null for a station outside; <c>Several</c> for a range or pattern.</summary>
    private readonly record struct Side(IReadOnlyList<VmSpec?> Ends, bool Several);

    public IReadOnlyList<FlowSpec> Build(IEnumerable<CheckedMap> entries)
    {
        foreach (CheckedMap map in entries)
        {
            FlowSpec prototype = Prototype(map);
            if (context.CutShort && prototype.StartPs >= context.DurationPs)
            {
                continue;
            }

            if (FindSide(map, "from") is { } from && FindSide(map, "to") is { } to)
            {
                Pair(map, prototype, from, to);
            }
        }

        return _flows;
    }

    private FlowSpec Prototype(CheckedMap map)
    {
        ArrivalKind arrival = HostBuilder.Choice(map, "arrival", ChoiceNames.Arrivals);
        foreach (string key in (string[])["on", "off"])
        {
            if (arrival == ArrivalKind.OnOff && !map.Has(key))
            {
                context.Wrong(map, key, "is missing; arrival on-off needs both, for example on: 1ms and off: 3ms");
            }
            else if (arrival != ArrivalKind.OnOff && map.Has(key) && map.Text("arrival") is not null)
            {
                context.Wrong(map, key, "belongs to arrival on-off; remove it, or write arrival: on-off");
            }
        }

        long start = map.Number("start");
        long stop = Math.Min(map.GivenNumber("stop") ?? context.DurationPs, context.DurationPs);
        if (start >= context.DurationPs && !context.CutShort)
        {
            context.Wrong(map, "start", $"the run ends at {Quantity.Format(context.DurationPs, Dimension.Time)}; start before that");
        }
        else if (stop <= start && map.Has("stop"))
        {
            context.Wrong(map, "stop", $"is not after start ({Quantity.Format(start, Dimension.Time)}); make it later, or leave it out to run to the end");
        }

        long on = map.GivenNumber("on") ?? 0;
        long off = map.GivenNumber("off") ?? 0;
        if (arrival == ArrivalKind.OnOff && on > 0 && (Int128)map.Number("rate") * (on + off) > (Int128)MostPeakBps * on)
        {
            context.Wrong(map, "on", "makes the flow faster than 10Tbps while it is on; lengthen on, or shorten off, or lower rate");
        }

        return new(
            map.Text("name") ?? "?",
            null,
            null,
            (int)map.Number("fromVf"),
            (int)map.Number("toVf"),
            map.Number("rate"),
            (int)map.Number("frame"),
            arrival,
            (int)map.Number("burst"),
            on,
            off,
            start,
            stop);
    }

    private Side? FindSide(CheckedMap map, string key)
    {
        if (map.Text(key) is not { } text)
        {
            return null;
        }

        if (text == NameRules.External)
        {
            return new([null], false);
        }

        if (NamePattern.IsPattern(text))
        {
            VmSpec[] matching = [.. context.Vms.All.Where(v => NamePattern.Matches(text, v.Name))];
            if (matching.Length == 0)
            {
                context.Wrong(map, key, $"no VM matches {Show.Value(text)}; VMs: {Show.Names(context.Vms.All.Select(v => v.Name))}");
                return null;
            }

            return new(matching, true);
        }

        if (NameRange.Expand(text, out IReadOnlyList<string> names) is { } mistake)
        {
            context.Wrong(map, key, mistake);
            return null;
        }

        VmSpec?[] found = [.. names.Select(n => context.Vms.Find(context, map, key, n))];
        return found.Contains(null) ? null : new(found, NameRange.IsRange(text));
    }

    private void Pair(CheckedMap map, FlowSpec prototype, Side from, Side to)
    {
        int count = Math.Max(from.Ends.Count, to.Ends.Count);
        if (from.Ends.Count != to.Ends.Count && Math.Min(from.Ends.Count, to.Ends.Count) != 1)
        {
            context.Wrong(map, "to", $"stands for {to.Ends.Count} VMs and from for {from.Ends.Count}; make one of them a single VM, or both the same length");
            return;
        }

        if (_flows.Count + count > Types.MostVms)
        {
            context.Wrong(map, "name", $"makes more than {Types.MostVms} flows; that is the most there can be");
            return;
        }

        for (int i = 0; i < count; i++)
        {
            VmSpec? sender = from.Ends[from.Ends.Count == 1 ? 0 : i];
            VmSpec? receiver = to.Ends[to.Ends.Count == 1 ? 0 : i];
            string name = prototype.Name + (from.Several ? $"-{sender!.Name}" : "") + (to.Several ? $"-{receiver!.Name}" : "");
            if (!_names.Add(name) && map.Text("name") is not null)
            {
                context.Wrong(map, "name", $"two flows are called {name}; give this one another name");
            }

            CheckEnds(map, prototype, sender, receiver);
            _flows.Add(prototype with { Name = name, FromVm = sender?.Name, ToVm = receiver?.Name });
        }
    }

    private void CheckEnds(CheckedMap map, FlowSpec flow, VmSpec? sender, VmSpec? receiver)
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

        VfRef? source = Vf(map, "from", sender, flow.FromVf);
        VfRef? target = Vf(map, "to", receiver, flow.ToVf);
        if (source is not null && target is not null && !context.HasFabric
            && (source.Host != target.Host || source.Nic != target.Nic || source.Port != target.Port))
        {
            context.Wrong(map, "to", $"{sender!.Name} ({source.Host} {source.Nic}.p{source.Port}) cannot reach {receiver!.Name} ({target.Host} {target.Nic}.p{target.Port}): the ports are not linked; add a fabric, for example fabric: {{latency: 1us}}");
        }
    }

    private VfRef? Vf(CheckedMap map, string side, VmSpec? vm, int index)
    {
        if (vm is null || vm.Host == "?")
        {
            return null;
        }

        if (index < vm.Vfs.Count)
        {
            return vm.Vfs[index];
        }

        if (vm.Vfs.Count == 0)
        {
            context.Wrong(map, side, $"{vm.Name} has no VF; give it one, for example vf: {FunctionName.Example}");
        }
        else
        {
            context.Wrong(map, $"{side}Vf", $"{vm.Name} has no VF {index}; its VFs are 0 to {vm.Vfs.Count - 1}");
        }

        return null;
    }
}
