namespace IoScale.VirtualTime.Snapshots;

/// <summary>
/// A snapshot of a partition, little-endian: magic, version, topology hash, number of the partition, header, its entities (ledger, state), its events by
/// key (key, message), and a 64-bit XXH3 of all before.
/// </summary>
internal static class SnapshotFormat
{
    public const ulong Magic = 0x544F_4853_454C_4143;

    public const int Version = 2;
}

/// <summary>The simulation's own numbers.</summary>
internal readonly record struct SnapshotHeader(long Now, ulong Injected, bool Started);
