using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Vectors;

/// <summary>The names by which a user knows the allocators.</summary>
public static class VectorAllocatorNames
{
    private static readonly string[] Names = ["slide-global", "xen-2009-global", "xen-2009-percpu", "xen", "linux-2.6.32", "linux"];

    /// <summary>All names, in the order of <see cref="VectorAllocatorKind"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of an allocator.</summary>
    public static string Of(VectorAllocatorKind kind) => Names[(int)kind];

    /// <summary>The allocator of that name; false when there is none.</summary>
    public static bool TryParse(string name, out VectorAllocatorKind kind)
    {
        var index = Array.IndexOf(Names, name);
        kind = (VectorAllocatorKind)Math.Max(index, 0);
        return index >= 0;
    }
}
