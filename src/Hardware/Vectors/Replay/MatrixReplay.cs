using System.Text;

namespace IoScale.Hardware.Vectors.Replay;

/// <summary>Operations of the Linux interrupt matrix.</summary>
internal sealed class MatrixReplay
{
    private readonly int _cpus;
    private readonly List<int> _system = [];
    private readonly CpuVectors?[] _tables;
    private MatrixSearch? _search;
    private int _start;
    private int _end;

    public MatrixReplay(int cpus)
    {
        _cpus = cpus;
        _tables = new CpuVectors?[cpus];
        Operations =
        [
            ReplayOperation.Of("init BITS START END", Init),
            ReplayOperation.Of("sys CPU BIT REPLACE", MarkSystem),
            ReplayOperation.Of("online CPU", Online),
            ReplayOperation.Of("offline CPU", (arguments, answer) => AskOne(arguments, answer, VectorAsk.Offline)),
            ReplayOperation.Of("assign CPU BIT", (arguments, answer) => AskOne(arguments, answer, VectorAsk.MatrixAssign, arguments[1])),
            ReplayOperation.Of("reserve", (arguments, answer) => Append(answer, -1, Search(arguments).Reserve() ? 0 : 1)),
            ReplayOperation.Of("remove_reserved", RemoveReserved),
            ReplayOperation.Of("reserve_managed MASK", ReserveManaged),
            ReplayOperation.Of("remove_managed MASK", RemoveManaged),
            ReplayOperation.Of("alloc_managed MASK", (arguments, answer) =>
                AppendAllocation(answer, Search(arguments).BeginAllocManaged(0, arguments.Mask, watch: false))),
            ReplayOperation.Of("alloc MASK RESERVED", (arguments, answer) =>
                AppendAllocation(answer, Search(arguments).BeginAlloc(0, arguments.Mask, arguments[1] != 0, watch: false))),
            ReplayOperation.Of("free CPU BIT MANAGED", (arguments, answer) =>
                AskOne(arguments, answer, VectorAsk.Forget, arguments[1], arguments[2] != 0)),
            ReplayOperation.Of("available CPU CPUDOWN", (arguments, answer) =>
                AppendValue(answer, Search(arguments).Available(arguments[0], arguments[1] != 0))),
            ReplayOperation.Of("allocated CPU", (arguments, answer) =>
                AppendValue(answer, Search(arguments).Reported(arguments[0]).Allocated)),
            ReplayOperation.Of("reserved", (arguments, answer) => AppendValue(answer, Search(arguments).GlobalReserved)),
        ];
    }

    public IReadOnlyList<ReplayOperation> Operations { get; }

    private void Init(ReplayArguments arguments, StringBuilder answer)
    {
        if (arguments[1] >= arguments[2] || arguments[2] > arguments[0])
        {
            throw arguments.Problem("START must be below END, and END not above BITS; a PC is: init 256 32 236");
        }

        _start = arguments[1];
        _end = arguments[2];
        _search = new MatrixSearch(_cpus);
        _system.Clear();
        Array.Clear(_tables);
        Append(answer, -1);
    }

    private void MarkSystem(ReplayArguments arguments, StringBuilder answer)
    {
        var search = Search(arguments);
        var (cpu, bit, replace) = (arguments[0], arguments[1], arguments[2] != 0);
        if (search.OnlineMaps > 1 || (search.OnlineMaps == 1 && !replace))
        {
            throw arguments.Problem("system vectors are marked before any CPU is online, or replace an assigned one (REPLACE 1) while one CPU is");
        }

        var own = Table(cpu);
        if (!own.MarkSystem(bit, replace))
        {
            throw arguments.Problem($"bit {bit} is not assigned on CPU {cpu}; REPLACE 1 takes the place of an assigned bit");
        }

        search.NoteSystem(cpu, own.Counts);
        foreach (var table in _tables)
        {
            if (table is not null && table != own)
            {
                table.MarkSystem(bit, replace: false);
            }
        }

        _system.Add(bit);
        Append(answer, cpu);
    }

    private void Online(ReplayArguments arguments, StringBuilder answer)
    {
        if (Search(arguments).Reported(arguments[0]).Online)
        {
            throw arguments.Problem($"CPU {arguments[0]} is online already");
        }

        AskOne(arguments, answer, VectorAsk.Online);
    }

    private void RemoveReserved(ReplayArguments arguments, StringBuilder answer)
    {
        Search(arguments).RemoveReserved();
        Append(answer, -1);
    }

    private void ReserveManaged(ReplayArguments arguments, StringBuilder answer)
    {
        var (step, warnings) = Drive(Search(arguments).BeginReserveManaged(arguments.Mask));
        answer.Append(", \"rc\": ").Append(step.Rc);
        Append(answer, -1, warnings);
    }

    private void RemoveManaged(ReplayArguments arguments, StringBuilder answer)
    {
        var (_, warnings) = Drive(Search(arguments).BeginRemoveManaged(arguments.Mask));
        Append(answer, -1, warnings);
    }

    // One question to one CPU. Who owns a bit is of no interest here: the irq is always 0.
    private void AskOne(ReplayArguments arguments, StringBuilder answer, VectorAsk ask, int bit = -1, bool managed = false)
    {
        var cpu = arguments[0];
        var search = Search(arguments);
        var reply = Table(cpu).Answer(new VectorRequest(ask, cpu, 0, bit, Managed: managed));
        search.Note(reply);
        Append(answer, cpu, reply.Warned ? 1 : 0);
    }

    private void AppendAllocation(StringBuilder answer, in VectorStep first)
    {
        var (step, warnings) = Drive(first);
        answer.Append(", \"rc\": ").Append(step.Rc < 0 ? step.Rc : step.Vector).Append(", \"cpu\": ").Append(step.Domain.First);
        Append(answer, step.Domain.First, warnings);
    }

    private void AppendValue(StringBuilder answer, uint value)
    {
        answer.Append(", \"rc\": ").Append((int)value);
        Append(answer, -1);
    }

    private (VectorStep Step, int Warnings) Drive(VectorStep step)
    {
        var warnings = 0;
        while (!step.IsDone)
        {
            var reply = Table(step.Request.Cpu).Answer(step.Request);
            warnings += reply.Warned ? 1 : 0;
            _search!.Note(reply);
            step = _search.Digest(reply);
        }

        return (step, warnings);
    }

    private void Append(StringBuilder answer, int cpu, int warnings = 0)
    {
        var search = _search!;
        answer.Append(", \"ga\": ").Append((int)search.GlobalAvailable)
            .Append(", \"gr\": ").Append((int)search.GlobalReserved)
            .Append(", \"ta\": ").Append((int)search.TotalAllocated)
            .Append(", \"om\": ").Append((int)search.OnlineMaps);
        if (cpu >= 0)
        {
            var counts = search.Reported(cpu);
            answer.Append(", \"st\": {\"cpu\": ").Append(cpu)
                .Append(", \"avl\": ").Append((int)counts.Available)
                .Append(", \"alloc\": ").Append((int)counts.Allocated)
                .Append(", \"man\": ").Append((int)counts.Managed)
                .Append(", \"mac\": ").Append((int)counts.ManagedAllocated)
                .Append(", \"on\": ").Append(counts.Online ? 1 : 0)
                .Append('}');
        }

        answer.Append(", \"warn\": ").Append(warnings);
    }

    private MatrixSearch Search(ReplayArguments arguments) =>
        _search ?? throw arguments.Problem("no matrix yet; start with: init 256 32 236");

    private CpuVectors Table(int cpu)
    {
        if (_tables[cpu] is { } table)
        {
            return table;
        }

        var map = new MatrixMap(_start, _end);
        foreach (var bit in _system)
        {
            map.MarkSystem(bit, replace: false);
        }

        return _tables[cpu] = new CpuVectors(cpu, map);
    }
}
