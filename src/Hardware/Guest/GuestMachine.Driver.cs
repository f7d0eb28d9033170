using IoScale.Hardware.Numbers;
using IoScale.Hardware.Pv;

namespace IoScale.Hardware.Guest;

/// <summary>dom0: the NIC driver under the bridge, the netback shards' turns on its vCPUs, the device model.</summary>
public sealed partial class GuestMachine
{
    /// <summary>Transmit queues of dom0's NICs; empty in other guests.</summary>
    public DriverQueue[] Queues { get; set; } = [];

    /// <summary>Shards that have work; empty in other guests.</summary>
    public bool[] ShardsReady { get; set; } = [];

    /// <summary>Shards whose thread runs or waits for its turn.</summary>
    public bool[] ShardsAwake { get; set; } = [];

    /// <summary>vCPUs of the host, by number, that wait for the device model.</summary>
    public Queue<int> DeviceModelRequests { get; set; } = new();

    private DriverDomainSetup? Dom0 => _setup.Pv?.Dom0;

    private void CreateDriverDomain()
    {
        if (Dom0 is not { } dom0)
        {
            return;
        }

        Queues = new DriverQueue[Nics.Length];
        for (int i = 0; i < Queues.Length; i++)
        {
            Queues[i] = new DriverQueue();
        }

        ShardsReady = new bool[dom0.Shards];
        ShardsAwake = new bool[dom0.Shards];
    }

    /// <summary>Frames of a flow that found no descriptor in any of dom0's NIC queues.</summary>
    public long DroppedOf(int flow)
    {
        long dropped = 0;
        foreach (GuestNic nic in Nics)
        {
            dropped += nic.Ring.DroppedOf(flow);
        }

        return dropped;
    }

    /// <summary>A shard has work.</summary>
    public void ShardReady(int shard)
    {
        ShardsReady[shard] = true;
        Disturb(Vcpus[shard % Vcpus.Length]);
    }

    /// <summary>A vCPU of the host waits for the device model.</summary>
    public void RequestDeviceModel(int vcpu, int pcpu)
    {
        DeviceModelRequests.Enqueue(vcpu);
        Counters.EventsSent++;
        SendSoft(DeviceModelPort, pcpu);
    }

    /// <summary>The bridge sends frames of a vif out of a NIC queue.</summary>
    public void Bridge(int nicIndex, in VifFrames frames)
    {
        GuestNic nic = Nics[nicIndex];
        DriverQueue queue = Queues[nicIndex];
        int room = nic.Up && queue.WaitingFrames == 0 ? _setup.TxRing - nic.TxInUse : 0;
        int now = Math.Min(room, frames.Train.Count);
        Transmit(nicIndex, frames with { Train = frames.Train.Take(now) });
        FrameTrain rest = frames.Train.Skip(now);
        int waits = nic.Up ? Math.Min(rest.Count, DriverDomainSetup.DeviceQueueLength - queue.WaitingFrames) : 0;
        if (waits > 0)
        {
            queue.Waiting.Enqueue(frames with { Train = rest.Take(waits) });
            queue.WaitingFrames += waits;
        }

        nic.TxRingFullDrops += rest.Count - waits;
        Release(frames.Vif, rest.Count - waits);
    }

    /// <summary>The shard's next piece of work, which a vCPU was told to ask for.</summary>
    public GuestStep GivePiece(int vcpu, in NetbackPiece piece)
    {
        GuestVcpu cpu = Vcpus[vcpu];
        cpu.AsksShard = false;
        cpu.ShardSends = piece.IsSend;
        cpu.ShardCategory = piece.Category;
        cpu.SoftRemainingPs = piece.IsSend ? 0 : piece.Ps;
        cpu.ShardPiecePs = piece.Ps;
        return new GuestStep(0, cpu.SoftRemainingPs, EndOf(cpu), piece.Category);
    }

    /// <summary>The shard's run is over.</summary>
    /// <param name="more">It has work for another one.</param>
    public GuestStep EndRun(int vcpu, bool more, long nowPs)
    {
        GuestVcpu cpu = Vcpus[vcpu];
        cpu.AsksShard = false;
        cpu.Soft = SoftWork.None;
        cpu.ShardInRun = GuestVcpu.NoShard;
        cpu.PolledFrames = 0;
        cpu.LastShard = cpu.SoftShard;
        ShardsReady[cpu.SoftShard] = more;
        ShardsAwake[cpu.SoftShard] &= more;
        return Choose(cpu, nowPs, 0) with { Category = CategoryOf(cpu) };
    }

    /// <summary>
    /// A tasklet runs when the polls have nothing left or have used up their budget, softirqs both. A thread comes behind them, and gives dom0's busy processes as much time as it took.
    /// </summary>
    /// <param name="beforePolls">It is asked before the polls; otherwise behind them.</param>
    private bool StartShard(GuestVcpu cpu, bool beforePolls)
    {
        if (Dom0 is not { } dom0 || (beforePolls && (dom0.Threads || (cpu.ShardInRun == GuestVcpu.NoShard && cpu.PolledFrames < DriverDomainSetup.PollBudget))))
        {
            return false;
        }

        if (cpu.PutOffPs >= 0)
        {
            SetSoft(cpu, SoftWork.Netback, 0, 0, cpu.PutOffPs);
            cpu.PutOffPs = -1;
            return true;
        }

        if (_setup.Busy && cpu.ComputeOwedPs > 0)
        {
            return false;
        }

        int shard = cpu.ShardInRun != GuestVcpu.NoShard ? cpu.ShardInRun : NextShard(cpu);
        if (shard == GuestVcpu.NoShard)
        {
            return false;
        }

        cpu.SoftShard = shard;
        if (dom0.Threads && !ShardsAwake[shard])
        {
            ShardsAwake[shard] = true;
            SetSoft(cpu, SoftWork.ThreadSwitch, 0, 0, dom0.ThreadSwitchPs);
            return true;
        }

        SetSoft(cpu, SoftWork.Netback, 0, 0, 0);
        cpu.AsksShard = true;
        cpu.ShardBegins = cpu.ShardInRun == GuestVcpu.NoShard;
        cpu.ShardInRun = shard;
        return true;
    }

    /// <summary>The vCPU's next shard with work, behind the one that ran last.</summary>
    private int NextShard(GuestVcpu cpu)
    {
        int own = (ShardsReady.Length - cpu.Index + Vcpus.Length - 1) / Vcpus.Length;
        for (int i = 1; i <= own; i++)
        {
            int shard = cpu.Index + ((((cpu.LastShard - cpu.Index) / Vcpus.Length) + i) % own * Vcpus.Length);
            if (ShardsReady[shard])
            {
                return shard;
            }
        }

        return GuestVcpu.NoShard;
    }

    /// <summary>A poll comes before a thread: its piece goes on where it was.</summary>
    private void PutOffShard(GuestVcpu cpu)
    {
        if (cpu.Soft == SoftWork.Netback && Dom0!.Threads && !cpu.ShardSends && (cpu.PollPending | cpu.CleanPending) != 0)
        {
            cpu.PutOffPs = cpu.SoftRemainingPs;
            cpu.Soft = SoftWork.None;
        }
    }

    private void FinishShard(GuestVcpu cpu)
    {
        cpu.ComputeOwedPs += Dom0!.Threads ? cpu.ShardPiecePs : 0;
        _effects.Add(new GuestEffect(GuestEffectKind.ShardDone, Nic: cpu.SoftShard));
    }

    private bool StartDeviceModel(GuestVcpu cpu)
    {
        if (cpu.Index != 0 || DeviceModelRequests.Count == 0)
        {
            return false;
        }

        SetSoft(cpu, SoftWork.DeviceModel, 0, 0, Dom0!.DeviceModelPs);
        return true;
    }

    private void FinishDeviceModel() =>
        _effects.Add(new GuestEffect(GuestEffectKind.DeviceModelAnswer, Vcpu: DeviceModelRequests.Dequeue()));

    /// <summary>Descriptors cleaned: what they carried no longer holds its vif's slots, and what waited takes their place.</summary>
    private void DriverCleaned(int nicIndex, int descriptors)
    {
        DriverQueue queue = Queues[nicIndex];
        int left = descriptors;
        while (left > 0 && queue.UnderWay.TryPeek(out FramesUnderWay first))
        {
            int done = Math.Min(left, first.Frames - queue.FirstDone);
            Release(first.Vif, done);
            left -= done;
            queue.FirstDone += done;
            if (queue.FirstDone == first.Frames)
            {
                queue.UnderWay.Dequeue();
                queue.FirstDone = 0;
            }
        }

        while (queue.Waiting.TryPeek(out VifFrames frames) && frames.Train.Count <= _setup.TxRing - Nics[nicIndex].TxInUse)
        {
            queue.Waiting.Dequeue();
            queue.WaitingFrames -= frames.Train.Count;
            Transmit(nicIndex, frames);
        }
    }

    /// <summary>The NIC queue went down: what was in it is lost.</summary>
    private void DriverDown(int nicIndex)
    {
        DriverQueue queue = Queues[nicIndex];
        Nics[nicIndex].TxRingFullDrops += queue.WaitingFrames;
        foreach (FramesUnderWay frames in queue.UnderWay)
        {
            Release(frames.Vif, frames.Frames);
        }

        foreach (VifFrames frames in queue.Waiting)
        {
            Release(frames.Vif, frames.Train.Count);
        }

        Release(queue.UnderWay.TryPeek(out FramesUnderWay first) ? first.Vif : 0, -queue.FirstDone);
        Queues[nicIndex] = new DriverQueue();
    }

    private void Transmit(int nicIndex, in VifFrames frames)
    {
        FrameTrain train = frames.Train;
        if (train.Count > 0)
        {
            Nics[nicIndex].TxInUse += train.Count;
            Nics[nicIndex].TxFrames += train.Count;
            Queues[nicIndex].UnderWay.Enqueue(new FramesUnderWay(frames.Vif, train.Count));
            _effects.Add(new GuestEffect(
                GuestEffectKind.Transmit, Nic: nicIndex, Flow: train.FlowId, Count: train.Count, FrameBytes: train.FrameBytes, SentPs: train.SentPs));
        }
    }

    private void Release(int vif, int frames)
    {
        if (frames != 0)
        {
            _effects.Add(new GuestEffect(GuestEffectKind.VifSent, Nic: vif, Count: frames));
        }
    }
}
