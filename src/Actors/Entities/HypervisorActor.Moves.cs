using IoScale.Actors.Assembly;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Msi;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Actors.Entities;

/// <summary>The hypervisor moves irqs, programs devices, empties pCPUs and resets functions.</summary>
public sealed partial class HypervisorActor
{
    /// <summary>Tells the remapping table, or the device where there is none, where the irq goes.</summary>
    private void Program(int irq, int vector, CpuMask cpus)
    {
        if (Info(irq) is not { Function: >= 0 } info)
        {
            return;
        }

        FunctionWiring function = _host.Functions[info.Function];
        CpuMask online = cpus.And(State.Vectors.OnlineCpus);
        CpuMask wanted = online.And(info.Wanted);
        int destination = (!wanted.IsEmpty ? wanted : !online.IsEmpty ? online : cpus).First;
        bool first = info.Destination < 0;
        info.Destination = destination;
        bool logical = _host.Spec.Destination == DestinationMode.Flat;
        int address = logical ? 1 << destination : destination;
        if (info.Irte < 0)
        {
            MsiMessage message = MsiMessage.From(new CompatibilityFields((byte)address, logical, true, (byte)vector));
            SendInHost(function.Entity, new WriteMsix(info.MsixEntry, message.Address, message.Data), _registerWritePs);
            return;
        }

        // All writes take the same time, so that those to one entry keep their order.
        bool posted = _host.Spec.Delivery == DeliveryMode.Posted && function.InterruptVcpu >= 0;
        SendInHost(function.Iommu, posted ? new WriteIrte(info.Irte, true, GuestMachine.VectorOf(function.VfOfVm, info.MsixEntry), 0, false, function.SourceId, function.InterruptVcpu) : new WriteIrte(info.Irte, true, vector, address, logical, function.SourceId), _invalidatePs);
        if (first)
        {
            MsiMessage message = MsiMessage.From(new RemappableFields((ushort)info.Irte, false, 0));
            SendInHost(function.Entity, new WriteMsix(info.MsixEntry, message.Address, message.Data), _registerWritePs);
        }
    }

    private void ConcludeMove(in VectorOutcome outcome)
    {
        State.MovesNoSpace += outcome.Rc == VectorErrors.NoSpace ? 1 : 0;
        State.MovesBusy += outcome.Rc < 0 && outcome.Rc != VectorErrors.NoSpace ? 1 : 0;
        if (outcome.Rc < 0 || Info(outcome.Irq) is not { } info)
        {
            return;
        }

        // In flat mode the vector is good on every pCPU: only the destination changes.
        bool elsewhere = !outcome.Moved && !info.Wanted.IsEmpty && !info.Wanted.Contains(info.Destination) && outcome.Cpus.Intersects(info.Wanted);
        if (outcome.Moved || elsewhere)
        {
            Program(outcome.Irq, outcome.Vector, outcome.Cpus);
        }
    }

    /// <summary>A vCPU is on another pCPU: the interrupts that its guest sends to it follow.</summary>
    private void FollowVcpu(int vcpu)
    {
        if (_host.Spec.Delivery != DeliveryMode.FollowVcpu)
        {
            return;
        }

        EntityId vm = _host.Vcpus[vcpu].Vm;
        for (int i = 0; i < _host.Functions.Count; i++)
        {
            if (_host.Functions[i].Vm == vm && State.Functions[i].Up)
            {
                Follow(i);
            }
        }
    }

    private void Follow(int function)
    {
        FunctionWiring wiring = _host.Functions[function];
        if (_host.Spec.Delivery != DeliveryMode.FollowVcpu || wiring.InterruptVcpu < 0)
        {
            return;
        }

        int pcpu = State.VcpuAt[wiring.InterruptVcpu];
        foreach (int irq in State.Functions[function].Irqs)
        {
            IrqInfo info = Info(irq)!;
            info.Wanted = CpuMask.Single(pcpu);
            if (info.Destination != pcpu || State.Vectors.Descriptor(irq)!.MoveState != IrqMoveState.Idle)
            {
                State.Vectors.SetAffinity(irq, info.Wanted);
            }
        }
    }

    /// <summary>Static delivery in Xen, and what cannot be tracked: when a guest binds an interrupt, it is aimed at the pCPU where vCPU 0 is then, and stays there.</summary>
    private void BindToVcpu0(int function)
    {
        bool follows = _host.Spec.Delivery != DeliveryMode.Static && _host.Functions[function].InterruptVcpu >= 0;
        if (follows || _host.Spec.Allocator is VectorAllocatorKind.Linux or VectorAllocatorKind.Linux2632)
        {
            return;
        }

        int vcpu0 = 0;
        while (_host.Vcpus[vcpu0].Vm != _host.Functions[function].Vm)
        {
            vcpu0++;
        }

        foreach (int irq in State.Functions[function].Irqs)
        {
            IrqInfo info = Info(irq)!;
            info.Wanted = CpuMask.Single(State.VcpuAt[vcpu0]);
            if (!info.Wanted.Contains(info.Destination))
            {
                State.Vectors.SetAffinity(irq, info.Wanted);
            }
        }
    }

    private void SetAffinity(SetAffinity set)
    {
        int[] irqs = State.Functions[set.Function].Irqs;
        for (int entry = 0; entry < irqs.Length; entry++)
        {
            if ((set.MsixEntry < 0 || set.MsixEntry == entry) && Info(irqs[entry]) is { } info)
            {
                info.Wanted = CpuMask.Of(set.PCpus);
                State.Vectors.SetAffinity(irqs[entry], info.Wanted);
            }
        }
    }

    private void TakeOffline(int pcpu)
    {
        CpuMask leaving = State.Leaving;
        State.Leaving = leaving.With(pcpu);
        if (NextOnline(pcpu) < 0)
        {
            State.Leaving = leaving;
            State.OfflineRefused++;
            State.Notes.Add($"{_host.Spec.Name}: pCPU {pcpu} stays online: it is the last one of socket {_host.SocketOf(pcpu)}");
            return;
        }

        State.Vectors.TakeOffline(pcpu);
    }

    /// <summary>The next pCPU of the socket, in a circle and last the one given, that is online and stays so; or -1.</summary>
    private int NextOnline(int after)
    {
        int first = _host.SocketOf(after) * _host.PCpusPerSocket;
        for (int i = 1; i <= _host.PCpusPerSocket; i++)
        {
            int candidate = first + ((after - first + i) % _host.PCpusPerSocket);
            if (StaysOnline(candidate))
            {
                return candidate;
            }
        }

        return -1;
    }

    private bool StaysOnline(int pcpu) => State.Vectors.OnlineCpus.Contains(pcpu) && !State.Leaving.Contains(pcpu);

    private void Migrate(MigrateVcpu migrate)
    {
        if (StaysOnline(migrate.PCpu))
        {
            SendInHost(_host.PCpus[State.VcpuAt[migrate.Vcpu]], new HandOverVcpu(migrate.Vcpu, migrate.PCpu, Pin: true));
        }
        else
        {
            State.Notes.Add($"{_host.Spec.Name}: vCPU {migrate.Vcpu} stays on pCPU {State.VcpuAt[migrate.Vcpu]}: pCPU {migrate.PCpu} is offline");
        }
    }

    /// <summary>Interrupts follow the vCPU; where it came to a pCPU that is going offline, it goes on from there.</summary>
    private void Placed(VcpuPlaced placed)
    {
        State.VcpuAt[placed.Vcpu] = placed.PCpu;
        if (State.Vectors.OnlineCpus.Contains(placed.PCpu))
        {
            FollowVcpu(placed.Vcpu);
        }
        else
        {
            SendInHost(_host.PCpus[placed.PCpu], new HandOverVcpu(placed.Vcpu, NextOnline(placed.PCpu), Pin: false));
        }
    }

    private void ConcludeOffline(in VectorOutcome outcome)
    {
        State.Leaving = State.Leaving.Without(outcome.Cpu);
        if (outcome.Rc < 0)
        {
            State.OfflineRefused++;
            State.Notes.Add(outcome.Rc == VectorErrors.NoSpace
                ? $"{_host.Spec.Name}: pCPU {outcome.Cpu} stays online: the others have no room for its vectors"
                : $"{_host.Spec.Name}: pCPU {outcome.Cpu} cannot go offline");
            return;
        }

        int target = outcome.Cpu;
        for (int vcpu = 0; vcpu < State.VcpuAt.Length; vcpu++)
        {
            if (State.VcpuAt[vcpu] == outcome.Cpu)
            {
                target = NextOnline(target);
                SendInHost(_host.PCpus[outcome.Cpu], new HandOverVcpu(vcpu, target, Pin: false));
            }
        }

        SendInHost(_host.PCpus[outcome.Cpu], new OfflinePCpu(outcome.Cpu));
    }

    /// <summary>The function loses rings and vectors; its driver comes back after the reset.</summary>
    private void Reset(int function)
    {
        FunctionWiring wiring = _host.Functions[function];
        FunctionState state = State.Functions[function];
        if (state.Up)
        {
            long afterUpPs = Math.Max(0, state.UpAtPs - Now);
            SendInHost(wiring.Entity, new FunctionDown(function), afterUpPs);
            if (wiring.Vm is { } vm)
            {
                SendInHost(vm, new FunctionDown(function), afterUpPs);
            }
        }

        state.Up = false;
        foreach (int irq in state.Irqs)
        {
            if (Info(irq) is { } info)
            {
                // One that still waits for its vector has not been counted.
                State.Assigned -= info.Destination >= 0 ? 1 : 0;
                State.Vectors.Free(irq);
                FreeIrte(info);
                State.Irqs[irq] = null;
            }
        }

        // What it asked for before the reset, nobody waits for any more.
        State.Asking = new Queue<VectorOwner>(State.Asking.Where(owner => owner.Function != function));
        state.Irqs = [];
        state.ReadyAtPs = Now + ResetPs;
        After(ResetPs, new FunctionUp(function));
    }

    private void FreeIrte(IrqInfo info)
    {
        if (info.Irte >= 0)
        {
            FunctionWiring function = _host.Functions[info.Function];
            SendInHost(function.Iommu, new WriteIrte(info.Irte, false, 0, 0, false, 0), _invalidatePs);
            State.IrteFree[function.IommuIndex].Free(info.Irte, 1);
        }
    }
}
