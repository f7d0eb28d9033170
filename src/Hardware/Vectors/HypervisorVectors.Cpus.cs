using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Vectors;

public sealed partial class HypervisorVectors
{
    private const int IsaIrqs = 16;
    private const int IsaVectorBase = 0x30;
    private const int CascadeIrq = 2;

    private void StartOnline()
    {
        var cpu = _current.Cpu;
        if (_online.Contains(cpu))
        {
            End(VectorErrors.Invalid);
            return;
        }

        _online = _online.With(cpu);
        Post(new VectorRequest(VectorAsk.Online, cpu, -1));
        foreach (var irq in _irqs)
        {
            if (irq is not null && _global is not null)
            {
                // It comes back with an empty table.
                irq.OldCpus = irq.OldCpus.Without(cpu);
            }

            if (irq is not null && irq.Vector >= 0 && irq.Cpus.Contains(cpu))
            {
                Post(new VectorRequest(VectorAsk.Install, cpu, irq.Irq, irq.Vector, Watch: true));
            }
        }

        if (_matrix is not null && cpu == 0 && !_isaAssigned)
        {
            AssignIsaIrqs();
        }

        End(VectorErrors.Ok);
    }

    // Irqs 0 to 15 but the cascade sit at fixed vectors of pCPU 0 until they are freed (the IO-APIC takes them over).
    private void AssignIsaIrqs()
    {
        _isaAssigned = true;
        for (var number = 0; number < IsaIrqs; number++)
        {
            if (number == CascadeIrq)
            {
                continue;
            }

            var irq = DescriptorOf(number);
            irq.Vector = IsaVectorBase + number;
            irq.Cpus = CpuMask.Single(0);
            irq.Affinity = irq.Cpus;
            Post(new VectorRequest(VectorAsk.MatrixAssign, 0, number, irq.Vector));
        }
    }

    private void StartOffline()
    {
        var cpu = _current.Cpu;
        if (!_online.Contains(cpu) || _online.Count == 1)
        {
            End(VectorErrors.Invalid);
            return;
        }

        if (_matrix is not null && _matrix.Available(cpu, cpuDown: true) < _matrix.Reported(cpu).Allocated)
        {
            End(VectorErrors.NoSpace);
            return;
        }

        _online = _online.Without(cpu);
        var at = 0;
        foreach (var irq in _irqs)
        {
            if (irq is not null && (irq.Cpus.Contains(cpu) || irq.OldCpus.Contains(cpu)))
            {
                _jobs.Insert(at++, new VectorJob(VectorOp.Fixup, irq.Irq, cpu, -1, CpuMask.None));
            }
        }

        _jobs.Insert(at, new VectorJob(VectorOp.Leave, -1, cpu, -1, CpuMask.None));
    }

    private void Leave()
    {
        Post(new VectorRequest(VectorAsk.Offline, _current.Cpu, -1));
        End(VectorErrors.Ok);
    }

    private void StartFixup()
    {
        var irq = DescriptorOf(_current.Irq);
        if (_global is null)
        {
            LeaveOldCpu(irq, _current.Cpu);
        }

        if (_matrix is not null && irq.MoveInProgress && !irq.Cpus.IsSubsetOf(_online))
        {
            // The move would block the one that must happen now. The kernel erases the old entry on the spot; here it waits for what is pending at it.
            BeginCleanup(irq);
        }

        if (_unanswered > 0)
        {
            // A search starts from what the pCPUs last said: once more when they have said it.
            _jobs.Insert(0, _current);
            return;
        }

        if (irq.Vector < 0 || irq.Cpus.IsSubsetOf(_online))
        {
            return;
        }

        var target = irq.Affinity.And(_online);
        if (!target.IsEmpty)
        {
            StartAssign(target);
        }
        else if (irq.IsManaged)
        {
            PostAll(VectorAsk.Forget, irq.Cpus, irq.Irq, irq.Vector, managed: true);
            irq.Vector = -1;
            irq.Cpus = CpuMask.None;
            End(VectorErrors.NoSpace);
        }
        else
        {
            _warned = true;
            StartAssign(_online);
        }
    }

    // A pCPU that leaves will not run its cleanup interrupt, and comes back with an empty table.
    private void LeaveOldCpu(IrqDescriptor irq, int cpu)
    {
        if (!irq.OldCpus.Contains(cpu))
        {
            return;
        }

        if (_matrix is not null)
        {
            PostAll(VectorAsk.Forget, irq.OldCpus, irq.Irq, irq.OldVector, irq.IsManaged);
        }

        if (irq.MoveInProgress)
        {
            irq.OldCpus = irq.OldCpus.Without(cpu);
            if (irq.OldCpus.IsEmpty)
            {
                irq.EndMove();
            }
        }
        else
        {
            irq.Cleaned(cpu);
        }
    }
}
