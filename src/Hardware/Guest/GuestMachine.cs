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

    /// <summary>"Not armed" for a vCPU's timer.</summary>
    public const long NoTick = long.MaxValue;

    private const int FirstGuestVector = 0x31;

    /// <summary>The guest's timer vector (Linux: LOCAL_TIMER_VECTOR) and its IPI to reschedule (Linux: RESCHEDULE_VECTOR).</summary>
    private const int TimerVector = 0xef;
    private const int RescheduleVector = 0xfd;

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
            guest.Vcpus[i] = new GuestVcpu { Index = i, PCpu = starts[i] };
        }

        for (int i = 0; i < setup.Nics; i++)
        {
            guest.Nics[i] = new GuestNic { Ring = new GuestRing(setup.RxRing, setup.Pv?.Dom0?.Flows ?? 0) };
        }

        guest.CreateEvents();
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

        foreach (DriverQueue queue in Queues)
        {
            held += queue.WaitingFrames;
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
            pending += vcpu.Apic.RequestedCount + vcpu.Apic.InServiceCount + vcpu.Posted.Count - OwnVectors(vcpu.Apic);
        }

        return pending + PendingDeviceEvents();
    }

    private static int OwnVectors(LocalApic apic) =>
        (apic.IsRequested(TimerVector) ? 1 : 0) + (apic.IsInService(TimerVector) ? 1 : 0)
        + (apic.IsRequested(RescheduleVector) ? 1 : 0) + (apic.IsInService(RescheduleVector) ? 1 : 0);

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
        if (Dom0 is not null)
        {
            DriverDown(nic);
        }

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
        state.OutgoingFrames += frames.Count;

        // Between two pieces a poll may have its turn.
        for (int left = frames.Count; left > 0; left -= GuestSetup.SendBatch)
        {
            state.Outgoing.Enqueue(frames with { Count = Math.Min(left, GuestSetup.SendBatch) });
        }

        Disturb(Vcpus[_setup.VcpuOf(nic)]);
    }

    /// <summary>
    /// Accounts for the piece of work before and says what the vCPU does next.
    /// </summary>
    /// <param name="ranPs">How long the piece before ran.</param>
    /// <param name="completed">It ran to its end, its exit included.</param>
    /// <param name="inGuest">The guest has not exited: the hypervisor can inject nothing; hardware with virtual-interrupt delivery can.</param>
    public GuestStep Step(int vcpu, long nowPs, long ranPs, bool completed, bool inGuest)
    {
        GuestVcpu cpu = Vcpus[vcpu];
        cpu.RunState = VcpuRunState.Running;
        Account(cpu, nowPs, ranPs, completed);
        RunTimer(cpu);
        TakePosted(cpu);
        long injectPs = 0;
        if (!inGuest)
        {
            if (vcpu == 0 && _setup.ByWayOfVcpu0)
            {
                RunAssists(cpu.PCpu);
            }

            injectPs = Inject(cpu) + BeginUpcall(cpu);
        }
        else if (_setup.VirtualDelivery || Paravirtual)
        {
            Dispatch(cpu);
        }

        return Choose(cpu, nowPs, injectPs) with { Category = CategoryOf(cpu) };
    }

    /// <summary>The vCPU has lost its pCPU after running <paramref name="ranPs"/> of its piece of work, to its end or not.</summary>
    public void Descheduled(int vcpu, long nowPs, long ranPs, bool completed)
    {
        GuestVcpu cpu = Vcpus[vcpu];
        Account(cpu, nowPs, ranPs, completed);
        cpu.RunState = VcpuRunState.Runnable;
        cpu.Posted.Preempted();
    }
}
