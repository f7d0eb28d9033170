using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;

namespace IoScale.Hardware.Tests.Vectors;

/// <summary>
/// Devices, pCPUs with an IRR, and the vectors between them. A device raises at the (pCPU, vector) that was programmed last; the message takes up to
/// <see cref="Flight"/> ticks, a cleanup interrupt at least as many, so that what was raised before the device was programmed anew arrives before the cleanup.
/// </summary>
internal sealed class StormMachine
{
    private const int Cpus = 6;
    private const int FirstIrq = 16;
    private const int Irqs = 60;
    private const int Flight = 12;

    private readonly Random _random;
    private readonly VectorAllocator _allocator;
    private readonly VectorAllocatorKind _kind;
    private readonly VectorBits[] _requested = new VectorBits[Cpus];
    private readonly PriorityQueue<(int Cpu, int Vector, int Irq), long> _inFlight = new();
    private readonly long[] _cleanupAt = Enumerable.Repeat(-1L, Cpus).ToArray();
    private readonly (int Cpu, int Vector)[] _programmed = new (int, int)[FirstIrq + Irqs];
    private readonly int[] _outstanding = new int[FirstIrq + Irqs];
    private long _now;

    public StormMachine(VectorAllocatorKind kind, DestinationMode destination, int seed)
    {
        _kind = kind;
        _random = new Random(seed);
        _allocator = VectorAllocator.Online(kind, destination, Cpus);
        Array.Fill(_programmed, (-1, -1));
    }

    public long Raised { get; private set; }

    public long Handled { get; private set; }

    public long Merged { get; private set; }

    public long Moves { get; private set; }

    public long Cleanups { get; private set; }

    public long Resends { get; private set; }

    public long Departures { get; private set; }

    public long Forwarded { get; private set; }

    private HypervisorVectors Host => _allocator.Host;

    public void Step()
    {
        Tick();
        var irq = FirstIrq + _random.Next(Irqs);
        switch (_random.Next(1000))
        {
            case < 400:
                Raise(irq);
                break;
            case < 850:
                Serve(_random.Next(Cpus));
                break;
            case < 900:
                Host.SetAffinity(irq, RandomMask());
                Pump();
                break;
            case < 940:
                Host.Assign(irq, RandomMask());
                Pump();
                break;
            case < 950 when _outstanding[irq] == 0:
                Host.Free(irq);
                Pump();
                break;
            case < 951:
                Depart(_random.Next(Cpus));
                break;
            case < 953:
                Host.BringOnline(_random.Next(Cpus));
                Pump();
                break;
            default:
                break;
        }
    }

    /// <summary>No new interrupts: everything on its way arrives and is served; then every device interrupts once more, so that every move comes to its end.</summary>
    public void Drain()
    {
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 20 * Flight; i++)
            {
                Tick();
                for (var cpu = 0; cpu < Cpus; cpu++)
                {
                    while (Serve(cpu))
                    {
                    }
                }
            }

            for (var irq = FirstIrq; irq < FirstIrq + Irqs; irq++)
            {
                Raise(irq);
            }
        }

        for (var i = 0; i < 20 * Flight; i++)
        {
            Tick();
            for (var cpu = 0; cpu < Cpus; cpu++)
            {
                while (Serve(cpu))
                {
                }
            }
        }
    }

    /// <summary>Every entry of an online pCPU belongs to a descriptor that knows of it, and every vector that a descriptor holds is in the tables.</summary>
    public void CheckTables()
    {
        foreach (var cpu in Host.OnlineCpus)
        {
            var table = _allocator.Tables[cpu];
            var held = 0;
            for (var irq = 0; irq < Host.IrqLimit; irq++)
            {
                if (Host.Descriptor(irq) is not { } descriptor)
                {
                    continue;
                }

                if (descriptor.Vector >= 0 && descriptor.Cpus.Contains(cpu))
                {
                    Assert.Equal(irq, table.Owner(descriptor.Vector));
                    held++;
                }

                if (descriptor.OldVector >= 0 && descriptor.OldCpus.Contains(cpu))
                {
                    Assert.Equal(irq, table.Owner(descriptor.OldVector));
                    held++;
                }
            }

            Assert.Equal(held, table.Used);
            if (_kind == VectorAllocatorKind.Linux)
            {
                Assert.Equal((uint)held, table.Counts.Allocated);
                Assert.Equal(201u, table.Counts.Allocated + table.Counts.Available);
            }
        }

        if (Host.Matrix is { } matrix)
        {
            Assert.Equal(matrix.TotalAllocated, (uint)_allocator.Tables.Sum(table => table.Counts.Allocated));
            Assert.Equal((uint)Host.OnlineCpus.Count * 201, matrix.GlobalAvailable + matrix.TotalAllocated);
        }
    }

    public void CheckNothingHeldTwice()
    {
        Assert.Equal(0, Host.Moving);
        Assert.All(_outstanding, left => Assert.Equal(0, left));
    }

    private void Raise(int irq)
    {
        if (_programmed[irq].Cpu < 0)
        {
            return;
        }

        Raised++;
        _outstanding[irq]++;
        _inFlight.Enqueue((_programmed[irq].Cpu, _programmed[irq].Vector, irq), _now + 1 + _random.Next(Flight));
    }

    private void Tick()
    {
        _now++;
        while (_inFlight.TryPeek(out var message, out var due) && due <= _now)
        {
            _inFlight.Dequeue();
            Assert.True(Host.OnlineCpus.Contains(message.Cpu));
            Arrive(message.Cpu, message.Vector, message.Irq);
        }

        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            if (_cleanupAt[cpu] >= 0 && _cleanupAt[cpu] <= _now)
            {
                Clean(cpu);
            }
        }
    }

    private void Arrive(int cpu, int vector, int irq)
    {
        Assert.Equal(irq, _allocator.Tables[cpu].Owner(vector));
        if (_requested[cpu].Contains(vector))
        {
            Merged++;
            _outstanding[irq]--;
        }

        _requested[cpu].Set(vector);
    }

    private bool Serve(int cpu)
    {
        var vector = _requested[cpu].NextMember(0);
        if (vector < 0)
        {
            return false;
        }

        _requested[cpu].Clear(vector);
        var report = _allocator.Tables[cpu].Take(vector, out var irq);
        Assert.True(irq >= FirstIrq, $"unhandled interrupt at pCPU {cpu}, vector {vector:x}");
        Handled++;
        _outstanding[irq]--;
        if (report)
        {
            Host.Interrupted(irq, cpu, vector);
            Pump();
        }

        return true;
    }

    private void Clean(int cpu)
    {
        _cleanupAt[cpu] = -1;
        Cleanups += _allocator.Cleanup(cpu, _requested[cpu], out var resend);
        if (resend)
        {
            Resends++;
            _cleanupAt[cpu] = _now + 1 + _random.Next(Flight);
        }
    }

    // What the device sent before it was programmed anew is given the time to arrive; what is pending then is raised again at the irq's new place.
    private void Depart(int cpu)
    {
        if (!Host.OnlineCpus.Contains(cpu))
        {
            return;
        }

        Host.TakeOffline(cpu);
        Pump();
        if (Host.OnlineCpus.Contains(cpu))
        {
            return;
        }

        Departures++;
        _cleanupAt[cpu] = -1;
        var elsewhere = new List<((int Cpu, int Vector, int Irq) Message, long Due)>();
        while (_inFlight.TryDequeue(out var message, out var due))
        {
            if (message.Cpu == cpu)
            {
                Arrive(message.Cpu, message.Vector, message.Irq);
            }
            else
            {
                elsewhere.Add((message, due));
            }
        }

        _inFlight.EnqueueRange(elsewhere);
        for (var vector = _requested[cpu].NextMember(0); vector >= 0; vector = _requested[cpu].NextMember(vector))
        {
            _requested[cpu].Clear(vector);
            var irq = _allocator.Tables[cpu].Owner(vector);
            Assert.True(irq >= FirstIrq, $"nobody to forward vector {vector:x} of pCPU {cpu} to");
            Assert.NotEqual(cpu, _programmed[irq].Cpu);
            Forwarded++;
            _inFlight.Enqueue((_programmed[irq].Cpu, _programmed[irq].Vector, irq), _now + 1);
        }
    }

    private void Pump()
    {
        while (Host.TryNextRequest(out var request))
        {
            Host.Digest(_allocator.Tables[request.Cpu].Answer(request));
            if (request.Ask == VectorAsk.Retire && _cleanupAt[request.Cpu] < 0)
            {
                _cleanupAt[request.Cpu] = _now + Flight + _random.Next(3 * Flight);
            }
        }

        while (Host.TryNextOutcome(out var outcome))
        {
            if (outcome.Irq < FirstIrq)
            {
                continue;
            }

            Moves += outcome.Moved ? 1 : 0;
            var target = outcome.Cpus.And(Host.OnlineCpus);
            _programmed[outcome.Irq] = outcome.Vector < 0 ? (-1, -1) : (target.First, outcome.Vector);
        }
    }

    private CpuMask RandomMask()
    {
        var mask = CpuMask.Single(_random.Next(Cpus));
        return _random.Next(3) == 0 ? mask.With(_random.Next(Cpus)) : mask;
    }
}
