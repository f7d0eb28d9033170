using System.Globalization;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;

namespace IoScale.Nodes.Checking;

/// <summary>Smallest single changes that make a host fit, each found by booting the changed host.</summary>
internal static class Fixes
{
    private const int MostPCpus = 512;

    /// <returns>One sentence for each; empty when no single change is enough.</returns>
    public static IReadOnlyList<string> Of(HostSpec host)
    {
        List<string> fixes = [];
        if (Smallest((host.PCpus / host.Sockets) + 1, PCpuLimit(host) / host.Sockets, n => host with { PCpus = n * host.Sockets }) is { } perSocket)
        {
            fixes.Add(Say($"{perSocket * host.Sockets} pCPUs instead of {host.PCpus}"));
        }

        if (PerCpu(host) is { } perCpu && HostCheck.Fits(perCpu))
        {
            fixes.Add(perCpu.Allocator != host.Allocator ? "per-CPU vectors (allocator xen-2009-percpu, physical destinations)" : "physical destinations instead of flat");
        }

        int vectorsPerVf = host.Nics.Count > 0 ? host.Nics.Max(n => n.VectorsPerVf) : 0;
        if (Largest(1, vectorsPerVf - 1, n => WithNics(host, nic => nic with { VectorsPerVf = Math.Min(n, nic.VectorsPerVf) })) is { } fewer)
        {
            fixes.Add(Say($"at most {Many(fewer, "vector")} per VF instead of {vectorsPerVf}"));
        }

        int vfs = host.Nics.SelectMany(n => n.VfsPerPort).DefaultIfEmpty(0).Max();
        if (Largest(0, vfs - 1, n => WithNics(host, nic => nic with { VfsPerPort = [.. nic.VfsPerPort.Select(v => Math.Min(v, n))] })) is { } fewerVfs)
        {
            fixes.Add(Say($"at most {Many(fewerVfs, "VF")} a port instead of {vfs}"));
        }

        if (Smallest(host.Iommu.Entries + 1, 65536, n => host with { Iommu = host.Iommu with { Entries = n } }) is { } entries)
        {
            fixes.Add(Say($"{entries} remapping entries instead of {host.Iommu.Entries}"));
        }

        return fixes;
    }

    /// <summary>More pCPUs bring no vectors where all tables are one; flat mode addresses few.</summary>
    private static int PCpuLimit(HostSpec host) =>
        VectorModel.IsGlobal(host.Allocator) || VectorModel.IsFlat(host.Allocator, host.Destination) ? host.PCpus
        : host.Destination == DestinationMode.Flat ? VectorModel.FlatCpuLimit
        : MostPCpus;

    private static HostSpec? PerCpu(HostSpec host) =>
        VectorModel.IsGlobal(host.Allocator) ? host with { Allocator = VectorAllocatorKind.Xen2009PerCpu, Destination = DestinationMode.Physical }
        : VectorModel.IsFlat(host.Allocator, host.Destination) ? host with { Destination = DestinationMode.Physical }
        : null;

    private static HostSpec WithNics(HostSpec host, Func<NicSpec, NicSpec> change) => host with { Nics = [.. host.Nics.Select(change)] };

    /// <summary>Smallest number in [low, high] with which the host fits; more of it never hurts.</summary>
    private static int? Smallest(int low, int high, Func<int, HostSpec> change)
    {
        // Upwards in growing strides first: the answer is mostly near, and large hosts are slow to boot.
        int fits = low;
        for (int stride = 1; fits <= high && !HostCheck.Fits(change(fits)); stride *= 2)
        {
            low = fits + 1;
            fits = fits == high ? high + 1 : Math.Min(high, fits + stride);
        }

        if (fits > high)
        {
            return null;
        }

        while (low < fits)
        {
            int middle = low + ((fits - low) / 2);
            (low, fits) = HostCheck.Fits(change(middle)) ? (low, middle) : (middle + 1, fits);
        }

        return low;
    }

    /// <summary>Largest number in [low, high] with which the host fits; less of it never hurts.</summary>
    private static int? Largest(int low, int high, Func<int, HostSpec> change) =>
        Smallest(-high, -low, n => change(-n)) is { } found ? -found : null;

    private static string Many(int count, string what) => Say($"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
