using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>Finds what a text names in a host: VFs, NICs with their ports.</summary>
internal static class Functions
{
    /// <summary>The VF that a text names.</summary>
    /// <returns>Null where a mistake was reported.</returns>
    public static VfRef? Find(BuildContext context, CheckedMap map, string key, string text, HostSpec host)
    {
        // Ranges that stand where none may were reported when ranges were expanded.
        if (NameRange.IsRange(text))
        {
            return null;
        }

        if (FunctionName.Parse(text, out FunctionName function) is { } mistake)
        {
            context.Wrong(map, key, mistake);
            return null;
        }

        if (Nic(context, map, key, function.Nic, function.Port, host) is not { } nic)
        {
            return null;
        }

        int enabled = nic.VfsPerPort[function.Port];
        if (function.Vf >= enabled)
        {
            string right = enabled == 0 ? "no VFs are enabled there; set vfs of the NIC" : $"its VFs are vf0 to vf{enabled - 1} (vfs of the NIC)";
            context.Wrong(map, key, $"{host.Name}'s {nic.Name} has no vf{function.Vf} on port p{function.Port}; {right}");
            return null;
        }

        return new(host.Name, nic.Name, function.Port, function.Vf);
    }

    /// <summary>The NIC that has the port.</summary>
    /// <returns>Null where a mistake was reported.</returns>
    public static NicSpec? Nic(BuildContext context, CheckedMap map, string key, string name, int port, HostSpec host)
    {
        NicSpec? nic = host.Nics.FirstOrDefault(n => n.Name == name);
        if (nic is null)
        {
            string[] names = [.. host.Nics.Select(n => n.Name)];
            if (!names.Contains("?", StringComparer.Ordinal))
            {
                context.Wrong(map, key, $"host {host.Name} has no NIC {Show.Value(name)}; {NearestName.Hint(name, names, "its NICs")}");
            }

            return null;
        }

        if (port >= nic.VfsPerPort.Count)
        {
            context.Wrong(map, key, $"{host.Name}'s {nic.Name} has no port p{port}; its ports are p0 to p{nic.VfsPerPort.Count - 1}");
            return null;
        }

        return nic;
    }
}
