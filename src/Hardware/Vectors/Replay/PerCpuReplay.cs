using System.Text;
using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Vectors.Replay;

/// <summary>
/// Operations of the per-CPU allocators with a rotor. As in the recorded runs every handler sees every descriptor: the cleanup interrupt erases whatever belongs to an
/// irq in cleanup, and <c>clear</c> during a cleanup leaves the old entry in the table until the irq is in cleanup again.
/// </summary>
internal sealed class PerCpuReplay
{
    private readonly VectorAllocator _allocator;

    public PerCpuReplay(VectorAllocatorKind kind, DestinationMode destination, int cpus)
    {
        _allocator = new VectorAllocator(kind, destination, cpus);
        Operations =
        [
            ReplayOperation.Of("online CPU", Online),
            ReplayOperation.Of("assign IRQ MASK", Assign),
            ReplayOperation.Of("first_int_on_new IRQ", FirstInterrupt),
            ReplayOperation.Of("cleanup_ipi CPU", Cleanup),
            ReplayOperation.Of("clear IRQ", Clear),
        ];
    }

    public IReadOnlyList<ReplayOperation> Operations { get; }

    private void Online(ReplayArguments arguments, StringBuilder answer)
    {
        if (_allocator.Host.OnlineCpus.Contains(arguments[0]))
        {
            throw arguments.Problem($"CPU {arguments[0]} is online already");
        }

        _allocator.Host.BringOnline(arguments[0]);
        _allocator.Run();
    }

    private void Assign(ReplayArguments arguments, StringBuilder answer)
    {
        var outcome = _allocator.Assign(arguments[0], arguments.Mask);
        answer.Append(", \"rc\": ").Append(outcome.Rc);
        AppendIrq(answer, arguments[0]);
    }

    private void FirstInterrupt(ReplayArguments arguments, StringBuilder answer)
    {
        var irq = arguments[0];
        var ipi = CpuMask.None;
        if (_allocator.Host.Descriptor(irq) is { MoveInProgress: true } descriptor)
        {
            _allocator.Host.Interrupted(irq, descriptor.Cpus.First, descriptor.Vector);
            _allocator.Run();
            ipi = descriptor.OldCpus;
        }

        answer.Append(", \"ipi\": ").Append(ipi.ToInteger());
        AppendIrq(answer, irq);
    }

    private void Cleanup(ReplayArguments arguments, StringBuilder answer)
    {
        var cpu = arguments[0];
        var table = _allocator.Tables[cpu];
        var cleaned = 0;
        for (var vector = 0; vector < 256; vector++)
        {
            var irq = table.Owner(vector);
            if (irq < 0 || _allocator.Host.Descriptor(irq) is not { CleanupCount: > 0 } descriptor || descriptor.IsAt(cpu, vector))
            {
                continue;
            }

            var reply = table.Answer(new VectorRequest(VectorAsk.Release, cpu, irq, vector));
            _allocator.Host.Digest(reply with { Ask = VectorAsk.Retire, Erased = true });
            cleaned++;
        }

        answer.Append(", \"cleaned\": ").Append(cleaned);
    }

    private void Clear(ReplayArguments arguments, StringBuilder answer)
    {
        var irq = arguments[0];
        if (_allocator.Host.Descriptor(irq) is not { Vector: >= 0 } descriptor)
        {
            throw arguments.Problem($"irq {irq} has no vector; assign it one first");
        }

        _allocator.Free(irq);
        descriptor.AbandonCleanup();
        AppendIrq(answer, irq);
    }

    private void AppendIrq(StringBuilder answer, int number)
    {
        var irq = _allocator.Host.Descriptor(number);
        answer.Append(", \"vec\": ").Append(irq?.Vector ?? -1)
            .Append(", \"mask\": ").Append((irq?.Cpus ?? CpuMask.None).ToInteger())
            .Append(", \"oldvec\": ").Append(irq?.OldVector ?? -1)
            .Append(", \"oldmask\": ").Append((irq?.OldCpus ?? CpuMask.None).ToInteger())
            .Append(", \"mip\": ").Append(irq is { MoveInProgress: true } ? 1 : 0)
            .Append(", \"mcc\": ").Append(irq?.CleanupCount ?? 0);
    }
}
