using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Vectors;

public sealed partial class HypervisorVectors
{
    private int BusyError => _kind == VectorAllocatorKind.Xen ? VectorErrors.Again : VectorErrors.Busy;

    // Whether the irq stays, must wait, falls back to where it came from, or gets a new vector. The kernels differ in what they look at first.
    private void StartAssign(CpuMask mask)
    {
        var irq = DescriptorOf(_current.Irq);
        var busy = irq.MoveInProgress || irq.CleanupCount > 0;
        var satisfied = irq.Vector >= 0 && irq.Cpus.And(mask).Intersects(_online);
        var busyFirst = _kind is VectorAllocatorKind.Xen2009PerCpu or VectorAllocatorKind.Linux2632;
        var leaving = _current.Op == VectorOp.Fixup;
        if (satisfied && (leaving || !(busy && busyFirst)))
        {
            End(VectorErrors.Ok);
            return;
        }

        if (busy && (irq.Vector < 0 || (_matrix is null ? irq.Cpus.Intersects(_online) : !leaving)))
        {
            End(BusyError);
            return;
        }

        if (busy && _matrix is null)
        {
            // Every pCPU of the current vector is gone.
            var back = irq.OldCpus.And(mask).And(_online);
            if (!back.IsEmpty)
            {
                FallBack(irq, back);
                return;
            }

            _keepOld = true;
        }

        Search(irq, mask);
    }

    private void Search(IrqDescriptor irq, in CpuMask mask)
    {
        var watch = irq.Vector >= 0;
        if (_rotor is not null)
        {
            Go(_rotor.Begin(irq.Irq, mask, _online, watch));
        }
        else if (_matrix is not null)
        {
            var target = mask.And(_online);
            Go(irq.IsManaged
                ? _matrix.BeginAllocManaged(irq.Irq, target.And(irq.Affinity), watch)
                : _matrix.BeginAlloc(irq.Irq, target, irq.HasReserved, watch));
        }
        else
        {
            Go(_global!.Begin(irq.Irq, irq.Vector, mask, _online));
        }
    }

    private void FallBack(IrqDescriptor irq, in CpuMask back)
    {
        irq.Vector = irq.OldVector;
        irq.Cpus = back;
        irq.EndMove();
        foreach (var cpu in back)
        {
            Post(new VectorRequest(VectorAsk.Install, cpu, irq.Irq, irq.Vector, Watch: !irq.PendingAffinity.IsEmpty));
        }

        End(VectorErrors.Ok, moved: true);
    }

    private void EndSearch(in VectorStep step)
    {
        if (_current.Op is VectorOp.ReserveManaged or VectorOp.RemoveManaged)
        {
            EndManaged(step.Rc);
            return;
        }

        if (step.Rc < 0)
        {
            if (_current.Op != VectorOp.Activate || !TryNextMask())
            {
                End(step.Rc);
            }

            return;
        }

        var irq = DescriptorOf(_current.Irq);
        if (irq.Vector >= 0)
        {
            LeaveOldVector(irq, step.Domain);
        }

        irq.Vector = step.Vector;
        irq.Cpus = step.Domain;
        if (_current.Op is VectorOp.Assign or VectorOp.Move && !irq.IsManaged)
        {
            irq.Affinity = _current.Mask;
        }
        else if (_current.Op == VectorOp.Activate)
        {
            irq.HasReserved = false;
        }

        _warned |= _matrix is not null && !irq.Cpus.IsSubsetOf(irq.Affinity);
        End(VectorErrors.Ok, moved: true);
    }

    // The old vector stays until the first interrupt arrives on the new one. Where its pCPUs are gone there is nothing to wait for.
    private void LeaveOldVector(IrqDescriptor irq, in CpuMask domain)
    {
        if (_global is not null)
        {
            irq.OldCpus = irq.OldCpus.Or(irq.Cpus).AndNot(domain);
            return;
        }

        if (_keepOld)
        {
            return;
        }

        var alive = irq.Cpus.And(_online);
        if (!alive.IsEmpty)
        {
            irq.OldVector = irq.Vector;
            irq.OldCpus = alive;
            irq.MoveInProgress = true;
        }
        else if (_matrix is not null)
        {
            PostAll(VectorAsk.Forget, irq.Cpus, irq.Irq, irq.Vector, irq.IsManaged);
        }
    }
}
