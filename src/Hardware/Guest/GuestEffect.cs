namespace IoScale.Hardware.Guest;

public enum GuestEffectKind
{
    /// <summary>The receive interrupt is enabled again. Nic; Count frames and Bytes were taken since it was last enabled.</summary>
    RxEnable,

    /// <summary>The transmit interrupt is enabled again. Nic; Count descriptors were cleaned.</summary>
    TxEnable,

    /// <summary>Frames for the VF's transmit queue. Nic, Flow, Count, FrameBytes, SentPs.</summary>
    Transmit,

    /// <summary>Interrupt the pCPU where a vCPU is. Vcpu, PCpu (from), Count = pCPU to interrupt.</summary>
    Kick,

    /// <summary>Wake a blocked vCPU on the pCPU where it is, or, with Flag, interrupt it there by a host timer. Vcpu.</summary>
    Wake,
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
}

/// <summary>The next piece of guest work.</summary>
public readonly record struct GuestStep(long InjectPs, long RunPs, GuestStepEnd End);
