using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Vectors.Replay;

/// <summary>Operations of the allocators with one table.</summary>
internal sealed class GlobalReplay
{
    public GlobalReplay(VectorAllocatorKind kind)
    {
        var table = new GlobalTable(kind);
        Operations =
        [
            ReplayOperation.Of("gassign", (_, answer) => answer.Append(", \"rc\": ").Append(table.Assign())),
            ReplayOperation.Of("gfree VECTOR", (arguments, answer) => answer.Append(", \"rc\": ").Append(table.Free(arguments[0]))),
        ];
    }

    public IReadOnlyList<ReplayOperation> Operations { get; }
}
