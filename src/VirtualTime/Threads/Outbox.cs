using IoScale.VirtualTime.Queues;

namespace IoScale.VirtualTime.Threads;

/// <summary>Events on their way from one thread to another. Allocates only to grow.</summary>
internal sealed class Outbox
{
    private EventKey[] _keys = new EventKey[16];
    private VirtualMessage[] _messages = new VirtualMessage[16];
    private int _count;

    public void Add(long time, ulong origin, int target, VirtualMessage message)
    {
        if (_count == _keys.Length)
        {
            Array.Resize(ref _keys, _count * 2);
            Array.Resize(ref _messages, _count * 2);
        }

        ref EventKey key = ref _keys[_count];
        key.Time = time;
        key.Origin = origin;
        key.Target = target;
        _messages[_count++] = message;
    }

    /// <summary>Hands every event to its partition.</summary>
    public void Empty(Run run)
    {
        for (int i = 0; i < _count; i++)
        {
            ref EventKey key = ref _keys[i];
            run.Partitions[run.PartitionOf[key.Target]]!.Accept(key.Time, key.Origin, key.Target, _messages[i]);
        }

        _count = 0;
    }
}
