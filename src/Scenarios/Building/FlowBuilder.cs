using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>Flows: one for each pair of ends that an entry stands for.</summary>
internal sealed class FlowBuilder(BuildContext context)
{
    private const long MostPeakBps = 10_000_000_000_000;

    private const int DefaultResponse = 64;

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<FlowSpec> _flows = [];
    private readonly FlowEnds _ends = new(context);

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

        TransportKind transport = Transport(map);
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
            stop)
        {
            Transport = transport,
            Window = (int)(map.GivenNumber("window") ?? (transport == TransportKind.Tcp ? GuestKeys.TcpWindow : 1)),
            ResponseBytes = (int)(map.GivenNumber("response") ?? DefaultResponse),
            DistancePs = map.GivenNumber("distance") ?? 0,
        };
    }

    private TransportKind Transport(CheckedMap map)
    {
        TransportKind transport = HostBuilder.Choice(map, "transport", ChoiceNames.Transports);
        if (map.Text("transport") is not { } word)
        {
            return transport;
        }

        foreach (string key in (string[])["window", "distance"])
        {
            if (map.Has(key) && transport == TransportKind.Udp)
            {
                context.Wrong(map, key, "belongs to transport tcp or request-response: a udp sender waits for nothing; remove it, or write one of those");
            }
        }

        if (map.Has("response") && transport != TransportKind.RequestResponse)
        {
            context.Wrong(map, "response", $"belongs to transport request-response; remove it, or write that instead of {word}");
        }

        if (transport == TransportKind.RequestResponse)
        {
            ClosedLoop(map);
        }

        return transport;
    }

    /// <summary>What spaces frames by a clock says nothing where responses are the clock.</summary>
    private void ClosedLoop(CheckedMap map)
    {
        if (map.Text("arrival") is { } arrival && HostBuilder.Choice(map, "arrival", ChoiceNames.Arrivals) != ArrivalKind.Constant)
        {
            context.Wrong(map, "arrival", $"{arrival} spaces frames, and request-response sends when responses come; remove it, or write transport: udp or tcp");
        }

        if (map.Number("burst", 1) != 1)
        {
            context.Wrong(map, "burst", $"{map.Number("burst", 1)} frames go back to back with udp and tcp only; for as many requests at a time write window: {map.Number("burst", 1)}");
        }
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

        return VmSelection.Find(context, map, key, text) is { } vms ? new(vms.All, vms.Several) : null;
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

            _ends.Check(map, prototype, sender, receiver);
            _flows.Add(prototype with { Name = name, FromVm = sender?.Name, ToVm = receiver?.Name });
        }
    }
}
