namespace IoScale.Hardware.Vectors;

// Reservation mode and managed irqs. Source: Linux 5.10 arch/x86/kernel/apic/vector.c (V).
public sealed partial class HypervisorVectors
{
    private const int NodeAndAffinity = 0;
    private const int AffinityAndOnline = 2;
    private const int Anywhere = 3;

    /// <summary>Linux: promises <paramref name="irq"/> a vector without taking one.</summary>
    public void Reserve(int irq, CpuMask affinity) => Enqueue(new VectorJob(VectorOp.Reserve, irq, -1, -1, affinity));

    /// <summary>Linux: sets a vector aside for a managed irq on every pCPU of <paramref name="affinity"/>, online or not.</summary>
    public void ReserveManaged(int irq, CpuMask affinity) => Enqueue(new VectorJob(VectorOp.ReserveManaged, irq, -1, -1, affinity));

    /// <summary>Linux: gives back the vectors set aside; the irq must not be active.</summary>
    public void RemoveManaged(int irq) => Enqueue(new VectorJob(VectorOp.RemoveManaged, irq, -1, -1, CpuMask.None));

    /// <summary>Linux: gives a promised or managed irq its vector.</summary>
    /// <param name="node">pCPUs of the device's NUMA node, tried first; empty when there is none.</param>
    public void Activate(int irq, CpuMask node) => Enqueue(new VectorJob(VectorOp.Activate, irq, -1, -1, node));

    /// <summary>Linux: takes the vector of an irq back and keeps the promise, or the vectors set aside.</summary>
    public void Deactivate(int irq) => Enqueue(new VectorJob(VectorOp.Deactivate, irq, -1, -1, CpuMask.None));

    private void StartLinux()
    {
        var irq = DescriptorOf(_current.Irq);
        if (_matrix is not { } matrix)
        {
            End(VectorErrors.Invalid);
            return;
        }

        switch (_current.Op)
        {
            case VectorOp.Reserve when irq.IsFree:
                irq.Affinity = _current.Mask;
                irq.CanReserve = true;
                Promise(irq);
                End(VectorErrors.Ok);
                break;
            case VectorOp.ReserveManaged when irq.IsFree:
                irq.Affinity = _current.Mask;
                Go(matrix.BeginReserveManaged(_current.Mask));
                break;
            case VectorOp.RemoveManaged when irq is { IsManaged: true, Vector: < 0 }:
                Go(matrix.BeginRemoveManaged(irq.Affinity));
                break;
            case VectorOp.Activate when irq.IsManaged && irq.Vector < 0:
                _attempt = Anywhere;
                Search(irq, irq.Affinity);
                break;
            case VectorOp.Activate when irq.HasReserved:
                _attempt = (_current.Mask.IsEmpty ? AffinityAndOnline : NodeAndAffinity) - 1;
                TryNextMask();
                break;
            case VectorOp.Deactivate when irq.Vector >= 0:
                ReleaseVectors(irq);
                _jobs.Insert(0, _current with { Op = VectorOp.Promise });
                break;
            case VectorOp.Promise:
                if (irq.CanReserve)
                {
                    Promise(irq);
                }

                End(VectorErrors.Ok);
                break;
            default:
                End(VectorErrors.Invalid);
                break;
        }
    }

    private void Promise(IrqDescriptor irq)
    {
        irq.HasReserved = true;
        _warned = !_matrix!.Reserve();
    }

    // Activation looks near the device first, then where the irq was asked to be, then anywhere.
    private bool TryNextMask()
    {
        if (_attempt >= Anywhere)
        {
            return false;
        }

        _attempt++;
        var irq = DescriptorOf(_current.Irq);
        Search(irq, _attempt switch
        {
            NodeAndAffinity => _current.Mask.And(irq.Affinity),
            NodeAndAffinity + 1 => _current.Mask,
            AffinityAndOnline => irq.Affinity,
            _ => _online,
        });
        return true;
    }

    private void EndManaged(int rc)
    {
        var irq = DescriptorOf(_current.Irq);
        irq.IsManaged = rc == VectorErrors.Ok && _current.Op == VectorOp.ReserveManaged;
        End(rc);
    }
}
