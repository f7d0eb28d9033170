using IoScale.Hardware.Numbers;

namespace IoScale.Hardware.Guest;

public enum GuestEffectKind
{
    /// <summary>The receive interrupt is enabled again. Nic; Count frames and Bytes were taken since it was last enabled.</summary>
    RxEnable,

    /// <summary>The transmit interrupt is enabled again. Nic; Count descriptors were cleaned.</summary>
    TxEnable,

    /// <summary>Frames for the VF's transmit queue. Nic, Flow, Count, FrameBytes, SentPs.</summary>
    Transmit,

    /// <summary>Interrupt the pCPU where a vCPU is. Vcpu, PCpu (from), Count = pCPU to interrupt; Flag for the guest's own IPI.</summary>
    Kick,

    /// <summary>Wake a blocked vCPU on the pCPU where it is, or, with Flag, interrupt it there by a host timer. Vcpu.</summary>
    Wake,

    /// <summary>Notify the pCPU where a running vCPU is of a posted interrupt. Vcpu, PCpu.</summary>
    PostedNotification,

    /// <summary>Wake a blocked vCPU by a posted interrupt's wake-up vector. Vcpu, PCpu.</summary>
    PostedWakeup,

    /// <summary>The vCPU's timer is to fire. Vcpu; SentPs is when.</summary>
    ArmTick,

    /// <summary>The application has taken frames of a watched flow. Flow, Count, FrameBytes, SentPs.</summary>
    Delivered,

    /// <summary>An instruction had side effects that the guest did not get. Vcpu.</summary>
    SideEffect,

    /// <summary>dom0's device model is to mask or unmask an entry; the vCPU waits for it. Vcpu.</summary>
    DeviceModel,

    /// <summary>dom0's device model has answered. Vcpu is the number in the host.</summary>
    DeviceModelAnswer,

    /// <summary>netfront has posted receive requests. Count.</summary>
    FrontPosted,

    /// <summary>netfront has put frames into transmit requests. Flow, Count, FrameBytes, SentPs.</summary>
    FrontTransmit,

    /// <summary>netfront has sent its event. PCpu.</summary>
    FrontEvent,

    /// <summary>netfront's timer is started; SentPs is how long from now.</summary>
    FrontTimer,

    /// <summary>dom0 has taken a vif's event. Nic is the vif's number in the host.</summary>
    VifLook,

    /// <summary>Frames of a vif have left dom0's NIC, or been lost there. Nic is the vif's number in the host; Count.</summary>
    VifSent,

    /// <summary>dom0's driver has given frames to the bridge. Nic, Flow, Count, FrameBytes, SentPs.</summary>
    Bridged,

    /// <summary>A netback shard's piece of work is over. Nic is the shard.</summary>
    ShardDone,
}

/// <summary>Something that a guest's step causes outside of it; the VM's actor turns it into a message.</summary>
public readonly record struct GuestEffect(
    GuestEffectKind Kind,
    int Nic = 0,
    int Vcpu = 0,
    int PCpu = 0,
    int Flow = 0,
    int Count = 0,
    bool Flag = false,
    int FrameBytes = 0,
    long Bytes = 0,
    long SentPs = 0);

/// <summary>How the piece of guest work that follows ends.</summary>
public enum GuestStepEnd
{
    Continue,
    Eoi,
    Halt,
    InterruptWindow,
    Block,

    /// <summary>Write to the interrupt command register.</summary>
    Icr,

    /// <summary>Any other access to an APIC register.</summary>
    ApicOther,

    /// <summary>Write to the mask bit of an MSI-X entry, emulated in the hypervisor.</summary>
    MsixMask,

    /// <summary>Write to the mask bit of an MSI-X entry, sent to dom0's device model.</summary>
    DeviceModel,

    /// <summary>Hypercall that sends an event.</summary>
    SendEvent,

    /// <summary>Not known yet: the netback shard has to be asked.</summary>
    AskShard,
}

/// <summary>The next piece of guest work.</summary>
/// <param name="Category">What the pCPU's time counts as meanwhile.</param>
public readonly record struct GuestStep(long InjectPs, long RunPs, GuestStepEnd End, CpuCategory Category = CpuCategory.Guest);
