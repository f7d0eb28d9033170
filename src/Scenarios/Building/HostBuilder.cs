using IoScale.Hardware.Nics;
using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;

namespace IoScale.Scenarios.Building;

/// <summary>Hosts and what is in them.</summary>
internal static class HostBuilder
{
    private const int MostFlatPCpus = 8;

    // Bus 0 is the root's own.
    private const int MostBuses = 255;

    public static void Build(BuildContext context, CheckedMap map)
    {
        string name = context.Hosts.Claim(context, map);
        int pcpus = (int)map.Number("pcpus", Types.MostPCpus);
        int sockets = (int)map.Number("sockets", 1);
        if (pcpus % sockets != 0)
        {
            int below = Math.Max(sockets, pcpus - (pcpus % sockets));
            context.Wrong(map, "pcpus", $"{pcpus} pCPUs cannot be shared evenly by {sockets} sockets; write a multiple of {sockets}, for example {below}");
            sockets = 1;
        }

        CheckedMap vectors = map.Map("vectors");
        DestinationMode destination = Choice(vectors, "destination", ChoiceNames.Destinations);
        if (destination == DestinationMode.Flat && pcpus > MostFlatPCpus && map.GivenNumber("pcpus") is not null)
        {
            context.Wrong(vectors, "destination", $"flat addresses at most {MostFlatPCpus} pCPUs and the host has {pcpus}; write physical or x2apic");
        }

        Names<NicSpec> nics = new("NIC");
        foreach (CheckedMap nic in map.Maps("nics"))
        {
            NicBuilder.Build(context, nic, nics, sockets);
        }

        int buses = nics.All.Sum(n => RoutingIds.Buses(n.Model));
        if (buses > MostBuses)
        {
            context.Wrong(map, "nics", $"the cards' functions need {buses} PCIe buses and a host has {MostBuses} for them; write fewer cards");
        }

        if (pcpus > 255 && !map.Map("iommu").Flag("remapping"))
        {
            context.Wrong(map.Map("iommu"), "remapping", $"{pcpus} pCPUs need it: a message without remapping names a pCPU in 8 bits; write true, or at most 255 pCPUs");
        }

        DeliveryMode delivery = Choice(map, "delivery", ChoiceNames.Deliveries);
        EoiMode eoi = Choice(map, "eoi", ChoiceNames.Eois);
        ChoiceRules.Check(context, map, delivery, eoi);
        context.Hosts.Add(name, new(
            name,
            sockets,
            pcpus,
            Choice(vectors, "allocator", ChoiceNames.Allocators),
            destination,
            (int)vectors.Number("platformVectors"),
            delivery,
            eoi,
            new(map.Map("iommu").Flag("remapping"), (int)map.Map("iommu").Number("entries")),
            Scheduler(context, map.Map("scheduler")),
            nics.All)
        {
            EventChannels = Choice(map, "eventChannels", ChoiceNames.EventChannels),
            MsixMask = Choice(map, "msixMask", ChoiceNames.MaskOwners),
        });
    }

    public static T Choice<T>(CheckedMap map, string key, ChoiceNames<T> names)
        where T : struct, Enum => map.Text(key) is { } word ? names.Choice(word) : default;

    private static SchedulerSpec Scheduler(BuildContext context, CheckedMap map)
    {
        long slice = map.Number("slice", Types.Second);
        foreach (string key in (string[])["tick", "rateLimit"])
        {
            if (map.Number(key) > slice)
            {
                context.Wrong(map, key, $"is longer than the slice of {Values.Quantity.Format(slice, Values.Dimension.Time)}; make it at most that");
            }
        }

        return new(slice, map.Number("tick"), map.Number("rateLimit"), map.Flag("balance"), map.Flag("boost"));
    }
}
