using IoScale.Actors.Assembly;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Iommu;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Actors.Entities;

/// <summary>
/// A host's hypervisor: gives irqs to devices, asks pCPUs for vectors, programs the remapping tables, moves irqs, takes pCPUs offline. What is at a
/// vector it does not know; it asks the pCPU.
/// </summary>
public sealed partial class HypervisorActor : WiredActor<HypervisorState>
{
    /// <summary>From a function-level reset to the driver asking for vectors again (R-L; PCIe allows the function 100 ms).</summary>
    public const long ResetPs = 10 * VirtualDuration.Millisecond;

    private readonly HostWiring _host;
    private readonly long _invalidatePs;
    private readonly long _registerWritePs;

    public HypervisorActor(Wiring wiring, HostWiring host, CostProfile costs)
        : base(wiring)
    {
        _host = host;
        _invalidatePs = costs.Ps(CostName.IecInvalidate);
        _registerWritePs = Math.Max(_invalidatePs, costs.Ps(CostName.MsiLatency)) + costs.Ps(CostName.MmioRead);
        State = new HypervisorState
        {
            Vectors = new HypervisorVectors(host.Spec.Allocator, host.Spec.Destination, host.Spec.PCpus),
            Functions = new FunctionState[host.Functions.Count],
            IrteFree = new EntryAllocator[host.Spec.Sockets],
            VcpuAt = [.. host.Vcpus.Select(v => v.Start)],
            NextIrq = VectorBoot.FirstIrq,
        };
        for (int i = 0; i < host.Functions.Count; i++)
        {
            State.Functions[i] = new FunctionState();
        }

        for (int i = 0; i < host.Spec.Sockets; i++)
        {
            State.IrteFree[i] = new EntryAllocator(host.Spec.Iommu.Entries);
        }
    }

    protected override void Start()
    {
        for (int pcpu = 0; pcpu < _host.Spec.PCpus; pcpu++)
        {
            State.Vectors.BringOnline(pcpu);
        }

        for (int i = 0; i < _host.Spec.PlatformVectors; i++)
        {
            State.Asking.Enqueue(new VectorOwner(RefusedVector.Platform, i));
        }

        for (int i = 0; i < _host.Functions.Count; i++)
        {
            AskForVectors(i);
        }

        Act();
    }

    protected override void Handle(EntityId sender, VirtualMessage message)
    {
        switch (message)
        {
            case VectorAnswer answer:
                State.MovesDone += answer.Erased ? 1 : 0;
                State.Vectors.Digest(new VectorReply(
                    (VectorAsk)answer.Ask, answer.PCpu, answer.Irq, answer.Vector, answer.Offset, answer.Erased, answer.Warned,
                    new MatrixCounts(answer.Available, answer.Allocated, answer.Managed, answer.ManagedAllocated, answer.Online)));
                break;
            case VectorTaken taken:
                State.Reporter[taken.Irq] = taken.PCpu;
                State.Vectors.Interrupted(taken.Irq, taken.PCpu, taken.Vector);
                break;
            case VcpuPlaced placed:
                Placed(placed);
                break;
            case MigrateVcpu migrate:
                Migrate(migrate);
                break;
            case SetAffinity set:
                SetAffinity(set);
                break;
            case OfflinePCpu offline:
                TakeOffline(offline.PCpu);
                break;
            case OnlinePCpu online:
                if (!State.Vectors.OnlineCpus.Contains(online.PCpu))
                {
                    SendInHost(_host.PCpus[online.PCpu], online);
                    State.Vectors.BringOnline(online.PCpu);
                }

                break;
            case ResetFunction reset:
                Reset(reset.Function);
                break;
            case FunctionUp ready when Now == State.Functions[ready.Function].ReadyAtPs:
                // To itself, when the last reset is over; of two resets at one time the second adds nothing.
                State.Functions[ready.Function].ReadyAtPs = -1;
                AskForVectors(ready.Function);
                break;
            case FunctionUp:
                break;
            case MeasureStart:
                break;
            default:
                throw new InvalidOperationException($"the hypervisor does not understand {message.GetType().Name}");
        }

        Act();
    }

    /// <summary>Carries the vector policy's questions to the pCPUs and its results to devices and guests, until it waits for answers.</summary>
    private void Act()
    {
        while (true)
        {
            if (State.Vectors.TryNextOutcome(out VectorOutcome outcome))
            {
                Conclude(outcome);
            }
            else if (State.Vectors.TryNextRequest(out VectorRequest request))
            {
                Ask(request);
            }
            else
            {
                return;
            }
        }
    }

    private void Ask(in VectorRequest request)
    {
        IrqInfo? info = Info(request.Irq);
        SendInHost(_host.PCpus[request.Cpu], new AskVector(
            (int)request.Ask, request.Irq, request.Vector, request.Offset, request.Stop, request.Watch, request.Managed,
            new VectorOwner(info?.Function ?? -1, info?.MsixEntry ?? 0)));
        if (request.Ask == VectorAsk.Retire)
        {
            // The pCPU on which the first new interrupt arrived sends the cleanup IPI.
            SendInHost(_host.PCpus[State.Reporter.GetValueOrDefault(request.Irq, request.Cpu)], new SendCleanup(request.Cpu));
        }
    }

    private void Conclude(in VectorOutcome outcome)
    {
        switch (outcome.Op)
        {
            case VectorOp.Assign or VectorOp.Activate:
                ConcludeAssign(outcome);
                break;
            case VectorOp.Move:
                ConcludeMove(outcome);
                break;
            case VectorOp.Fixup when outcome.Moved || IsStranded(outcome):
                Program(outcome.Irq, outcome.Vector, outcome.Cpus);
                break;
            case VectorOp.Fixup when outcome.Rc < 0 && outcome.Irq >= VectorBoot.FirstIrq:
                State.Notes.Add($"{_host.Spec.Name}: irq {outcome.Irq} found no vector when pCPU {outcome.Cpu} went offline; it stays there, and its interrupts are lost");
                break;
            case VectorOp.Offline:
                ConcludeOffline(outcome);
                break;
            default:
                break;
        }
    }

    /// <summary>In flat mode an irq keeps its vector when a pCPU leaves, but it must not be sent there.</summary>
    private bool IsStranded(in VectorOutcome outcome) =>
        outcome.Rc >= 0 && Info(outcome.Irq) is { } info && !State.Vectors.OnlineCpus.Contains(info.Destination) && outcome.Cpus.Intersects(State.Vectors.OnlineCpus);

    private int NewIrq(IrqInfo info)
    {
        int irq = State.NextIrq++;
        while (State.Irqs.Count <= irq)
        {
            State.Irqs.Add(null);
        }

        State.Irqs[irq] = info;
        return irq;
    }

    private IrqInfo? Info(int irq) => (uint)irq < (uint)State.Irqs.Count ? State.Irqs[irq] : null;

    /// <summary>A driver starts: it asks for its vectors, one after the other, when its turn comes.</summary>
    private void AskForVectors(int function)
    {
        FunctionState state = State.Functions[function];
        state.Irqs = new int[_host.Functions[function].Function.Vectors];
        Array.Fill(state.Irqs, -1);
        state.Answered = 0;
        state.Granted = 0;
        state.Refused = false;
        for (int entry = 0; entry < state.Irqs.Length; entry++)
        {
            State.Asking.Enqueue(new VectorOwner(function, entry));
        }

        AskNext();
    }

    /// <summary>The next request for a vector, once the one before has its answer: what that one gave back is there for this one.</summary>
    private void AskNext()
    {
        while (State.AskedIrq < 0 && State.Asking.TryDequeue(out VectorOwner owner))
        {
            if (owner.Function == RefusedVector.Platform)
            {
                State.AskedIrq = NewIrq(new IrqInfo { MsixEntry = owner.MsixEntry });
                VectorBoot.Ask(State.Vectors, _host.Spec, State.AskedIrq, 0);
                continue;
            }

            FunctionWiring wiring = _host.Functions[owner.Function];
            if (owner.MsixEntry >= wiring.Function.TableSize)
            {
                Refuse(owner, RefusedVector.NoPCpu, $"its MSI-X table has {wiring.Function.TableSize} entries");
                continue;
            }

            int irte = _host.Spec.Iommu.Remapping ? State.IrteFree[wiring.IommuIndex].Allocate(1) : -1;
            if (_host.Spec.Iommu.Remapping && irte < 0)
            {
                Refuse(owner, RefusedVector.NoPCpu, $"the interrupt remapping table of IOMMU {wiring.IommuIndex} is full ({_host.Spec.Iommu.Entries} entries)");
                continue;
            }

            State.AskedIrq = NewIrq(new IrqInfo { Function = owner.Function, MsixEntry = owner.MsixEntry, Irte = irte });
            State.Functions[owner.Function].Irqs[owner.MsixEntry] = State.AskedIrq;
            VectorBoot.Ask(State.Vectors, _host.Spec, State.AskedIrq, _host.Spec.Nics[wiring.Function.Nic].Socket);
        }
    }

    private void ConcludeAssign(in VectorOutcome outcome)
    {
        State.AskedIrq = outcome.Irq == State.AskedIrq ? -1 : State.AskedIrq;
        if (Info(outcome.Irq) is { } info)
        {
            ConcludeAssign(outcome, info);
        }

        AskNext();
    }

    private void ConcludeAssign(in VectorOutcome outcome, IrqInfo info)
    {
        if (outcome.Rc >= 0)
        {
            State.Assigned++;
            info.Destination = info.Function < 0 ? outcome.Cpus.First : info.Destination;
            if (info.Function >= 0)
            {
                State.Functions[info.Function].Granted++;
                Program(outcome.Irq, outcome.Vector, outcome.Cpus);
                Answered(info.Function);
            }

            return;
        }

        State.Vectors.Free(outcome.Irq);
        State.Irqs[outcome.Irq] = null;
        if (info.Function >= 0)
        {
            FreeIrte(info);
            State.Functions[info.Function].Irqs[info.MsixEntry] = -1;
        }

        bool oneByOne = !VectorModel.IsGlobal(_host.Spec.Allocator) && !VectorModel.IsFlat(_host.Spec.Allocator, _host.Spec.Destination)
            && _host.Spec.Allocator != VectorAllocatorKind.Linux;
        int last = oneByOne ? _host.Spec.PCpus - 1 : RefusedVector.AllPCpus;
        Refuse(new VectorOwner(info.Function, info.MsixEntry), last, "no pCPU has a vector left");
    }

    private void Refuse(VectorOwner owner, int pcpu, string reason)
    {
        State.Refusals.Add(new RefusedVector(owner.Function, owner.MsixEntry, State.Assigned, pcpu, reason));
        if (owner.Function >= 0)
        {
            State.Functions[owner.Function].Refused = true;
            Answered(owner.Function);
        }
    }

    /// <summary>A driver that has the answer for each of its vectors, and every one granted, brings its function up.</summary>
    private void Answered(int function)
    {
        FunctionState state = State.Functions[function];
        FunctionWiring wiring = _host.Functions[function];
        if (++state.Answered < state.Irqs.Length || state.Refused)
        {
            return;
        }

        state.Up = true;
        state.UpAtPs = Now + _registerWritePs;
        if (wiring.Vm is { } vm)
        {
            SendInHost(wiring.Entity, new FunctionUp(function), _registerWritePs);
            SendInHost(vm, new FunctionUp(function), _registerWritePs);
            Follow(function);
            BindToVcpu0(function);
        }
        else if (wiring.Function.IsPf)
        {
            SendInHost(wiring.Entity, new FunctionUp(function), _registerWritePs);
        }
    }
}
