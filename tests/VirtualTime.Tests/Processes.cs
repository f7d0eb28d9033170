using System.Collections.Concurrent;

namespace IoScale.VirtualTime.Tests;

/// <summary>Shares of one run in one process, connected by channels in memory: what several processes do, without a network.</summary>
internal sealed class Processes : IDisposable
{
    private readonly ConcurrentDictionary<(int Island, int From, int To), ConcurrentQueue<(WindowTimes Times, byte[] Events)>> _wires = new();
    private readonly ConcurrentDictionary<(int Island, int Slot), Channel> _channels = new();
    private long _batches;

    public Processes(Runs runs, Func<Topology> topology, int[] slotOfPartition, int threads = 1)
    {
        Shares =
        [
            .. slotOfPartition.Distinct().Order().Select(slot => new Simulation(
                runs.System,
                runs.NextId(),
                topology(),
                new SimulationOptions
                {
                    Threads = threads,
                    Codec = new BallCodec(),
                    Share = new NodeShare(slot, slotOfPartition, peers => _channels[(peers.Island, slot)] = new Channel(this, slot, peers)),
                })),
        ];
    }

    public Simulation[] Shares { get; }

    /// <summary>Applied to each batch on its way.</summary>
    public Func<byte[], byte[]> Carry { get; set; } = static bytes => bytes;

    public long Batches => Volatile.Read(ref _batches);

    public void RunUntil(long time)
    {
        Exception?[] thrown = new Exception?[Shares.Length];
        Thread[] threads = [.. Shares.Select((share, i) => new Thread(() => thrown[i] = Record.Exception(() => share.RunUntil(time))))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => Assert.True(thread.Join(Runs.Bound), "the shares wait for each other"));
        if (Array.Find(thrown, e => e is not null) is { } error)
        {
            throw error;
        }
    }

    /// <summary>The parts of all shares.</summary>
    public byte[][] Capture()
    {
        IReadOnlyList<byte[]>[] captured = [.. Shares.Select(share => share.Capture())];
        return [.. Enumerable.Range(0, captured[0].Count).Select(i => Assert.Single(captured, parts => parts[i].Length > 0)[i])];
    }

    public void Dispose() => Array.ForEach(Shares, share => share.Dispose());

    private ConcurrentQueue<(WindowTimes Times, byte[] Events)> Wire(int island, int from, int to) => _wires.GetOrAdd((island, from, to), _ => new());

    private sealed class Channel(Processes processes, int slot, IslandPeers peers) : IWindowChannel
    {
        public Action? Arrived { get; set; }

        public void Send(int peer, WindowTimes times, ReadOnlySpan<byte> events)
        {
            Interlocked.Increment(ref processes._batches);
            processes.Wire(peers.Island, slot, peer).Enqueue((times, processes.Carry(events.ToArray())));
            if (processes._channels.TryGetValue((peers.Island, peer), out Channel? other))
            {
                other.Arrived?.Invoke();
            }
        }

        public bool HasBatch(int peer) => !processes.Wire(peers.Island, peer, slot).IsEmpty;

        public WindowTimes Take(int peer, out ReadOnlyMemory<byte> events)
        {
            Assert.True(processes.Wire(peers.Island, peer, slot).TryDequeue(out (WindowTimes Times, byte[] Events) batch));
            events = batch.Events;
            return batch.Times;
        }

        public void Dispose()
        {
        }
    }
}
