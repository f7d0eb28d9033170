using MemoryPack;

namespace IoScale.Hardware.Numbers;

/// <summary>Trains in order of entry; grows when full, and allocates at no other time.</summary>
[MemoryPackable]
public sealed partial class TrainQueue
{
    [MemoryPackInclude]
    private FrameTrain[] _trains = new FrameTrain[8];

    [MemoryPackInclude]
    private int _head;

    [MemoryPackInclude]
    private int _count;

    /// <summary>Trains in the queue.</summary>
    [MemoryPackIgnore]
    public int Count => _count;

    /// <summary>The train at a position, 0 being the oldest.</summary>
    public ref FrameTrain this[int i] => ref _trains[(_head + i) & (_trains.Length - 1)];

    public void Enqueue(in FrameTrain train)
    {
        if (_count == _trains.Length)
        {
            var larger = new FrameTrain[_trains.Length * 2];
            for (int i = 0; i < _count; i++)
            {
                larger[i] = this[i];
            }

            _trains = larger;
            _head = 0;
        }

        _count++;
        this[_count - 1] = train;
    }

    /// <summary>Removes the train at a position; the ones behind it move up.</summary>
    public void RemoveAt(int i)
    {
        if (i == 0)
        {
            _head = (_head + 1) & (_trains.Length - 1);
        }
        else
        {
            for (int j = i; j < _count - 1; j++)
            {
                this[j] = this[j + 1];
            }
        }

        _count--;
    }

    /// <summary>
    /// Takes frames that are there by <paramref name="nowPs"/>, at most <paramref name="budget"/>, from the oldest train that has any: one step of a
    /// driver's poll.
    /// </summary>
    /// <returns>False when no train has any, or the budget is 0.</returns>
    public bool TryTake(long nowPs, int budget, out FrameTrain frames)
    {
        for (int i = 0; i < _count; i++)
        {
            ref FrameTrain train = ref this[i];
            int there = Math.Min(train.ArrivedBy(nowPs), budget);
            if (there > 0)
            {
                frames = train.Take(there);
                if (there == train.Count)
                {
                    RemoveAt(i);
                }
                else
                {
                    train = train.Skip(there);
                }

                return true;
            }
        }

        frames = default;
        return false;
    }

    public void Clear()
    {
        _head = 0;
        _count = 0;
    }
}
