using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;

namespace IoScale.Scenarios.Building;

/// <summary>What the builders share while one system is made: the mistakes, and who has which name.</summary>
internal sealed class BuildContext(ErrorList errors, IHardwareCatalogue hardware)
{
    public ErrorList Errors { get; } = errors;

    public IHardwareCatalogue Hardware { get; } = hardware;

    /// <summary>End of the run; the largest allowed time where the duration is wrong.</summary>
    public long DurationPs { get; set; }

    /// <summary>What would happen at or after the end is left out instead of being a mistake.</summary>
    public bool CutShort { get; set; }

    public bool HasFabric { get; set; }

    /// <summary>Without constants where the scenario's profile is wrong.</summary>
    public required CostProfile Costs { get; init; }

    public Names<HostSpec> Hosts { get; } = new("host");

    public Names<VmSpec> Vms { get; } = new("VM");

    public void Wrong(CheckedMap map, string key, string message) => Errors.Add(map.At(key), map.PathOf(key), message);

    /// <summary>The host that a key names; without the key, the only one. Null where that was a mistake.</summary>
    public HostSpec? HostOf(CheckedMap map)
    {
        if (map.Has("host"))
        {
            return map.Text("host") is { Length: > 0 } name ? Hosts.Find(this, map, "host", name) : null;
        }

        if (Hosts.All.Count != 1)
        {
            if (Hosts.All.Count > 1)
            {
                Wrong(map, "host", $"is missing; with several hosts, say which: {Values.Show.Names(Hosts.All.Select(h => h.Name))}");
            }

            return null;
        }

        return Hosts.All[0];
    }
}
