using System.Globalization;
using IoScale.Actors.Assembly;
using IoScale.Actors.Entities;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;
using IoScale.Protocol.Metrics;

namespace IoScale.Actors.Running;

/// <summary>Vectors: capacity, assigned, refused, moving, shared numbers.</summary>
internal sealed partial class OutcomeReader
{
    private const int SharedExamples = 3;

    private void ReadVectors(HostWiring host, HypervisorState hypervisor, List<VectorRefusal> refusals, List<SharedVector> shared)
    {
        int pcpus = host.PCpus.Count;
        long[] assigned = new long[pcpus];
        long[] moving = new long[pcpus];
        for (int irq = VectorBoot.FirstIrq; irq < hypervisor.Vectors.IrqLimit; irq++)
        {
            if (hypervisor.Vectors.Descriptor(irq) is not { } descriptor || (uint)irq >= (uint)hypervisor.Irqs.Count)
            {
                continue;
            }

            if (descriptor.Vector >= 0 && hypervisor.Irqs[irq] is { } info)
            {
                assigned[info.Destination >= 0 ? info.Destination : descriptor.Cpus.First]++;
            }

            if (descriptor.MoveState is IrqMoveState.Moving or IrqMoveState.Cleanup)
            {
                foreach (int pcpu in descriptor.OldCpus)
                {
                    moving[pcpu]++;
                }
            }
        }

        string name = host.Spec.Name;
        for (int pcpu = 0; pcpu < pcpus; pcpu++)
        {
            string label = Text(pcpu);
            _sheet.Add(MetricCatalogue.VectorsAssigned, assigned[pcpu], name, label);
            _sheet.Add(MetricCatalogue.VectorsMoving, moving[pcpu], name, label);
            _sheet.Add(MetricCatalogue.VectorsRefused, hypervisor.Refusals.Count(r => r.PCpu == pcpu), name, label);
        }

        AddCapacity(host);
        AddRefused(name, "all", hypervisor.Refusals.Count(r => r.PCpu == RefusedVector.AllPCpus));
        AddRefused(name, "none", hypervisor.Refusals.Count(r => r.PCpu == RefusedVector.NoPCpu));

        foreach (RefusedVector refusal in hypervisor.Refusals)
        {
            if (refusal.Function == RefusedVector.Platform)
            {
                refusals.Add(new VectorRefusal(
                    name, "platform", null, refusal.MsixEntry, host.Spec.PlatformVectors, "device", refusal.Assigned, refusal.Reason));
                continue;
            }

            FunctionWiring function = host.Functions[refusal.Function];
            refusals.Add(new VectorRefusal(
                name, function.Function.Name, function.VmName, refusal.MsixEntry, function.Function.Vectors,
                FunctionList.RoleOf(refusal.MsixEntry), refusal.Assigned, refusal.Reason));
        }

        int up = hypervisor.Functions.Count(f => f.Up);
        _sheet.Add(MetricCatalogue.FunctionsUp, up, name);
        _sheet.Add(MetricCatalogue.FunctionsRefused, hypervisor.Functions.Count(f => f.Refused), name);
        _sheet.Add(MetricCatalogue.VectorNumbersShared, ReadShared(host, hypervisor, shared), name);
        _sheet.Add(MetricCatalogue.IrqMoves, hypervisor.MovesDone, name);
        _sheet.Add(MetricCatalogue.IrqMovesFailed, hypervisor.MovesNoSpace, name, "no-space");
        _sheet.Add(MetricCatalogue.IrqMovesFailed, hypervisor.MovesBusy, name, "busy");
        _sheet.Add(MetricCatalogue.OfflineRefused, hypervisor.OfflineRefused, name);
    }

    private void AddRefused(string host, string pcpu, int refused)
    {
        if (refused > 0)
        {
            _sheet.Add(MetricCatalogue.VectorsRefused, refused, host, pcpu);
        }
    }

    /// <summary>Capacity by pCPU where each has its own; where all share one table, it is shown once, as pCPU "all".</summary>
    private void AddCapacity(HostWiring host)
    {
        VectorAllocatorKind kind = host.Spec.Allocator;
        if (VectorModel.IsGlobal(kind) || VectorModel.IsFlat(kind, host.Spec.Destination))
        {
            int capacity = VectorModel.HostCapacity(kind, host.Spec.Destination, host.PCpus.Count);
            _sheet.Add(MetricCatalogue.VectorsCapacity, capacity, host.Spec.Name, "all");
            return;
        }

        for (int pcpu = 0; pcpu < host.PCpus.Count; pcpu++)
        {
            _sheet.Add(MetricCatalogue.VectorsCapacity, VectorModel.CapacityOf(kind, pcpu), host.Spec.Name, Text(pcpu));
        }
    }

    private int ReadShared(HostWiring host, HypervisorState hypervisor, List<SharedVector> shared)
    {
        CpuVectors[] tables = [.. host.PCpus.Select(p => State<PCpuActor, PCpuState>(p).Vectors)];
        int count = 0;
        for (int vector = 0; vector < 256; vector++)
        {
            int first = Array.FindIndex(tables, t => t.Owner(vector) >= VectorBoot.FirstIrq);
            int second = first < 0 ? -1 : Array.FindIndex(
                tables, t => t.Owner(vector) >= VectorBoot.FirstIrq && t.Owner(vector) != tables[first].Owner(vector));
            if (second < 0)
            {
                continue;
            }

            if (count++ < SharedExamples)
            {
                int irqA = tables[first].Owner(vector);
                int irqB = tables[second].Owner(vector);
                shared.Add(new SharedVector(
                    host.Spec.Name, vector, first, irqA, OwnerOf(host, hypervisor, irqA), second, irqB, OwnerOf(host, hypervisor, irqB)));
            }
        }

        return count;
    }

    private static string OwnerOf(HostWiring host, HypervisorState hypervisor, int irq) =>
        (uint)irq < (uint)hypervisor.Irqs.Count && hypervisor.Irqs[irq] is { Function: >= 0 } info
            ? $"{host.Functions[info.Function].Function.Name} {FunctionList.RoleOf(info.MsixEntry)}"
            : "platform";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
