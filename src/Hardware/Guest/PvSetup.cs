using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Guest;

/// <summary>How a guest uses event channels, in picoseconds where it is about costs. Constant during a run; not part of the guest's state.</summary>
/// <param name="Paravirtual">All its interrupts are events, without exits; otherwise it is an HVM guest with a vif.</param>
/// <param name="UpcallPs">An upcall: entry, and the scan of the pending bits.</param>
public sealed record PvSetup(bool Paravirtual, EventChannelAbi Abi, long UpcallPs)
{
    /// <summary>How the guest's vif, its NIC 0, notifies it; null where it has none.</summary>
    public NotificationSpec? Vif { get; init; }

    /// <summary>dom0's part; null for other guests.</summary>
    public DriverDomainSetup? Dom0 { get; init; }
}

/// <summary>What only dom0 does.</summary>
/// <param name="Shards">Number of netback shards; shard s runs on vCPU s modulo the number of vCPUs.</param>
/// <param name="ShardOfVif">For each vif of the host the shard that serves it.</param>
/// <param name="ThreadSwitchPs">Waking and switching to a shard's thread.</param>
/// <param name="DeviceModelPs">The device model's work on one request.</param>
public sealed record DriverDomainSetup(
    int Shards, IReadOnlyList<int> ShardOfVif, NetbackExecution Execution, long ThreadSwitchPs, long DeviceModelPs)
{
    /// <summary>Number of flows: dom0 counts what its NICs lose of each, as its queues carry those of many guests.</summary>
    public int Flows { get; init; }

    /// <summary>Frames that wait for the NIC's transmit ring (Linux: txqueuelen).</summary>
    public const int DeviceQueueLength = 1000;

    /// <summary>Frames that all polls of a vCPU may take before a tasklet has its turn (Linux: netdev_budget; R-H).</summary>
    public const int PollBudget = 300;

    /// <summary>The shards are threads.</summary>
    public bool Threads => Execution == NetbackExecution.Kthread;
}
