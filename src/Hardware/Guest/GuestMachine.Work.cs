using System.Numerics;
using IoScale.Hardware.Numbers;

namespace IoScale.Hardware.Guest;

/// <summary>The guest's pieces of work: handlers, polls, cleaning, sending, computing, HLT.</summary>
public sealed partial class GuestMachine
{
    private void Account(GuestVcpu cpu, long nowPs, long ranPs, bool completed)
    {
        if (cpu.Handler != HandlerStage.None)
        {
            cpu.HandlerRemainingPs -= ranPs;
            if (completed)
            {
                FinishHandlerStage(cpu);
            }
        }
        else if (cpu.Soft != SoftWork.None)
        {
            cpu.SoftRemainingPs -= ranPs;
            if (completed)
            {
                FinishSoft(cpu, nowPs);
            }
        }
    }

    private void FinishHandlerStage(GuestVcpu cpu)
    {
        if (cpu.Handler == HandlerStage.Entry)
        {
            cpu.Apic.Eoi();
            Counters.Serviced++;
            cpu.Handler = HandlerStage.Body;
            cpu.HandlerRemainingPs = _setup.HandlerPs;
            return;
        }

        cpu.Handler = HandlerStage.None;
        cpu.WindowRequested = false;
        (int nicIndex, int entry) = Math.DivRem(cpu.HandlerSlot, EntriesPerNic);
        GuestNic nic = Nics[nicIndex];
        switch (entry)
        {
            case 0:
                nic.RxInterrupts++;
                nic.PolledInBudget = 0;
                cpu.PollPending |= nic.Up ? 1UL << nicIndex : 0;
                break;
            case 1:
                nic.TxInterrupts++;
                cpu.CleanPending |= nic.Up ? 1UL << nicIndex : 0;
                break;
            default:
                nic.MailboxInterrupts++;
                break;
        }
    }

    private GuestStep Choose(GuestVcpu cpu, long nowPs, long injectPs)
    {
        if (cpu.Handler != HandlerStage.None)
        {
            GuestStepEnd end = cpu.Handler == HandlerStage.Entry ? GuestStepEnd.Eoi
                : cpu.WindowRequested ? GuestStepEnd.InterruptWindow : GuestStepEnd.Continue;
            return new GuestStep(injectPs, cpu.HandlerRemainingPs, end);
        }

        if (cpu.Soft is SoftWork.None or SoftWork.Compute or SoftWork.Halt)
        {
            StartSoft(cpu, nowPs);
        }

        if (cpu.Soft == SoftWork.None)
        {
            cpu.RunState = VcpuRunState.Blocked;
            return new GuestStep(0, 0, GuestStepEnd.Block);
        }

        return new GuestStep(injectPs, cpu.SoftRemainingPs, cpu.Soft == SoftWork.Halt ? GuestStepEnd.Halt : GuestStepEnd.Continue);
    }

    /// <summary>Receive polls and transmit cleaning first, VF after VF; then sending; then the guest's own computing; then HLT.</summary>
    private void StartSoft(GuestVcpu cpu, long nowPs)
    {
        SoftWork before = cpu.Soft;
        ulong work = cpu.PollPending | cpu.CleanPending;
        while (work != 0)
        {
            int nic = NextAfter(work, cpu.LastServed);
            cpu.LastServed = nic;
            if ((cpu.CleanPending >> nic & 1) != 0)
            {
                StartClean(cpu, nic);
                return;
            }

            if (StartPoll(cpu, nic, nowPs))
            {
                return;
            }

            work = cpu.PollPending | cpu.CleanPending;
        }

        if (cpu == Vcpus[_setup.InterruptVcpu] && StartSend(cpu))
        {
            return;
        }

        if (_setup.Busy)
        {
            SetSoft(cpu, SoftWork.Compute, 0, 0, before == SoftWork.Compute && cpu.SoftRemainingPs > 0 ? cpu.SoftRemainingPs : GuestSetup.BusyPiecePs);
            return;
        }

        // A vCPU that has just been through HLT stays blocked; one that has not yet must execute it, which is an exit.
        SetSoft(cpu, before == SoftWork.Halt && cpu.SoftRemainingPs < 0 ? SoftWork.None : SoftWork.Halt, 0, 0, 0);
    }

    private static int NextAfter(ulong bits, int last)
    {
        ulong above = last >= 63 ? 0 : bits & (ulong.MaxValue << (last + 1));
        return BitOperations.TrailingZeroCount(above != 0 ? above : bits);
    }

    private static void SetSoft(GuestVcpu cpu, SoftWork work, int nic, int count, long ps)
    {
        cpu.Soft = work;
        cpu.SoftNic = nic;
        cpu.SoftCount = count;
        cpu.SoftRemainingPs = ps;
    }

    private void StartClean(GuestVcpu cpu, int nic)
    {
        cpu.CleanPending &= ~(1UL << nic);
        SetSoft(cpu, SoftWork.Clean, nic, Nics[nic].TxDone, Nics[nic].TxDone * _setup.TxCleanPs);
    }

    /// <summary>Takes what is in the ring, up to the rest of the budget; with an empty ring the poll is over and the interrupt enabled again.</summary>
    private bool StartPoll(GuestVcpu cpu, int nicIndex, long nowPs)
    {
        GuestNic nic = Nics[nicIndex];
        if (nic.PolledInBudget >= GuestSetup.NapiBudget)
        {
            // Budget used up: the poll stays scheduled and takes its turn behind the other VFs.
            nic.PolledInBudget = 0;
        }

        int frames = nic.Ring.Waiting(nowPs, GuestSetup.NapiBudget - nic.PolledInBudget);
        if (frames > 0)
        {
            SetSoft(cpu, SoftWork.Poll, nicIndex, frames, frames * _setup.RxFramePs);
            return true;
        }

        cpu.PollPending &= ~(1UL << nicIndex);
        _effects.Add(new GuestEffect(
            GuestEffectKind.RxEnable, Nic: nicIndex, Count: nic.RxFramesSinceInterrupt, Bytes: nic.RxBytesSinceInterrupt));
        nic.RxFramesSinceInterrupt = 0;
        nic.RxBytesSinceInterrupt = 0;
        return false;
    }

    private bool StartSend(GuestVcpu cpu)
    {
        for (int i = 0; i < Nics.Length; i++)
        {
            GuestNic nic = Nics[i];
            if (nic.Outgoing.TryPeek(out OutgoingFrames frames))
            {
                nic.OutgoingFrames -= frames.Count;
                SetSoft(cpu, SoftWork.Send, i, frames.Count, frames.Count * _setup.TxFramePs);
                return true;
            }
        }

        return false;
    }

    private void FinishSoft(GuestVcpu cpu, long nowPs)
    {
        SoftWork work = cpu.Soft;
        cpu.Soft = SoftWork.None;
        GuestNic? nic = Nics.Length > 0 ? Nics[cpu.SoftNic] : null;
        switch (work)
        {
            case SoftWork.Poll:
                FinishPoll(cpu, nic!, nowPs);
                break;
            case SoftWork.Clean:
                int cleaned = Math.Min(cpu.SoftCount, nic!.TxDone);
                nic.TxDone -= cleaned;
                nic.TxInUse -= cleaned;
                _effects.Add(new GuestEffect(GuestEffectKind.TxEnable, Nic: cpu.SoftNic, Count: cleaned));
                break;
            case SoftWork.Send:
                FinishSend(cpu, nic!);
                break;
            case SoftWork.Halt:
                // Remembered until the next choice: the HLT has been executed.
                cpu.Soft = SoftWork.Halt;
                cpu.SoftRemainingPs = -1;
                break;
            default:
                break;
        }
    }

    private void FinishPoll(GuestVcpu cpu, GuestNic nic, long nowPs)
    {
        int taken = 0;
        while (taken < cpu.SoftCount && nic.Ring.TryTake(nowPs, cpu.SoftCount - taken, out FrameTrain train))
        {
            for (int i = 0; i < train.Count; i++)
            {
                taken++;
                long donePs = nowPs - ((cpu.SoftCount - taken) * _setup.RxFramePs);
                Latency.Record(donePs - train.SentPs);
            }

            Counters.Deliver(train.Count, train.FrameBytes);
            nic.RxBytesSinceInterrupt += train.Bytes;
        }

        nic.RxFramesSinceInterrupt += taken;
        nic.PolledInBudget += taken;
        if (nic.Up)
        {
            nic.Ring.Post(nowPs, taken);
        }
    }

    private void FinishSend(GuestVcpu cpu, GuestNic nic)
    {
        if (!nic.Outgoing.TryDequeue(out OutgoingFrames frames))
        {
            return;
        }

        int room = nic.Up ? _setup.TxRing - nic.TxInUse : 0;
        int accepted = Math.Min(frames.Count, room);
        nic.TxRingFullDrops += frames.Count - accepted;
        if (accepted > 0)
        {
            nic.TxInUse += accepted;
            nic.TxFrames += accepted;
            _effects.Add(new GuestEffect(
                GuestEffectKind.Transmit, Nic: cpu.SoftNic, Flow: frames.Flow, Count: accepted, FrameBytes: frames.FrameBytes, SentPs: frames.SentPs));
        }
    }
}
