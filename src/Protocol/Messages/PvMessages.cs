using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Protocol.Messages;

/// <summary>Equal frames of one flow on the PV path.</summary>
/// <param name="Vif">Number of the vif in the host: their receiver on the way to a guest, their sender on the way from one.</param>
/// <param name="From">Number of the vif that sent them and whose slots they hold; -1 where a NIC received them.</param>
/// <param name="SentPs">When the source handed them to its wire or driver.</param>
[MemoryPackable]
public readonly partial record struct VifTrain(int Vif, int From, int Flow, int Count, int FrameBytes, long SentPs)
{
    internal static int CountOf(VifTrain[] trains)
    {
        int frames = 0;
        foreach (VifTrain train in trains)
        {
            frames += train.Count;
        }

        return frames;
    }

    internal static void Fold(ref Digest digest, VifTrain[] trains)
    {
        digest.Add(trains.Length);
        foreach (VifTrain train in trains)
        {
            digest.Add(train.Vif);
            digest.Add(train.From);
            digest.Add(train.Flow);
            digest.Add(train.Count);
            digest.Add(train.FrameBytes);
            digest.Add(train.SentPs);
        }
    }
}

/// <summary>dom0's bridge has frames for vifs of a netback shard.</summary>
[MemoryPackable]
public sealed partial record BridgeToShard(VifTrain[] Trains) : VirtualMessage, ICarriesFrames
{
    [MemoryPackIgnore]
    public int Count => VifTrain.CountOf(Trains);

    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0601);
        VifTrain.Fold(ref digest, Trains);
    }
}

/// <summary>A netback shard has frames of a vif for dom0's bridge.</summary>
[MemoryPackable]
public sealed partial record ShardToBridge(VifTrain[] Trains) : VirtualMessage, ICarriesFrames
{
    [MemoryPackIgnore]
    public int Count => VifTrain.CountOf(Trains);

    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0602);
        VifTrain.Fold(ref digest, Trains);
    }
}

/// <summary>netback has copied frames into the guest's buffers and pushed their responses.</summary>
[MemoryPackable]
public sealed partial record VifReceived(int Vif, VifTrain[] Trains) : VirtualMessage, ICarriesFrames
{
    [MemoryPackIgnore]
    public int Count => VifTrain.CountOf(Trains);

    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0603);
        digest.Add(Vif);
        VifTrain.Fold(ref digest, Trains);
    }
}

/// <summary>netfront has put frames into transmit requests; a notification, if netback wants one, comes apart.</summary>
[MemoryPackable]
public sealed partial record VifTransmit(int Vif, int Flow, int Count, int FrameBytes, long SentPs) : VirtualMessage, ICarriesFrames
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0604);
        digest.Add(Vif);
        digest.Add(Flow);
        digest.Add(Count);
        digest.Add(FrameBytes);
        digest.Add(SentPs);
    }
}

/// <summary>netfront has posted receive requests.</summary>
[MemoryPackable]
public sealed partial record VifPosted(int Vif, int Requests) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0605);
        digest.Add(Vif);
        digest.Add(Requests);
    }
}

/// <summary>netback has taken transmit requests.</summary>
/// <param name="Last">It found no more, and wants to be told of the next.</param>
[MemoryPackable]
public sealed partial record VifTaken(int Vif, int Requests, bool Last) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0606);
        digest.Add(Vif);
        digest.Add(Requests);
        digest.Add(Last);
    }
}

/// <summary>netback has pushed responses to transmit requests.</summary>
[MemoryPackable]
public sealed partial record VifAnswered(int Vif, int Responses) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0607);
        digest.Add(Vif);
        digest.Add(Responses);
    }
}

/// <summary>netback has no receive request left, and wants to be told of the next.</summary>
/// <param name="Used">Requests that frames have taken since the vif went up.</param>
[MemoryPackable]
public sealed partial record VifRxWanted(int Vif, long Used) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0608);
        digest.Add(Vif);
        digest.Add(Used);
    }
}

/// <summary>What the ring's macro said to netback when it pushed responses.</summary>
/// <param name="Notify">The guest has to be notified.</param>
[MemoryPackable]
public sealed partial record VifPushed(int Vif, bool Notify) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0609);
        digest.Add(Vif);
        digest.Add(Notify);
    }
}

/// <summary>A vif's netback has to look at its rings: its event has been taken, or requests came while it asked to be told of them.</summary>
[MemoryPackable]
public sealed partial record VifLook(int Vif) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x060A);
        digest.Add(Vif);
    }
}

/// <summary>A vif's event has been sent, to dom0 by the guest or to the guest by dom0.</summary>
/// <param name="PCpu">pCPU of the sender.</param>
[MemoryPackable]
public sealed partial record VifEvent(int Vif, int PCpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x060B);
        digest.Add(Vif);
        digest.Add(PCpu);
    }
}

/// <summary>Frames of a vif no longer hold its slots: a NIC has sent them, another vif's guest has them, or they are lost.</summary>
[MemoryPackable]
public sealed partial record VifSent(int Vif, int Slots) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x060C);
        digest.Add(Vif);
        digest.Add(Slots);
    }
}

/// <summary>A netback shard has work for dom0's vCPU.</summary>
[MemoryPackable]
public sealed partial record ShardReady(int Shard) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x060D);
        digest.Add(Shard);
    }
}

/// <summary>dom0's vCPU has the time for a netback shard: what is its next piece of work?</summary>
/// <param name="Begin">A run may begin; otherwise the one under way goes on or is over.</param>
[MemoryPackable]
public sealed partial record AskShard(int Shard, bool Begin) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x060E);
        digest.Add(Shard);
        digest.Add(Begin);
    }
}

/// <summary>A netback shard's next piece of work.</summary>
/// <param name="Over">There is none in this run.</param>
/// <param name="More">Where the run is over: there is work for another.</param>
/// <param name="Category">What the pCPU's time counts as.</param>
/// <param name="IsSend">It is the hypercall that sends an event.</param>
[MemoryPackable]
public sealed partial record ShardPiece(int Shard, bool Over, bool More, long Ps, int Category, bool IsSend) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x060F);
        digest.Add(Shard);
        digest.Add(Over);
        digest.Add(More);
        digest.Add(Ps);
        digest.Add(Category);
        digest.Add(IsSend);
    }
}

/// <summary>A netback shard's piece of work is over.</summary>
/// <param name="PCpu">pCPU that did it.</param>
[MemoryPackable]
public sealed partial record ShardDone(int Shard, int PCpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0610);
        digest.Add(Shard);
        digest.Add(PCpu);
    }
}

/// <summary>To itself: a notification that a rate limit has held back is due.</summary>
[MemoryPackable]
public sealed partial record NotificationDue(int Generation) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0611);
        digest.Add(Generation);
    }
}

/// <summary>To itself: netfront's timer fires, if it is still the one that was started then.</summary>
[MemoryPackable]
public sealed partial record FrontTimer(int Generation) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0612);
        digest.Add(Generation);
    }
}

/// <summary>A vif's notification policy changes: told to its VM, and by it to its shard.</summary>
/// <param name="Policy">A value of the hardware model's NotificationPolicy.</param>
[MemoryPackable]
public sealed partial record SetNotification(int Vif, int Policy, int RateHz) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0613);
        digest.Add(Vif);
        digest.Add(Policy);
        digest.Add(RateHz);
    }
}
