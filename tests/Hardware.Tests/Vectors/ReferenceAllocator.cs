using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Tests.Vectors;

/// <summary>
/// The allocators once more, as plain loops over tables that everybody sees: slow, without offline pCPUs, and written from the description alone. What the split
/// allocators do must equal this.
/// </summary>
internal sealed class ReferenceAllocator
{
    private const int Free = -1;

    private readonly VectorAllocatorKind _kind;
    private readonly bool _flat;
    private readonly int _first;
    private readonly int _last;
    private readonly HashSet<int> _never;
    private readonly Dictionary<int, Irq> _irqs = [];
    private int _cursor;
    private int _offset;

    public ReferenceAllocator(VectorAllocatorKind kind, DestinationMode destination, int cpus)
    {
        _kind = kind;
        _flat = destination == DestinationMode.Flat && (kind is VectorAllocatorKind.Xen2009PerCpu or VectorAllocatorKind.Linux2632);
        (_first, _last, _never) = kind switch
        {
            VectorAllocatorKind.Xen2009PerCpu => (0x20, 0xdf, new HashSet<int> { 0x20, 0x80, 0x82 }),
            VectorAllocatorKind.Xen => (0x20, 0xef, [0x20, 0x21, 0x22, 0x30, 0x80, 0x82]),
            VectorAllocatorKind.Linux2632 => (0x41, 0xea, [0x80]),
            _ => (0x20, 0xeb, [0x20, 0x32, 0x80]),
        };
        _cursor = _first;
        Table = new int[cpus, 256];
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            for (var vector = 0; vector < 256; vector++)
            {
                Table[cpu, vector] = Free;
            }
        }

        for (var isa = 0; kind == VectorAllocatorKind.Linux && isa < 16; isa++)
        {
            if (isa != 2)
            {
                Table[0, 0x30 + isa] = isa;
            }
        }
    }

    public int[,] Table { get; }

    private int Cpus => Table.GetLength(0);

    public int Assign(int number, int[] mask)
    {
        if (!_irqs.TryGetValue(number, out var irq))
        {
            irq = _irqs[number] = new Irq();
        }

        var busy = irq.Moving || irq.Cleaning.Count > 0;
        var satisfied = irq.Vector != Free && irq.Cpus.Intersect(mask).Any();
        switch (_kind)
        {
            case VectorAllocatorKind.Xen2009PerCpu or VectorAllocatorKind.Linux2632:
                if (busy || satisfied)
                {
                    return busy ? -16 : 0;
                }

                break;
            case VectorAllocatorKind.Xen:
                if (busy || satisfied)
                {
                    return satisfied ? 0 : -11;
                }

                break;
            default:
                if (busy || satisfied)
                {
                    return satisfied ? 0 : -16;
                }

                return mask.Length == 0 ? -22 : AssignLinux(number, irq, mask);
        }

        foreach (var cpu in mask.Order())
        {
            var domain = _flat ? Enumerable.Range(0, Cpus).ToArray() : [cpu];
            var vector = _cursor;
            var offset = _offset;
            while (true)
            {
                vector += 8;
                if (vector > _last)
                {
                    offset = (offset + 1) % 8;
                    vector = _first + offset;
                }

                if (vector == _cursor)
                {
                    break;
                }

                if (_never.Contains(vector)
                    || (_kind == VectorAllocatorKind.Xen && cpu == 0 && vector < 0x30)
                    || domain.Any(one => Table[one, vector] != Free))
                {
                    continue;
                }

                _cursor = vector;
                _offset = offset;
                Take(number, irq, vector, domain);
                return 0;
            }
        }

        return -28;
    }

    public void FirstInterrupt(int number)
    {
        if (_irqs.TryGetValue(number, out var irq) && irq.Moving)
        {
            irq.Moving = false;
            irq.Cleaning = [.. irq.OldCpus];
        }
    }

    public void Cleanup(int cpu)
    {
        foreach (var irq in _irqs.Values.Where(irq => irq.Cleaning.Remove(cpu)))
        {
            Table[cpu, irq.OldVector] = Free;
        }
    }

    public bool MayFree(int number) => _irqs.TryGetValue(number, out var irq) && irq.Vector != Free && irq.Cleaning.Count == 0;

    public void FreeIrq(int number)
    {
        var irq = _irqs[number];
        foreach (var cpu in irq.Cpus)
        {
            Table[cpu, irq.Vector] = Free;
        }

        foreach (var cpu in irq.Moving ? irq.OldCpus : [])
        {
            Table[cpu, irq.OldVector] = Free;
        }

        _irqs.Remove(number);
    }

    public int VectorOf(int number) => _irqs.TryGetValue(number, out var irq) ? irq.Vector : Free;

    private int AssignLinux(int number, Irq irq, int[] mask)
    {
        var loads = mask.Order().Select(cpu => (Cpu: cpu, Vectors: FreeOf(cpu))).Where(load => load.Vectors.Length > 0).ToList();
        if (loads.Count == 0)
        {
            return -28;
        }

        var (best, vectors) = loads.MaxBy(load => load.Vectors.Length);
        Take(number, irq, vectors[0], [best]);
        return 0;
    }

    private int[] FreeOf(int cpu) =>
        [.. Enumerable.Range(_first, _last - _first + 1).Where(vector => !_never.Contains(vector) && Table[cpu, vector] == Free)];

    private void Take(int number, Irq irq, int vector, int[] domain)
    {
        if (irq.Vector != Free)
        {
            irq.Moving = true;
            irq.OldVector = irq.Vector;
            irq.OldCpus = irq.Cpus;
        }

        irq.Vector = vector;
        irq.Cpus = domain;
        foreach (var cpu in domain)
        {
            Table[cpu, vector] = number;
        }
    }

    private sealed class Irq
    {
        public int Vector { get; set; } = Free;

        public int[] Cpus { get; set; } = [];

        public int OldVector { get; set; } = Free;

        public int[] OldCpus { get; set; } = [];

        public bool Moving { get; set; }

        public List<int> Cleaning { get; set; } = [];
    }
}
