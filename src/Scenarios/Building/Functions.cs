using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>Finds the VF that a text names.</summary>
internal static class Functions
{
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

        NicSpec? nic = host.Nics.FirstOrDefault(n => n.Name == function.Nic);
        if (nic is null)
        {
            string[] names = [.. host.Nics.Select(n => n.Name)];
            if (!names.Contains("?", StringComparer.Ordinal))
            {
                context.Wrong(map, key, $"host {host.Name} has no NIC {Show.Value(function.Nic)}; {NearestName.Hint(function.Nic, names, "its NICs")}");
            }

            return null;
        }

        if (function.Port >= nic.VfsPerPort.Count)
        {
            context.Wrong(map, key, $"{host.Name}'s {nic.Name} has no port p{function.Port}; its ports are p0 to p{nic.VfsPerPort.Count - 1}");
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
}
