using System.Globalization;
using System.Text;
using IoScale.Hardware.Platform;

namespace IoScale.Nodes.Checking;

/// <summary>Hosts of one variant that are equal in everything that a check looks at, and what it found.</summary>
/// <param name="Names">In the scenario's order.</param>
/// <param name="WhatFixes">Found when asked for: it takes many boots, and most groups fit or are not shown.</param>
internal sealed record HostGroup(IReadOnlyList<string> Names, HostSpec Host, HostBudget Budget, Lazy<IReadOnlyList<string>> WhatFixes)
{
    /// <summary>Single changes that would make the hosts fit; empty when they do.</summary>
    public IReadOnlyList<string> Fixes => Budget.Fits ? [] : WhatFixes.Value;

    /// <summary>The names in short: h[0..999].</summary>
    public string Title => NameRanges.Compress(Names);

    /// <summary>Equal for hosts that boot the same.</summary>
    public static string KeyOf(HostSpec host)
    {
        StringBuilder key = new();
        key.Append(CultureInfo.InvariantCulture, $"{host.Allocator} {host.Destination} {host.Sockets} {host.PCpus} {host.PlatformVectors} {host.Iommu.Remapping} {host.Iommu.Entries}");
        foreach (NicSpec nic in host.Nics)
        {
            key.Append(CultureInfo.InvariantCulture, $"; {nic.Name} {nic.Socket} {nic.Model.Name} {nic.VectorsPerVf} {nic.VectorsPerPf} {string.Join(',', nic.VfsPerPort)} {string.Join(',', nic.Dom0Queues)}");
        }

        return key.ToString();
    }
}
