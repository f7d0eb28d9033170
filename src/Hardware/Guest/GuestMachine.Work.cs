using System.Numerics;
using IoScale.Hardware.Numbers;

namespace IoScale.Hardware.Guest;

/// <summary>The guest's pieces of work: handlers, polls, cleaning, sending, computing, HLT.</summary>
public sealed partial class GuestMachine
{
    private void Account(GuestVcpu cpu, long nowPs, long ranPs, bool completed)
    {
        if (cpu.AccessUnderWay)
        {
            cpu.AccessUnderWay = false;
            if (completed)
            {
                FinishAccess(cpu, cpu.Accesses.Dequeue(), nowPs);
            }
        }
        else if (cpu.Handler != HandlerStage.None)
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
            cpu.ComputeOwedPs -= cpu.Soft == SoftWork.Compute ? Math.Min(ranPs, cpu.ComputeOwedPs) : 0;
            if (completed)
            {
                FinishSoft(cpu, nowPs);
            }
        }
    }

    private GuestStep Choose(GuestVcpu cpu, long nowPs, long injectPs)
    {
        if (cpu.AwaitsDeviceModel)
        {
            return Block(cpu);
        }

        if (cpu.Accesses.TryPeek(out GuestAccess access))
        {
            cpu.AccessUnderWay = true;
            return new GuestStep(injectPs, 0, EndOf(access));
        }

        if (cpu.Handler != HandlerStage.None)
        {
            GuestStepEnd end = cpu.Handler == HandlerStage.Entry ? (EoiExits(cpu) ? GuestStepEnd.Eoi : GuestStepEnd.Continue)
                : cpu.WindowRequested ? GuestStepEnd.InterruptWindow : GuestStepEnd.Continue;
            return new GuestStep(injectPs, cpu.HandlerRemainingPs, end);
        }

        PutOffShard(cpu);
        if (cpu.Soft is SoftWork.None or SoftWork.Compute or SoftWork.Halt or SoftWork.Application)
        {
            StartSoft(cpu, nowPs);
        }

        if (cpu.Soft == SoftWork.None)
        {
            return Block(cpu);
        }

        return new GuestStep(injectPs, cpu.SoftRemainingPs, EndOf(cpu));
    }

    private static GuestStepEnd EndOf(GuestVcpu cpu) => cpu.Soft switch
    {
        SoftWork.Halt => GuestStepEnd.Halt,
        SoftWork.SendEvent => GuestStepEnd.SendEvent,
        SoftWork.Netback when cpu.AsksShard => GuestStepEnd.AskShard,
        SoftWork.Netback when cpu.ShardSends => GuestStepEnd.SendEvent,
        _ => GuestStepEnd.Continue,
    };

    private static GuestStep Block(GuestVcpu cpu)
    {
        cpu.RunState = VcpuRunState.Blocked;
        cpu.NextTickPs = NoTick;
        cpu.Posted.Blocked();
        return new GuestStep(0, 0, GuestStepEnd.Block);
    }

    /// <summary>Receive polls and transmit cleaning first, VF after VF; then the application; then sending; then the guest's own computing; then HLT.</summary>
    private void StartSoft(GuestVcpu cpu, long nowPs)
    {
        SoftWork before = cpu.Soft;
        if (before == SoftWork.Application)
        {
            PutOffApplication(cpu);
        }

        if (StartFrontWork(cpu) || StartShard(cpu, beforePolls: true))
        {
            return;
        }

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

        if (StartShard(cpu, beforePolls: false) || StartDeviceModel(cpu))
        {
            return;
        }

        if ((cpu.Index == _setup.ApplicationVcpu && StartApplication(cpu)) || StartSend(cpu))
        {
            return;
        }

        if (_setup.Busy)
        {
            SetSoft(cpu, SoftWork.Compute, 0, 0, ComputePs(cpu, before));
            return;
        }

        // A vCPU that has just been through HLT stays blocked; one that has not yet must execute it, which is an exit.
        SetSoft(cpu, before == SoftWork.Halt && cpu.SoftRemainingPs < 0 ? SoftWork.None : SoftWork.Halt, 0, 0, 0);
    }

    /// <summary>What is left of the piece before, a whole one, or what netback's thread owes.</summary>
    private static long ComputePs(GuestVcpu cpu, SoftWork before) =>
        cpu.ComputeOwedPs > 0 ? cpu.ComputeOwedPs
        : before == SoftWork.Compute && cpu.SoftRemainingPs > 0 ? cpu.SoftRemainingPs
        : GuestSetup.BusyPiecePs;

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
        if (IsVif(nicIndex))
        {
            FrontPollOver();
            return false;
        }

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
            if (_setup.VcpuOf(i) == cpu.Index && nic.Outgoing.TryPeek(out OutgoingFrames frames))
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
            case SoftWork.Clean when IsVif(cpu.SoftNic):
                FrontReap();
                break;
            case SoftWork.Clean:
                int cleaned = Math.Min(cpu.SoftCount, nic!.TxDone);
                nic.TxDone -= cleaned;
                nic.TxInUse -= cleaned;
                _effects.Add(new GuestEffect(GuestEffectKind.TxEnable, Nic: cpu.SoftNic, Count: cleaned));
                if (Dom0 is not null)
                {
                    DriverCleaned(cpu.SoftNic, cleaned);
                }

                break;
            case SoftWork.Send:
                FinishSend(cpu, nic!);
                break;
            case SoftWork.Application:
                FinishApplication(cpu, nic!, nowPs);
                break;
            case SoftWork.SendEvent:
                Counters.EventsSent++;
                _effects.Add(new GuestEffect(GuestEffectKind.FrontEvent, PCpu: cpu.PCpu));
                break;
            case SoftWork.FrontTick:
                FinishFrontTick(cpu);
                break;
            case SoftWork.Netback:
                FinishShard(cpu);
                break;
            case SoftWork.DeviceModel:
                FinishDeviceModel();
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
            if (Dom0 is not null)
            {
                _effects.Add(new GuestEffect(
                    GuestEffectKind.Bridged, Nic: cpu.SoftNic, Flow: train.FlowId, Count: train.Count, FrameBytes: train.FrameBytes, SentPs: train.SentPs));
            }
            else if (_setup.ApplicationVcpu >= 0)
            {
                PutInSocket(nic, train);
            }
            else
            {
                Deliver(train, nowPs - ((cpu.SoftCount - taken - train.Count) * _setup.RxFramePs), _setup.RxFramePs);
            }

            taken += train.Count;
            nic.RxBytesSinceInterrupt += train.Bytes;
        }

        WakeApplication(cpu, nic);
        cpu.PolledFrames += taken;
        nic.RxFramesSinceInterrupt += taken;
        nic.PolledInBudget += taken;
        if (nic.Up)
        {
            nic.Ring.Post(nowPs, taken);
        }

        if (IsVif(cpu.SoftNic))
        {
            FrontTook(cpu, taken);
        }
    }

    private void FinishSend(GuestVcpu cpu, GuestNic nic)
    {
        if (!nic.Outgoing.TryDequeue(out OutgoingFrames frames))
        {
            return;
        }

        if (IsVif(cpu.SoftNic))
        {
            FrontReap();
        }

        int room = nic.Up ? _setup.TxRing - nic.TxInUse : 0;
        int accepted = Math.Min(frames.Count, room);
        nic.TxRingFullDrops += frames.Count - accepted;
        if (accepted > 0)
        {
            nic.TxInUse += accepted;
            nic.TxFrames += accepted;
            if (IsVif(cpu.SoftNic))
            {
                FrontSend(cpu, frames, accepted);
                return;
            }

            _effects.Add(new GuestEffect(
                GuestEffectKind.Transmit, Nic: cpu.SoftNic, Flow: frames.Flow, Count: accepted, FrameBytes: frames.FrameBytes, SentPs: frames.SentPs));
        }
    }
}
