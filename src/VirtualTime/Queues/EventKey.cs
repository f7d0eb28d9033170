using System.Runtime.InteropServices;

namespace IoScale.VirtualTime.Queues;

/// <summary>
/// What orders events: time, then sender, then the sender's count of messages. The sender makes it, so that no arrival order, thread or
/// queue can change it. It carries the target and the place of the message too, which take no part in the order.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EventKey
{
    /// <summary>Bits of a sender's count; a sender has 2^40 messages, about 10^12.</summary>
    public const int SequenceBits = 40;

    public const ulong SequenceMask = (1UL << SequenceBits) - 1;

    /// <summary>Entities a topology may have: 24 bits less one for the engine.</summary>
    public const int MaxEntities = (1 << (64 - SequenceBits)) - 1;

    public long Time;

    /// <summary>Sender id plus one in the upper 24 bits (the engine is 0), its sequence number in the lower 40.</summary>
    public ulong Origin;

    public int Target;

    /// <summary>Index of the message in the queue that holds it.</summary>
    public int Slot;

    /// <summary>The first origin of a sender.</summary>
    public static ulong FirstOrigin(EntityId sender) => (ulong)(sender.Value + 1) << SequenceBits;

    public static EntityId SenderOf(ulong origin) => new((int)(origin >> SequenceBits) - 1);

    public static long SequenceOf(ulong origin) => (long)(origin & SequenceMask);
}
