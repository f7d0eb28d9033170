using IoScale.Hardware.Nics;
using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>NIC cards, within what their models can do.</summary>
internal static class NicBuilder
{
    /// <summary>Stands for a model that does not exist: limits wide enough that nothing else is reported because of it.</summary>
    private static readonly NicModel StandIn = new("?", [], "", 64, 1, 65_536, 0, 2_048, 1, 2_048, 1, 0, [], 0, 0, 1, 1, 65_536, 1, long.MaxValue, 1, 0, 1, []);

    public static void Build(BuildContext context, CheckedMap map, Names<NicSpec> nics, int sockets)
    {
        string name = nics.Claim(context, map);
        NicModel model = map.Text("model") is { } written && context.Hardware.TryGetNicModel(written, out NicModel? found) ? found : StandIn;
        int socket = (int)map.Number("socket");
        if (socket >= sockets)
        {
            context.Wrong(map, "socket", $"the host has no socket {socket}; its sockets are 0 to {sockets - 1}");
        }

        int[] vfs = Vfs(context, map, model);
        int perPf = WithinTable(context, map, "vectorsPerPf", model.DefaultPfVectors, model.PfVectors, "PF", model);
        nics.Add(name, new(
            name,
            socket,
            model,
            vfs,
            VectorsPerVf(context, map, model, vfs.Sum(), perPf),
            perPf,
            Ring(context, map, "rxRing", model),
            Ring(context, map, "txRing", model),
            CoalescingBuilder.Build(context, map.Map("coalescing"), "rx", model),
            CoalescingBuilder.Build(context, map.Map("coalescing"), "tx", model)));
    }

    private static int[] Vfs(BuildContext context, CheckedMap map, NicModel model)
    {
        CheckedList? list = map.List("vfs");
        int[] written = [.. list?.Items.Select(i => i.Value is Int128 n ? (int)n : model.MaxVfsPerPort) ?? []];
        int[] vfs = list is { Single: false } ? written : [.. Enumerable.Repeat(written.FirstOrDefault(), model.Ports)];
        if (vfs.Length != model.Ports && model != StandIn)
        {
            context.Wrong(map, "vfs", $"lists {vfs.Length} ports and a {model.Name} has {model.Ports}; write one number for all ports, or {model.Ports} numbers");
            return [.. Enumerable.Repeat(model.MaxVfsPerPort, model.Ports)];
        }

        int most = vfs.DefaultIfEmpty().Max();
        if (most > model.MaxVfsPerPort)
        {
            string right = model.MaxVfsPerPort == 0 ? "it has no SR-IOV; write 0" : $"a {model.Name} has at most {model.MaxVfsPerPort} on each port";
            context.Wrong(map, "vfs", $"{most} VFs on a port are too many; {right}");
        }
        else if (model.MaxVfsPerDevice > 0 && vfs.Sum() > model.MaxVfsPerDevice)
        {
            context.Wrong(map, "vfs", $"{vfs.Sum()} VFs on the card are too many; the ports of a {model.Name} share {model.MaxVfsPerDevice}");
        }

        return vfs;
    }

    private static int VectorsPerVf(BuildContext context, CheckedMap map, NicModel model, int vfs, int perPf)
    {
        if (model.DeviceVectors == 0 || vfs == 0)
        {
            return WithinTable(context, map, "vectorsPerVf", model.DefaultVfVectors, model.VfVectors, "VF", model);
        }

        // A card with a pool gives every VF the largest table that fits them all.
        int granted = VectorBudget.Tier(model.VfVectorTiers, model.DeviceVectors - (model.Ports * perPf), vfs);
        if (granted == 0)
        {
            context.Wrong(map, "vfs", $"the card's {model.DeviceVectors} vectors do not suffice for {vfs} VFs beside {model.Ports} PFs with {perPf} each; enable fewer VFs or lower vectorsPerPf");
            return 1;
        }

        int wanted = (int)(map.GivenNumber("vectorsPerVf") ?? Math.Min(granted, model.DefaultVfVectors));
        if (wanted > granted)
        {
            context.Wrong(map, "vectorsPerVf", $"{wanted} vectors are too many; with {vfs} VFs a {model.Name} gives each of them {granted}");
        }

        return wanted;
    }

    private static int WithinTable(BuildContext context, CheckedMap map, string key, int byDefault, int size, string function, NicModel model)
    {
        int wanted = (int)(map.GivenNumber(key) ?? byDefault);
        if (wanted > size && map.Has(key))
        {
            context.Wrong(map, key, size == 0 ? $"a {model.Name} has no {function}; leave it out" : $"{wanted} vectors are too many; the MSI-X table of a {model.Name}'s {function} has {size}");
        }

        return wanted;
    }

    private static int Ring(BuildContext context, CheckedMap map, string key, NicModel model)
    {
        int size = (int)(map.GivenNumber(key) ?? model.RingDefault);
        if (size < model.RingMin || size > model.RingMax)
        {
            context.Wrong(map, key, $"{size} descriptors: a {model.Name} takes {model.RingMin} to {model.RingMax}");
        }

        return size;
    }
}
