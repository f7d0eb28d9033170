using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>Makes a system of a checked tree, and checks what no single key shows.</summary>
internal static class SystemBuilder
{
    /// <param name="cutShort">The run ends earlier than its author meant: leave out what comes later.</param>
    /// <returns>To be used only if <paramref name="errors"/> stays empty.</returns>
    public static SystemSpec Build(CheckedMap root, ErrorList errors, IHardwareCatalogue hardware, bool cutShort)
    {
        CostProfile costs = CostBuilder.Build(root, errors, hardware);
        BuildContext context = new(errors, hardware)
        {
            Costs = costs,
            DurationPs = root.Number("duration", Types.LongestRun),
            CutShort = cutShort,
            HasFabric = root.Has("fabric"),
        };
        long warmUp = root.Number("warmUp");
        if (warmUp >= context.DurationPs)
        {
            context.Wrong(root, root.Has("warmUp") ? "warmUp" : "duration", $"the warm-up of {Quantity.Format(warmUp, Dimension.Time)} leaves nothing to measure of a run of {Quantity.Format(context.DurationPs, Dimension.Time)}; make warmUp less than duration");
        }

        foreach (CheckedMap host in root.Maps("hosts"))
        {
            HostBuilder.Build(context, host);
        }

        CheckedMap fabric = root.Map("fabric");
        FabricSpec? fabricSpec = context.HasFabric ? new(fabric.Text("name") ?? "?", fabric.Number("latency", 1)) : null;
        VmBuilder vms = new(context);
        foreach (CheckedMap vm in root.Maps("vms"))
        {
            vms.Build(vm);
        }

        new Dom0Builder(context).Build([.. root.Maps("hosts")]);

        return new(
            root.Text("name") ?? "?",
            root.Unsigned("seed"),
            context.DurationPs,
            warmUp,
            costs,
            context.Hosts.All,
            fabricSpec,
            context.Vms.All,
            new FlowBuilder(context).Build(root.Maps("traffic")),
            new TimelineBuilder(context).Build(root.Maps("timeline")));
    }
}
