namespace IoScale.Hardware.Vectors;

public sealed partial class HypervisorVectors
{
    private void StoreAffinity()
    {
        var irq = DescriptorOf(_current.Irq);
        if (irq.Vector < 0 || !_current.Mask.Intersects(_online))
        {
            End(VectorErrors.Invalid);
            return;
        }

        irq.PendingAffinity = _current.Mask;
        PostAll(VectorAsk.Watch, irq.Cpus.And(_online), irq.Irq, irq.Vector);
        End(VectorErrors.Ok);
    }

    // An interrupt was taken. It ends the wait for the first one on the new vector, and it is the moment at which a stored affinity takes effect.
    private void TakeReport()
    {
        if (Descriptor(_current.Irq) is not { Vector: >= 0 } irq)
        {
            return;
        }

        if (irq.MoveInProgress && irq.IsAt(_current.Cpu, _current.Vector))
        {
            BeginCleanup(irq);
            End(VectorErrors.Ok);
        }

        if (!irq.PendingAffinity.IsEmpty)
        {
            _jobs.Insert(0, new VectorJob(VectorOp.Move, irq.Irq, -1, -1, irq.PendingAffinity));
            irq.PendingAffinity = CpuMask.None;
        }
    }

    private void BeginCleanup(IrqDescriptor irq)
    {
        irq.MoveInProgress = false;
        irq.OldCpus = irq.OldCpus.And(_online);
        irq.CleanupCount = irq.OldCpus.Count;
        if (irq.CleanupCount == 0)
        {
            irq.EndMove();
            return;
        }

        PostAll(VectorAsk.Retire, irq.OldCpus, irq.Irq, irq.OldVector, irq.IsManaged);
    }

    private void GiveUp()
    {
        var irq = DescriptorOf(_current.Irq);
        if (irq.HasReserved)
        {
            _matrix!.RemoveReserved();
        }

        irq.CanReserve = false;
        irq.HasReserved = false;
        ReleaseVectors(irq);
        if (!irq.IsManaged)
        {
            irq.Affinity = CpuMask.None;
        }

        End(VectorErrors.Ok);
    }

    // Xen leaves an old entry that waits for cleanup to the cleanup interrupt; Linux takes it back at once.
    private void ReleaseVectors(IrqDescriptor irq)
    {
        irq.PendingAffinity = CpuMask.None;
        if (irq.Vector >= 0)
        {
            PostAll(VectorAsk.Release, _matrix is null ? irq.Cpus.And(_online) : irq.Cpus, irq.Irq, irq.Vector, irq.IsManaged);
            if (_global is not null)
            {
                PostAll(VectorAsk.Release, irq.OldCpus.And(_online), irq.Irq, irq.Vector);
                _global.Table.Free(irq.Vector);
                irq.EndMove();
            }
        }

        irq.Vector = -1;
        irq.Cpus = CpuMask.None;
        if (irq.MoveInProgress || (_matrix is not null && irq.CleanupCount > 0))
        {
            PostAll(VectorAsk.Release, irq.OldCpus.And(_online), irq.Irq, irq.OldVector, irq.IsManaged);
            irq.EndMove();
        }
    }
}
