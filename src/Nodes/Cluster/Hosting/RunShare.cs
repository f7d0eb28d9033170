using Akka.Actor;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Cluster.Windows;
using IoScale.Protocol.Wire;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>The partitions of a run that are on this node, as one simulation. Each job runs on a thread of its own, one at a time.</summary>
internal sealed class RunShare : IDisposable
{
    private readonly SystemRun _run;
    private readonly WindowChannels _channels;

    private RunShare(SystemRun run, WindowChannels channels)
    {
        _run = run;
        _channels = channels;
    }

    public ulong TopologyHash => _run.Simulation.TopologyHash;

    public long EventsHandled => _run.EventsHandled;

    public long Windows => _run.Simulation.Statistics.Windows;

    public long BytesSent => _channels.BytesSent;

    /// <param name="states">By partition; null to start from the beginning.</param>
    public static Task<RunShare> Start(
        ActorSystem system, PrepareShare order, SystemSpec spec, int threads, WindowChannels channels, IReadOnlyList<byte[]>? states) => OnThread(() =>
        {
            string runId = $"{order.Run}-{order.Variant}-{order.Epoch}";
            SystemRunOptions options = new() { Threads = threads, Share = new NodeShare(order.Slot, [.. order.SlotOfPartition], channels.Connect) };
            SystemRun run = states is null ? new SystemRun(system, runId, spec, options) : SystemRun.Restore(system, runId, spec, options, states);
            return new RunShare(run, channels);
        });

    /// <exception cref="ModelErrorException">An entity failed.</exception>
    public Task<long> RunTo(long timePs) => OnThread(() =>
    {
        _run.RunUntil(timePs);
        return timePs;
    });

    public Task<IReadOnlyList<byte[]>> Capture() => OnThread(_run.Capture);

    public void Dispose() => _run.Dispose();

    /// <summary>Windows wait for other nodes: a thread of the pool would be missing there.</summary>
    private static Task<T> OnThread<T>(Func<T> job) =>
        Task.Factory.StartNew(job, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
