using IoScale.Hardware.Numbers;

namespace IoScale.Hardware.Guest;

/// <summary>
/// The application behind the sockets, where it does not run inside the poll: it takes frames when the vCPU has no interrupt and no poll to serve, and
/// what its buffer cannot hold until then is lost. On another vCPU it has to be woken by an IPI of the guest.
/// </summary>
public sealed partial class GuestMachine
{
    /// <summary>The application knows that frames wait.</summary>
    public bool ApplicationPending { get; set; }

    /// <summary>Socket served last, for round robin.</summary>
    public int LastSocket { get; set; }

    /// <summary>The application has frames; the last of them at <paramref name="donePs"/>, each of the others <paramref name="framePs"/> before the next.</summary>
    private void Deliver(in FrameTrain train, long donePs, long framePs)
    {
        for (int i = 1; i <= train.Count; i++)
        {
            Latency.Record(donePs - ((train.Count - i) * framePs) - train.SentPs);
        }

        Counters.Deliver(train.Count, train.FrameBytes);
        if (_setup.IsWatched(train.FlowId))
        {
            _effects.Add(new GuestEffect(
                GuestEffectKind.Delivered, Flow: train.FlowId, Count: train.Count, FrameBytes: train.FrameBytes, SentPs: train.SentPs));
        }
    }

    private void PutInSocket(GuestNic nic, in FrameTrain train)
    {
        int accepted = _setup.SocketBuffer == 0 ? train.Count : Math.Min(train.Count, _setup.SocketBuffer - nic.SocketFrames);
        nic.SocketDrops += train.Count - accepted;
        if (accepted > 0)
        {
            nic.Socket.Enqueue(train.Take(accepted));
            nic.SocketFrames += accepted;
        }
    }

    /// <summary>Tells an application that does not know it yet that frames wait.</summary>
    private void WakeApplication(GuestVcpu cpu, GuestNic nic)
    {
        if (nic.SocketFrames == 0 || ApplicationPending)
        {
            return;
        }

        ApplicationPending = true;
        if (cpu.Index == _setup.ApplicationVcpu)
        {
            return;
        }

        if (!_setup.ApicByMsr)
        {
            cpu.Accesses.Enqueue(GuestAccess.IcrStatus);
            cpu.Accesses.Enqueue(GuestAccess.IcrDestination);
        }

        cpu.Accesses.Enqueue(GuestAccess.Icr);
    }

    /// <summary>Goes on with a batch that was put off, or begins one.</summary>
    private bool StartApplication(GuestVcpu cpu)
    {
        if (cpu.ApplicationCount > 0)
        {
            SetSoft(cpu, SoftWork.Application, cpu.ApplicationNic, cpu.ApplicationCount, cpu.ApplicationRemainingPs);
            cpu.ApplicationCount = 0;
            return true;
        }

        for (int i = 1; ApplicationPending && i <= Nics.Length; i++)
        {
            int nic = (LastSocket + i) % Nics.Length;
            int frames = Math.Min(Nics[nic].SocketFrames, GuestSetup.ApplicationBatch);
            if (frames > 0)
            {
                LastSocket = nic;
                SetSoft(cpu, SoftWork.Application, nic, frames, frames * _setup.ApplicationPs);
                return true;
            }
        }

        ApplicationPending = false;
        return false;
    }

    /// <summary>A poll comes first: the batch goes on where it was.</summary>
    private static void PutOffApplication(GuestVcpu cpu)
    {
        cpu.ApplicationCount = cpu.SoftCount;
        cpu.ApplicationNic = cpu.SoftNic;
        cpu.ApplicationRemainingPs = cpu.SoftRemainingPs;
        cpu.Soft = SoftWork.None;
    }

    private void FinishApplication(GuestVcpu cpu, GuestNic nic, long nowPs)
    {
        int left = cpu.SoftCount;
        while (left > 0 && nic.Socket.TryTake(nowPs, left, out FrameTrain train))
        {
            left -= train.Count;
            Deliver(train, nowPs - (left * _setup.ApplicationPs), _setup.ApplicationPs);
        }

        nic.SocketFrames -= cpu.SoftCount;
    }
}
