using IoScale.Hardware.Apic;
using IoScale.Hardware.Numbers;
using MemoryPack;

namespace IoScale.Hardware.Guest;

/// <summary>
/// A guest kernel as far as its devices see it: virtual APICs, interrupt handlers, NAPI polls, transmit cleaning, applications. It runs in
/// pieces: <see cref="Step"/> says what a vCPU does next and for how long, and is told later how much of it was done.
/// </summary>
[MemoryPackable]
public sealed partial class GuestMachine
{
    /// <summary>VFs one guest can have: guest vectors are 0x31 + 3 * VF + entry.</summary>
    public const int MaxNics = 63;

    /// <summary>MSI-X entries of a VF: receive, transmit, mailbox.</summary>
    public const int EntriesPerNic = 3;

    /// <summary>Instead of the pCPU that took an interrupt: it came by IPI and goes on by IPI.</summary>
    public const int ByIpi = -1;

    private const int FirstGuestVector = 0x31;

    /// <summary>Significant digits of latencies: 1 % steps at 30 KiB a VM.</summary>
    public const int LatencyDigits = 2;

    [MemoryPackInclude]
    private bool[] _assist = [];

    [MemoryPackIgnore]
    private GuestSetup _setup = null!;

    [MemoryPackIgnore]
    private readonly List<GuestEffect> _effects = [];

    public GuestVcpu[] Vcpus { get; set; } = [];

    public GuestNic[] Nics { get; set; } = [];

    /// <summary>Time from a frame's departure to the application.</summary>
    public LatencyHistogram Latency { get; set; } = new(LatencyDigits);

    public GuestCounters Counters { get; set; } = new();

    /// <summary>What the last calls caused outside; the caller clears it.</summary>
    [MemoryPackIgnore]
    public List<GuestEffect> Effects => _effects;

    /// <summary>A guest that has just booted: every vCPU halted.</summary>
    /// <param name="starts">For each vCPU the pCPU where it starts.</param>
    public static GuestMachine Create(GuestSetup setup, IReadOnlyList<int> starts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(setup.Nics, MaxNics);
        GuestMachine guest = new()
        {
            _setup = setup,
            _assist = new bool[setup.Nics * EntriesPerNic],
            Vcpus = new GuestVcpu[setup.Vcpus],
            Nics = new GuestNic[setup.Nics],
        };
        for (int i = 0; i < setup.Vcpus; i++)
        {
            guest.Vcpus[i] = new GuestVcpu { PCpu = starts[i] };
        }

        for (int i = 0; i < setup.Nics; i++)
        {
            guest.Nics[i] = new GuestNic { Ring = new GuestRing(setup.RxRing) };
        }

        return guest;
    }

    /// <summary>Gives a restored guest its setup back.</summary>
    public void Attach(GuestSetup setup) => _setup = setup;

    /// <summary>Frames that the guest holds at this moment.</summary>
    public long HeldFrames()
    {
        long held = 0;
        foreach (GuestNic nic in Nics)
        {
            held += nic.HeldFrames;
        }

        foreach (GuestVcpu vcpu in Vcpus)
        {
            if (vcpu.Soft == SoftWork.Send)
            {
                held += vcpu.SoftCount;
            }
        }

        return held;
    }

    /// <summary>Device interrupts that wait in the guest: on their way past vCPU 0, requested, or in service.</summary>
    public long PendingInterrupts()
    {
        long pending = 0;
        foreach (bool waiting in _assist)
        {
            pending += waiting ? 1 : 0;
        }

        foreach (GuestVcpu vcpu in Vcpus)
        {
            pending += vcpu.Apic.RequestedCount + vcpu.Apic.InServiceCount;
        }

        return pending;
    }

    /// <summary>The VF's driver has its vectors: fill the receive ring and enable interrupts.</summary>
    public void BringUp(int nic, long nowPs)
    {
        Nics[nic].Up = true;
        Nics[nic].Ring.Post(nowPs, _setup.RxRing);
        _effects.Add(new GuestEffect(GuestEffectKind.RxEnable, Nic: nic));
        _effects.Add(new GuestEffect(GuestEffectKind.TxEnable, Nic: nic));
    }

    /// <summary>The VF was reset or lost its vectors: its rings are gone.</summary>
    public void TakeDown(int nic, long nowPs)
    {
        GuestNic state = Nics[nic];
        state.Up = false;
        state.Ring.Reset(nowPs);
        state.TxInUse = 0;
        state.TxDone = 0;
        state.PolledInBudget = 0;
        foreach (GuestVcpu vcpu in Vcpus)
        {
            vcpu.PollPending &= ~(1UL << nic);
            vcpu.CleanPending &= ~(1UL << nic);
        }
    }

    /// <summary>Frames are on their way into the VF's receive ring; each takes a descriptor when it arrives, or is lost.</summary>
    public void Receive(int nic, in FrameTrain train, long nowPs) => Nics[nic].Ring.Offer(train, nowPs);

    /// <summary>The VF has sent descriptors.</summary>
    public void TransmitDone(int nic, int descriptors)
    {
        if (Nics[nic].Up)
        {
            // What was handed over before a reset has no descriptor in the new ring.
            Nics[nic].TxDone = Math.Min(Nics[nic].TxDone + descriptors, Nics[nic].TxInUse);
        }
    }

    /// <summary>The application wants to send frames; wakes the vCPU that sends.</summary>
    public void Send(int nic, OutgoingFrames frames)
    {
        GuestNic state = Nics[nic];
        state.Outgoing.Enqueue(frames);
        state.OutgoingFrames += frames.Count;
        GuestVcpu sender = Vcpus[_setup.InterruptVcpu];
        bool computes = sender.RunState == VcpuRunState.Running && sender.Soft == SoftWork.Compute && sender.Handler == HandlerStage.None;
        if (sender.RunState == VcpuRunState.Blocked || computes)
        {
            Wake(_setup.InterruptVcpu, timer: true);
        }
    }

    /// <summary>
    /// A device interrupt of the VF, taken by the hypervisor on <paramref name="pcpu"/>. It becomes pending for its vCPU at once, or, by way
    /// of vCPU 0, at vCPU 0's next entry; where the vCPU is on another pCPU an IPI is asked for.
    /// </summary>
    /// <param name="pcpu">A pCPU that does not enter a guest before this call, or <see cref="ByIpi"/>.</param>
    public void Raise(int nic, int entry, int pcpu)
    {
        int slot = (nic * EntriesPerNic) + entry;
        if (_setup.ByWayOfVcpu0)
        {
            if (_assist[slot])
            {
                Counters.MergedOnTheWay++;
                return;
            }

            _assist[slot] = true;
            Notify(0, pcpu);
            return;
        }

        Request(slot, pcpu);
    }

    /// <summary>An IPI for the vCPU has arrived on its pCPU.</summary>
    public void Kicked(int vcpu)
    {
        Vcpus[vcpu].KickPending = false;
        if (Vcpus[vcpu].RunState == VcpuRunState.Blocked)
        {
            Wake(vcpu, timer: false);
        }
    }

    /// <summary>
    /// Accounts for the piece of work before and says what the vCPU does next.
    /// </summary>
    /// <param name="ranPs">How long the piece before ran.</param>
    /// <param name="completed">It ran to its end, its exit included.</param>
    /// <param name="inGuest">The guest has not exited: nothing can be injected.</param>
    public GuestStep Step(int vcpu, long nowPs, long ranPs, bool completed, bool inGuest)
    {
        GuestVcpu cpu = Vcpus[vcpu];
        cpu.RunState = VcpuRunState.Running;
        Account(cpu, nowPs, ranPs, completed);
        long injectPs = 0;
        if (!inGuest)
        {
            if (vcpu == 0 && _setup.ByWayOfVcpu0)
            {
                RunAssists(cpu.PCpu);
            }

            injectPs = Inject(cpu);
        }

        return Choose(cpu, nowPs, injectPs);
    }

    /// <summary>The vCPU has lost its pCPU after running <paramref name="ranPs"/> of its piece of work, to its end or not.</summary>
    public void Descheduled(int vcpu, long nowPs, long ranPs, bool completed)
    {
        GuestVcpu cpu = Vcpus[vcpu];
        Account(cpu, nowPs, ranPs, completed);
        cpu.RunState = VcpuRunState.Runnable;
    }

    private void Request(int slot, int pcpu)
    {
        if (Vcpus[_setup.InterruptVcpu].Apic.Accept(FirstGuestVector + slot, level: false) == AcceptResult.Merged)
        {
            Counters.MergedAtVcpu++;
        }

        Notify(_setup.InterruptVcpu, pcpu);
    }

    /// <summary>Makes a vCPU look at what is pending: nothing to do where it is about to enter, a wake-up on this pCPU, an IPI to another.</summary>
    private void Notify(int vcpu, int pcpu)
    {
        GuestVcpu cpu = Vcpus[vcpu];
        if (cpu.RunState == VcpuRunState.Runnable || cpu.KickPending)
        {
            return;
        }

        if (cpu.PCpu != pcpu)
        {
            cpu.KickPending = true;
            _effects.Add(new GuestEffect(GuestEffectKind.Kick, Vcpu: vcpu, PCpu: pcpu, Count: cpu.PCpu));
        }
        else if (cpu.RunState == VcpuRunState.Blocked)
        {
            Wake(vcpu, timer: false);
        }
    }

    private void Wake(int vcpu, bool timer)
    {
        if (Vcpus[vcpu].RunState == VcpuRunState.Blocked)
        {
            Vcpus[vcpu].RunState = VcpuRunState.Runnable;
        }

        _effects.Add(new GuestEffect(GuestEffectKind.Wake, Vcpu: vcpu, Flag: timer));
    }

    private void RunAssists(int pcpu)
    {
        for (int slot = 0; slot < _assist.Length; slot++)
        {
            if (_assist[slot])
            {
                _assist[slot] = false;
                Request(slot, pcpu);
            }
        }
    }

    private long Inject(GuestVcpu cpu)
    {
        if (cpu.Apic.HighestDeliverable < 0)
        {
            return 0;
        }

        if (cpu.Handler != HandlerStage.None)
        {
            cpu.WindowRequested = true;
            return 0;
        }

        // The interrupt ends a HLT that was on its way; the idle loop executes another one.
        cpu.Soft = cpu.Soft == SoftWork.Halt ? SoftWork.None : cpu.Soft;
        cpu.HandlerSlot = cpu.Apic.Dispatch() - FirstGuestVector;
        cpu.Handler = HandlerStage.Entry;
        cpu.HandlerRemainingPs = _setup.IrqEntryPs;
        Counters.Injections++;
        return _setup.InjectionPs;
    }
}
