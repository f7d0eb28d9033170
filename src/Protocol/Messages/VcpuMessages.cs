using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Protocol.Messages;

/// <summary>To itself: the pCPU's current activity is over. A token that is no longer current is ignored.</summary>
[MemoryPackable]
public sealed partial record ActivityDone(int Token) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0301);
        digest.Add(Token);
    }
}

/// <summary>To itself: the scheduler's tick.</summary>
[MemoryPackable]
public sealed partial record SchedulerTick : VirtualMessage
{
    public override void Fold(ref Digest digest) => digest.Add(0x0302);
}

/// <summary>A vCPU that was blocked has something to do.</summary>
/// <param name="Vcpu">Number of the vCPU in the host.</param>
/// <param name="Timer">A host timer woke it: the pCPU takes its interrupt first.</param>
[MemoryPackable]
public sealed partial record WakeVcpu(int Vcpu, bool Timer) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0303);
        digest.Add(Vcpu);
        digest.Add(Timer);
    }
}

/// <summary>A pCPU is about to enter a guest, or its guest has come to the end of a piece of work: what now?</summary>
/// <param name="RanPs">How long the last piece ran.</param>
/// <param name="Completed">The last piece ran to its end (and its exit, if it ended in one, has been handled).</param>
/// <param name="InGuest">The guest did not exit: nothing can be injected now.</param>
[MemoryPackable]
public sealed partial record VmEntry(int Vcpu, int PCpu, long RanPs, bool Completed, bool InGuest) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0304);
        digest.Add(Vcpu);
        digest.Add(PCpu);
        digest.Add(RanPs);
        digest.Add(Completed);
        digest.Add(InGuest);
    }
}

/// <summary>What ends a piece of guest work.</summary>
public enum GuestStop
{
    /// <summary>No exit: ask for the next piece.</summary>
    Continue,

    /// <summary>Write to the EOI register.</summary>
    Eoi,

    /// <summary>HLT with nothing pending.</summary>
    Halt,

    /// <summary>The guest becomes interruptible while an interrupt waits.</summary>
    InterruptWindow,

    /// <summary>Nothing to run after all: block the vCPU without entering.</summary>
    Block,

    /// <summary>Write to the interrupt command register.</summary>
    Icr,

    /// <summary>Any other access to an APIC register.</summary>
    ApicOther,

    /// <summary>Write to the mask bit of an MSI-X entry, emulated in the hypervisor.</summary>
    MsixMask,

    /// <summary>Access that is sent on to dom0's device model.</summary>
    DeviceModel,

    /// <summary>Hypercall that sends an event.</summary>
    SendEvent,
}

/// <summary>What the guest does from here on.</summary>
/// <param name="InjectPs">Hypervisor work for injection before the guest runs.</param>
/// <param name="GuestPs">Length of the piece of guest work.</param>
/// <param name="Category">What the pCPU's time counts as meanwhile; guest, or a part of dom0.</param>
[MemoryPackable]
public sealed partial record GuestRun(int Vcpu, long InjectPs, long GuestPs, GuestStop Stop, int Category = 0) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0305);
        digest.Add(Vcpu);
        digest.Add(InjectPs);
        digest.Add(GuestPs);
        digest.Add((int)Stop);
        digest.Add(Category);
    }
}

/// <summary>A runnable vCPU has lost its pCPU to another.</summary>
[MemoryPackable]
public sealed partial record Descheduled(int Vcpu, long RanPs, bool Completed) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0306);
        digest.Add(Vcpu);
        digest.Add(RanPs);
        digest.Add(Completed);
    }
}

/// <summary>A vCPU is on another pCPU from now on.</summary>
/// <param name="Vcpu">Number of the vCPU in the host.</param>
[MemoryPackable]
public sealed partial record VcpuPlaced(int Vcpu, int PCpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0307);
        digest.Add(Vcpu);
        digest.Add(PCpu);
    }
}

/// <summary>Take this vCPU off and hand it to another pCPU.</summary>
/// <param name="Pin">It stays there from now on.</param>
[MemoryPackable]
public sealed partial record HandOverVcpu(int Vcpu, int PCpu, bool Pin) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0308);
        digest.Add(Vcpu);
        digest.Add(PCpu);
        digest.Add(Pin);
    }
}

/// <summary>A vCPU arrives with its scheduling state.</summary>
/// <param name="Pin">pCPU it is pinned to, or -1.</param>
[MemoryPackable]
public sealed partial record VcpuArrives(int Vcpu, int Weight, int Pin, int Credit, int Priority, bool Active, bool Runnable, long UnpaidPs) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0309);
        digest.Add(Vcpu);
        digest.Add(Weight);
        digest.Add(Pin);
        digest.Add(Credit);
        digest.Add(Priority);
        digest.Add(Active);
        digest.Add(Runnable);
        digest.Add(UnpaidPs);
    }
}

/// <summary>vCPUs wait here that could run elsewhere: an idle pCPU may ask for one.</summary>
[MemoryPackable]
public sealed partial record Tickle : VirtualMessage
{
    public override void Fold(ref Digest digest) => digest.Add(0x030C);
}

/// <summary>A pCPU with nothing better to do asks another for a waiting vCPU.</summary>
/// <param name="Priority">Priority of what the asker would run otherwise.</param>
[MemoryPackable]
public sealed partial record StealRequest(int PCpu, int Priority) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x030A);
        digest.Add(PCpu);
        digest.Add(Priority);
    }
}

/// <summary>Nothing to give away.</summary>
[MemoryPackable]
public sealed partial record StealRefused : VirtualMessage
{
    public override void Fold(ref Digest digest) => digest.Add(0x030B);
}
