using System.Numerics;
using MemoryPack;

namespace IoScale.Hardware.Pv;

/// <summary>
/// Queues of event words: for each vCPU and priority a list linked through the words (Xen event_fifo.c; V). A port stays in the queue that it was linked into
/// until the handler takes it. The words' BUSY bit, which guards a race between two CPUs, has no counterpart: nothing here happens in between.
/// </summary>
[MemoryPackable]
public sealed partial class FifoChannels : EventChannels
{
    /// <summary>Ports that a link of 17 bits can name.</summary>
    public const int MaxPorts = 1 << LinkBits;

    public const int Priorities = 16;

    public const int DefaultPriority = 7;

    private const int LinkBits = 17;
    private const uint Link = (1u << LinkBits) - 1;
    private const uint Pending = 1u << 31;
    private const uint Masked = 1u << 30;
    private const uint Linked = 1u << 29;

    [MemoryPackInclude]
    private uint[] _words = [];

    [MemoryPackInclude]
    private byte[] _priorities = [];

    // The queue that each port was in last: where it was the tail, it must not be taken for it once it is elsewhere.
    [MemoryPackInclude]
    private int[] _queues = [];

    // By vCPU and priority: Xen's tail, the head that Xen writes for the handler, and the head where the handler is.
    [MemoryPackInclude]
    private int[] _tails = [];

    [MemoryPackInclude]
    private int[] _heads = [];

    [MemoryPackInclude]
    private int[] _handlerHeads = [];

    // By vCPU: priorities with events, as Xen sets them and as the handler has taken them.
    [MemoryPackInclude]
    private uint[] _ready = [];

    [MemoryPackInclude]
    private uint[] _taken = [];

    public FifoChannels(int vcpus, int ports)
        : base(vcpus, ports)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ports, MaxPorts);
        _words = new uint[ports];
        _priorities = new byte[ports];
        Array.Fill(_priorities, (byte)DefaultPriority);
        _queues = new int[ports];
        _tails = new int[vcpus * Priorities];
        _heads = new int[vcpus * Priorities];
        _handlerHeads = new int[vcpus * Priorities];
        _ready = new uint[vcpus];
        _taken = new uint[vcpus];
    }

    [MemoryPackConstructor]
    private FifoChannels()
    {
    }

    /// <summary>Sets a port's priority; an event that is queued keeps its place.</summary>
    /// <param name="priority">0, the highest, to 15.</param>
    public void SetPriority(int port, int priority)
    {
        CheckPort(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)priority, (uint)Priorities);
        _priorities[port] = (byte)priority;
    }

    /// <inheritdoc/>
    public override bool Send(int port)
    {
        CheckPort(port);
        if (IsPending(port))
        {
            Merged++;
            return false;
        }

        _words[port] |= Pending;
        return Enqueue(port);
    }

    /// <inheritdoc/>
    public override void Mask(int port)
    {
        CheckPort(port);
        _words[port] |= Masked;
    }

    /// <inheritdoc/>
    public override bool Unmask(int port)
    {
        CheckPort(port);
        _words[port] &= ~Masked;
        return IsPending(port) && Enqueue(port);
    }

    /// <inheritdoc/>
    public override bool IsPending(int port) => (_words[port] & Pending) != 0;

    /// <inheritdoc/>
    public override bool IsMasked(int port) => (_words[port] & Masked) != 0;

    /// <inheritdoc/>
    public override int TakeNext(int vcpu)
    {
        while (true)
        {
            // Looked at before each event: one of higher priority that comes meanwhile goes first.
            Upcalls[vcpu] = false;
            _taken[vcpu] |= _ready[vcpu];
            _ready[vcpu] = 0;
            if (_taken[vcpu] == 0)
            {
                return None;
            }

            int port = Unlink(vcpu, BitOperations.TrailingZeroCount(_taken[vcpu]));
            if ((_words[port] & (Pending | Masked)) == Pending)
            {
                _words[port] &= ~Pending;
                return port;
            }
        }
    }

    /// <inheritdoc/>
    public override int PendingCount()
    {
        int count = 0;
        foreach (uint word in _words)
        {
            count += (word & Pending) != 0 ? 1 : 0;
        }

        return count;
    }

    protected override bool MoveTo(int port, int vcpu)
    {
        Vcpus[port] = vcpu;
        return IsPending(port) && Enqueue(port);
    }

    /// <summary>Links a port that is pending to the end of its queue, unless it is masked or in a queue already.</summary>
    private bool Enqueue(int port)
    {
        if ((_words[port] & (Masked | Linked)) != 0)
        {
            return false;
        }

        int vcpu = Vcpus[port];
        int queue = (vcpu * Priorities) + _priorities[port];
        int before = _queues[port];
        _tails[before] = _tails[before] == port ? 0 : _tails[before];
        int tail = _tails[queue];
        _queues[port] = queue;
        _words[port] |= Linked;
        _tails[queue] = port;
        if (tail != 0 && (_words[tail] & Linked) != 0)
        {
            _words[tail] = (_words[tail] & ~Link) | (uint)port;
            return false;
        }

        // The handler has taken the tail: the queue was empty, and begins here.
        _heads[queue] = port;
        uint ready = 1u << _priorities[port];
        bool newly = (_ready[vcpu] & ready) == 0;
        _ready[vcpu] |= ready;
        return newly && RequestUpcall(vcpu);
    }

    /// <summary>The handler takes the first word of a queue; behind the last one the queue is no longer ready.</summary>
    private int Unlink(int vcpu, int priority)
    {
        int queue = (vcpu * Priorities) + priority;
        int port = _handlerHeads[queue] != 0 ? _handlerHeads[queue] : _heads[queue];
        int next = (int)(_words[port] & Link);
        _words[port] &= ~(Linked | Link);
        _handlerHeads[queue] = next;
        if (next == 0)
        {
            _taken[vcpu] &= ~(1u << priority);
        }

        return port;
    }
}
