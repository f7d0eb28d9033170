using System.IO.Hashing;
using System.Reflection;
using System.Text;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Protocol;
using IoScale.Scenarios;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>Tells builds apart that could give different results.</summary>
internal static class BuildFingerprint
{
    /// <summary>
    /// Sixteen hexadecimal digits, a hash of the identities that the compiler gave the assemblies of the model. Builds of the same source by the same
    /// compiler have the same, wherever the source lies.
    /// </summary>
    public static string Value { get; } = Of(typeof(Simulation), typeof(HostSpec), typeof(MessageCodec), typeof(SystemRun), typeof(ScenarioLoader));

    private static string Of(params Type[] types)
    {
        XxHash64 hash = new();
        foreach (Module module in types.Select(t => t.Module).OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            hash.Append(Encoding.UTF8.GetBytes(module.Name));
            hash.Append(module.ModuleVersionId.ToByteArray());
        }

        return $"{hash.GetCurrentHashAsUInt64():x16}";
    }
}
