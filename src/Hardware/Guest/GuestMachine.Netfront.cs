using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Pv;

namespace IoScale.Hardware.Guest;

/// <summary>netfront: the guest's driver of its vif, which is its NIC 0. Frames in the shared ring are in the NIC's ring.</summary>
public sealed partial class GuestMachine
{
    /// <summary>The vif goes up: the guest posts all its receive buffers.</summary>
    public void Connect(long nowPs)
    {
        Nics[VifNic].Up = true;
        Nics[VifNic].Ring.Post(nowPs, SharedRing.Slots);
        Front!.Rx.PushRequests(SharedRing.Slots);
        _effects.Add(new GuestEffect(GuestEffectKind.FrontPosted, Count: SharedRing.Slots));
    }

    /// <summary>netback has copied frames into the guest's buffers.</summary>
    /// <returns>netback has to notify.</returns>
    public bool FrontReceived(ReadOnlySpan<FrameTrain> trains, long nowPs)
    {
        int frames = 0;
        foreach (FrameTrain train in trains)
        {
            Nics[VifNic].Ring.Offer(train with { FirstPs = nowPs, SpacingPs = 0 }, nowPs);
            frames += train.Count;
        }

        return Front!.Received(frames);
    }

    /// <summary>netback has answered transmit requests.</summary>
    /// <returns>netback has to notify.</returns>
    public bool FrontAnswered(int frames)
    {
        TransmitDone(VifNic, frames);
        return Front!.Answered(frames);
    }

    /// <summary>Changes how the vif notifies; the guest looks at its rings once, as nobody may tell of what came before.</summary>
    public void SetNotification(NotificationSpec notification)
    {
        Front!.SetNotification(notification);
        GuestVcpu cpu = Vcpus[_setup.VcpuOf(VifNic)];
        cpu.PollPending |= 1UL << VifNic;
        Disturb(cpu);
    }

    /// <summary>netfront's timer fires.</summary>
    public void FrontTimer()
    {
        if (Front!.Poll.TimerRuns)
        {
            Front.Poll.Fired();
            GuestVcpu cpu = Vcpus[_setup.VcpuOf(VifNic)];
            cpu.FrontTickPending = true;
            cpu.Apic.Accept(TimerVector);
            if (cpu.RunState != VcpuRunState.Runnable)
            {
                Wake(cpu.Index, timer: true);
            }
        }
    }

    /// <summary>A vCPU that is blocked or only computes has something to do; one at work finds it by itself.</summary>
    private void Disturb(GuestVcpu cpu)
    {
        bool computes = cpu.RunState == VcpuRunState.Running && cpu.Soft == SoftWork.Compute && cpu.Handler == HandlerStage.None;
        if (cpu.RunState == VcpuRunState.Blocked || computes)
        {
            Wake(cpu.Index, timer: true);
        }
    }

    /// <summary>netfront's interrupt handler, behind the poll that it schedules.</summary>
    private void FrontNotified(GuestVcpu cpu)
    {
        cpu.CleanPending |= Nics[VifNic].TxDone > 0 ? 1UL << VifNic : 0;
        if (Front!.Polls)
        {
            // The flag was set, so somebody looks at the ring from now on.
            StartFrontTimer(cpu, Front.Poll.Notified());
        }
    }

    private void StartFrontTimer(GuestVcpu cpu, bool starts)
    {
        if (starts)
        {
            cpu.Accesses.Enqueue(GuestAccess.FrontTimer);
            _effects.Add(new GuestEffect(GuestEffectKind.FrontTimer, SentPs: Front!.Poll.PeriodPs));
        }
    }

    /// <summary>Hypercalls and looks at the ring that are due, before any poll. A look costs nothing beyond the timer's interrupt and what it finds.</summary>
    private static bool StartFrontWork(GuestVcpu cpu)
    {
        if (cpu.EventDue)
        {
            cpu.EventDue = false;
            SetSoft(cpu, SoftWork.SendEvent, VifNic, 0, 0);
            return true;
        }

        if (cpu.FrontTickPending)
        {
            cpu.FrontTickPending = false;
            SetSoft(cpu, SoftWork.FrontTick, VifNic, 0, 0);
            return true;
        }

        return false;
    }

    private void FinishFrontTick(GuestVcpu cpu)
    {
        Counters.FrontPolls++;
        bool received = Front!.Rx.UnconsumedResponses > 0;
        bool answered = Nics[VifNic].TxDone > 0;
        cpu.PollPending |= received ? 1UL << VifNic : 0;
        cpu.CleanPending |= answered ? 1UL << VifNic : 0;
        if (Front.Polls)
        {
            StartFrontTimer(cpu, Front.Poll.Looked(received || answered));
        }
    }

    /// <summary>The poll found the ring empty: netback is to tell of the next frame.</summary>
    private void FrontPollOver() => Front!.Rx.FinalCheckForResponses();

    /// <summary>The poll has taken frames; their buffers go back into the ring.</summary>
    private void FrontTook(GuestVcpu cpu, int frames)
    {
        Front!.Rx.TakeResponses(frames);
        cpu.EventDue |= Front.Rx.PushRequests(frames);
        _effects.Add(new GuestEffect(GuestEffectKind.FrontPosted, Count: frames));
    }

    /// <summary>Frames go into the transmit ring; what has been answered is reaped on the way.</summary>
    private void FrontSend(GuestVcpu cpu, in OutgoingFrames frames, int accepted)
    {
        cpu.EventDue |= Front!.Tx.PushRequests(accepted);
        _effects.Add(new GuestEffect(
            GuestEffectKind.FrontTransmit, Flow: frames.Flow, Count: accepted, FrameBytes: frames.FrameBytes, SentPs: frames.SentPs));
    }

    /// <summary>Transmit responses taken; netback is to tell again when half of what is under way has been answered.</summary>
    private void FrontReap()
    {
        GuestNic nic = Nics[VifNic];
        Front!.Tx.TakeResponses(nic.TxDone);
        nic.TxInUse -= nic.TxDone;
        nic.TxDone = 0;
        Front.Tx.AskForHalfOfResponses();
    }
}
