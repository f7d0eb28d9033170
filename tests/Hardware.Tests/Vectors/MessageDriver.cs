using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;
using MemoryPack;

namespace IoScale.Hardware.Tests.Vectors;

/// <summary>
/// Drives the two halves as actors would: every pCPU has its own table, questions and answers travel in order per pCPU but with any interleaving between pCPUs, and
/// whatever handles a message is captured and restored around it, so that nothing can be shared behind the messages' back.
/// </summary>
internal sealed class MessageDriver
{
    private readonly CpuVectors[] _tables;
    private readonly Queue<VectorRequest>[] _toCpu;
    private readonly Queue<VectorReply>[] _toHost;
    private readonly Random _random;

    public MessageDriver(VectorAllocatorKind kind, DestinationMode destination, int cpus, int seed)
    {
        Host = new HypervisorVectors(kind, destination, cpus);
        _tables = [.. Enumerable.Range(0, cpus).Select(cpu => new CpuVectors(kind, cpu))];
        _toCpu = [.. Enumerable.Range(0, cpus).Select(_ => new Queue<VectorRequest>())];
        _toHost = [.. Enumerable.Range(0, cpus).Select(_ => new Queue<VectorReply>())];
        _random = new Random(seed);
    }

    public HypervisorVectors Host { get; private set; }

    public IReadOnlyList<CpuVectors> Tables => _tables;

    public List<VectorOutcome> Outcomes { get; } = [];

    public void Cleanup(int cpu)
    {
        var replies = new List<VectorReply>();
        Assert.False(_tables[cpu].Cleanup(default, replies));
        foreach (var reply in replies)
        {
            _toHost[cpu].Enqueue(reply);
        }
    }

    /// <summary>Delivers messages in a random order until none is left.</summary>
    public void Run()
    {
        while (true)
        {
            while (Host.TryNextRequest(out var request))
            {
                _toCpu[request.Cpu].Enqueue(request);
            }

            var ready = Enumerable.Range(0, _tables.Length * 2).Where(channel => Pending(channel) > 0).ToArray();
            if (ready.Length == 0)
            {
                break;
            }

            var chosen = ready[_random.Next(ready.Length)];
            var cpu = chosen / 2;
            if (chosen % 2 == 0)
            {
                _tables[cpu] = Copy(_tables[cpu]);
                _toHost[cpu].Enqueue(_tables[cpu].Answer(_toCpu[cpu].Dequeue()));
            }
            else
            {
                Host = Copy(Host);
                Host.Digest(_toHost[cpu].Dequeue());
            }
        }

        Assert.True(Host.IsIdle);
        while (Host.TryNextOutcome(out var outcome))
        {
            Outcomes.Add(outcome);
        }
    }

    private static T Copy<T>(T value) => MemoryPackSerializer.Deserialize<T>(MemoryPackSerializer.Serialize(value))!;

    private int Pending(int channel) => channel % 2 == 0 ? _toCpu[channel / 2].Count : _toHost[channel / 2].Count;
}
