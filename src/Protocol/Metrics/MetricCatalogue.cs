namespace IoScale.Protocol.Metrics;

/// <summary>
/// Every metric that a run reports. Summary, OpenMetrics, expectations, console and documentation are made from this table; a name that is
/// not here does not exist.
/// </summary>
public static class MetricCatalogue
{
    public static readonly MetricDefinition VectorsCapacity = State("vectors_capacity", "vectors", ["host", "pcpu"], "Device vectors that the pCPU can hold under the host's allocator; where all pCPUs share one table (global and flat models) it is one series with pcpu \"all\".", Aggregation.Sum);
    public static readonly MetricDefinition VectorsAssigned = State("vectors_assigned", "vectors", ["host", "pcpu"], "Vectors held on the pCPU at the end, those of platform devices included; each counts once, on the pCPU that its interrupts go to.", Aggregation.Sum);
    public static readonly MetricDefinition VectorsRefused = Total("vectors_refused_total", "vectors", ["host", "pcpu"], "Vectors that a driver asked for and did not get; pcpu is the last one tried, \"all\" where the allocator looks at all of them at once, \"none\" where no pCPU was asked.");
    public static readonly MetricDefinition VectorsMoving = State("vectors_moving", "vectors", ["host", "pcpu"], "Old vectors still held on the pCPU by an unfinished move.", Aggregation.Sum);
    public static readonly MetricDefinition VectorNumbersShared = State("vector_numbers_shared", "vectors", ["host"], "Vector numbers that serve different irqs on different pCPUs.", Aggregation.Sum);
    public static readonly MetricDefinition FunctionsUp = State("functions_up", "functions", ["host"], "PFs and VFs whose driver got every vector it asked for.", Aggregation.Sum);
    public static readonly MetricDefinition FunctionsRefused = State("functions_refused", "functions", ["host"], "PFs and VFs whose driver was refused at least one vector.", Aggregation.Sum);
    public static readonly MetricDefinition IrqMoves = Total("irq_moves_total", "moves", ["host"], "Interrupt moves completed (old vector released).");
    public static readonly MetricDefinition IrqMovesFailed = Total("irq_moves_failed_total", "moves", ["host", "reason"], "Interrupt moves that the allocator refused; the irq stays where it was.");
    public static readonly MetricDefinition OfflineRefused = Total("pcpu_offline_refused_total", "requests", ["host"], "Requests to take a pCPU offline that were refused.");

    public static readonly MetricDefinition Exits = Counter("exits_total", "exits", ["host", "pcpu", "reason"], "VM exits by reason.");
    public static readonly MetricDefinition ExitCycles = Counter("exit_cycles_total", "cycles", ["host", "pcpu", "reason"], "Cycles spent on VM exits by reason, entry included.");
    public static readonly MetricDefinition CpuCycles = Counter("cpu_cycles_total", "cycles", ["host", "pcpu", "category"], "Every cycle of the pCPU in exactly one category; the sum is the elapsed time.");
    public static readonly MetricDefinition PCpuBusy = Gauge("pcpu_busy_ratio", "ratio", ["host", "pcpu"], "Share of the measured window in which the pCPU was not idle.", Aggregation.Max);
    public static readonly MetricDefinition CpuUtilizationRatio = Gauge("cpu_utilization_ratio", "ratio", ["host"], "Busy share of the whole host (all pCPUs = 1).", Aggregation.Mean);
    public static readonly MetricDefinition CpuUtilizationCores = Gauge("cpu_utilization_cores", "cores", ["host", "category"], "Busy time by category, in cores (1 = one core).", Aggregation.Sum);

    public static readonly MetricDefinition Interrupts = Counter("interrupts_total", "interrupts", ["host", "vm", "device"], "Device interrupts handled by the guest.");
    public static readonly MetricDefinition InterruptsMerged = Counter("interrupts_merged_total", "interrupts", ["host", "where"], "Interrupts that found their bit already set and became one with the earlier one.");
    public static readonly MetricDefinition InterruptFaults = Counter("interrupt_faults_total", "interrupts", ["host", "reason"], "Interrupt requests blocked by interrupt remapping.");
    public static readonly MetricDefinition InterruptsUnhandled = Counter("interrupts_unhandled_total", "interrupts", ["host"], "Interrupts that arrived at a vector nobody owned, or for a driver that was gone.");
    public static readonly MetricDefinition Ipis = Counter("ipis_total", "ipis", ["host", "purpose"], "Physical IPIs sent, by purpose.");
    public static readonly MetricDefinition IpisDelivery = Counter("ipis_delivery_total", "ipis", ["host"], "Physical IPIs sent to carry a device interrupt or an event channel's event to its vCPU (ipis_total with purpose delivery).");
    public static readonly MetricDefinition InterruptFallbacks = Counter("interrupt_fallbacks_total", "interrupts", ["host", "reason"], "Interrupts that follow-vcpu delivery could not track, or that could not be posted, and that took the static way.");
    public static readonly MetricDefinition EvtchnNotifications = Counter("evtchn_notifications_total", "notifications", ["vm"], "Event-channel notifications that the VM's vif received (upcalls it caused or joined).");
    public static readonly MetricDefinition EvtchnMerged = Counter("evtchn_merged_total", "notifications", ["vm"], "Event-channel notifications of the VM's vif that found their port pending already.");
    public static readonly MetricDefinition NetfrontPolls = Counter("netfront_polls_total", "polls", ["vm"], "Timer-driven looks of a polling netfront at its ring.");
    public static readonly MetricDefinition NetbackFrames = Counter("netback_frames_total", "frames", ["host", "shard"], "Frames that the netback shard carried, both directions.");
    public static readonly MetricDefinition NetbackBusy = Gauge("netback_busy_ratio", "ratio", ["host", "shard"], "Share of one core that the shard's own work took (netback and grants).", Aggregation.Mean);
    public static readonly MetricDefinition NetbackVifs = State("netback_vifs", "vifs", ["host", "shard"], "vifs that the shard serves.", Aggregation.Sum);
    public static readonly MetricDefinition PostedNotifications = Counter("posted_notifications_total", "notifications", ["host", "kind"], "What posting an interrupt led to: notification (to a running vCPU), wakeup (of a blocked one), suppressed (descriptor already notified, or vCPU preempted).");
    public static readonly MetricDefinition GuestIpis = Counter("guest_ipis_total", "ipis", ["vm"], "IPIs that the guest sent to its own vCPUs.");
    public static readonly MetricDefinition EoiSideEffects = Counter("eoi_side_effects_total", "instructions", ["vm"], "EOI writes whose instruction had side effects that the guest did not get; harm to that guest alone.");
    public static readonly MetricDefinition CoalescingRate = Gauge("coalescing_interrupt_rate_hertz", "hertz", ["vm", "device"], "Receive interrupts raised a second.", Aggregation.Mean);

    public static readonly MetricDefinition PacketsSent = Counter("packets_sent_total", "frames", ["where"], "Frames that sources put on their way.");
    public static readonly MetricDefinition PacketsReceived = Counter("packets_received_total", "frames", ["vm"], "Frames that reached the VM's application.");
    public static readonly MetricDefinition PacketsTransmitted = Counter("packets_transmitted_total", "frames", ["vm"], "Frames that the VM's driver handed to its VF.");
    public static readonly MetricDefinition PacketsDropped = Counter("packets_dropped_total", "frames", ["where", "reason"], "Frames lost, by place and reason.");
    public static readonly MetricDefinition PacketsDroppedVm = Counter("vm_packets_dropped_total", "frames", ["vm"], "Frames for the VM that were lost anywhere.");
    public static readonly MetricDefinition Goodput = Gauge("goodput_bits_per_second", "bits per second", ["vm"], "Payload (frame less 14 bytes header, 4 FCS and 28 IP/UDP or 40 IP/TCP) that reached the application.", Aggregation.Sum);
    public static readonly MetricDefinition Throughput = Gauge("throughput_bits_per_second", "bits per second", ["vm"], "Ethernet frames that reached the application, preamble and gap not counted.", Aggregation.Sum);
    public static readonly MetricDefinition PacketLatency = Gauge("packet_latency_seconds", "seconds", ["vm", "quantile"], "From the frame's departure at its source to the application; quantiles 0.5, 0.9, 0.99, 1.", Aggregation.Max);
    public static readonly MetricDefinition PacketLatencyDeviation = Gauge("packet_latency_deviation_seconds", "seconds", ["vm"], "Standard deviation of packet_latency_seconds over the VM's frames.", Aggregation.Max);
    public static readonly MetricDefinition Transactions = Counter("transactions_total", "transactions", ["vm"], "Requests answered by the VM, or, where a station outside answers, sent by it, whose response reached the client.");
    public static readonly MetricDefinition TransactionLatency = Gauge("transaction_latency_seconds", "seconds", ["vm", "quantile"], "From a request's departure to its response at the client; quantiles 0.5, 0.9, 0.99, 1.", Aggregation.Max);
    public static readonly MetricDefinition TcpLosses = Counter("tcp_losses_total", "events", ["vm"], "Times that a TCP sender cut its window for frames that were lost on the way to this VM, or from it to a station outside.");
    public static readonly MetricDefinition WireUtilization = Gauge("wire_utilization_ratio", "ratio", ["host", "port"], "Share of time the wire into the port carried bits, preamble and gap included.", Aggregation.Mean);

    /// <summary>All metrics, in the order in which they are reported.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        VectorsCapacity, VectorsAssigned, VectorsRefused, VectorsMoving, VectorNumbersShared, FunctionsUp, FunctionsRefused,
        IrqMoves, IrqMovesFailed, OfflineRefused,
        Exits, ExitCycles, CpuCycles, PCpuBusy, CpuUtilizationRatio, CpuUtilizationCores,
        Interrupts, InterruptsMerged, InterruptFaults, InterruptsUnhandled, Ipis, IpisDelivery, InterruptFallbacks, PostedNotifications, GuestIpis, EoiSideEffects, CoalescingRate,
        EvtchnNotifications, EvtchnMerged, NetfrontPolls, NetbackFrames, NetbackBusy, NetbackVifs,
        PacketsSent, PacketsReceived, PacketsTransmitted, PacketsDropped, PacketsDroppedVm, Goodput, Throughput, PacketLatency, PacketLatencyDeviation,
        Transactions, TransactionLatency, TcpLosses, WireUtilization,
    ];

    private static readonly Dictionary<string, MetricDefinition> ByName = All.ToDictionary(m => m.Name, StringComparer.Ordinal);

    /// <summary>The metric of that name, or null.</summary>
    public static MetricDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    private static MetricDefinition Counter(string name, string unit, string[] labels, string meaning) =>
        new(name, MetricKind.Counter, unit, labels, Aggregation.Sum, true, meaning);

    private static MetricDefinition Total(string name, string unit, string[] labels, string meaning) =>
        new(name, MetricKind.Counter, unit, labels, Aggregation.Sum, false, meaning);

    private static MetricDefinition Gauge(string name, string unit, string[] labels, string meaning, Aggregation aggregation) =>
        new(name, MetricKind.Gauge, unit, labels, aggregation, true, meaning);

    private static MetricDefinition State(string name, string unit, string[] labels, string meaning, Aggregation aggregation) =>
        new(name, MetricKind.Gauge, unit, labels, aggregation, false, meaning);
}
