using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace IoScale.VirtualTime.Queues;

/// <summary>
/// The pending events of one partition, smallest key first: a heap with four children a node over 24-byte keys; the messages stay where they
/// are in a slab, so that moving a key moves no reference. An event mostly causes another: the place of the event taken stays open at the
/// root until the next push fills it, which saves moving the last key there and back. Allocates only to grow.
/// </summary>
internal sealed class EventQueue
{
    private const int Arity = 4;
    private const int CacheLine = 64;
    private const int ManyInstances = 4096;

    private EventKey[] _heap = new EventKey[64];
    private Slot[] _slots = new Slot[64];
    private int _count;
    private int _slotsUsed;
    private int _freeSlot = -1;

    /// <summary>The key at the root was taken; its place still counts.</summary>
    private bool _rootIsOpen;

    /// <summary>Events that wait.</summary>
    public int Count => _count - (_rootIsOpen ? 1 : 0);

    /// <summary>Time of the first event; <see cref="VirtualDuration.Never"/> when there is none.</summary>
    public long NextTime
    {
        get
        {
            if (_rootIsOpen)
            {
                CloseRoot();
            }

            return _count == 0 ? VirtualDuration.Never : _heap[0].Time;
        }
    }

    public void Push(long time, ulong origin, int target, VirtualMessage message)
    {
        EventKey key;
        key.Time = time;
        key.Origin = origin;
        key.Target = target;
        key.Slot = Keep(message);
        if (_rootIsOpen)
        {
            _rootIsOpen = false;
            SiftDown(key);
        }
        else
        {
            SiftUp(key);
        }
    }

    /// <summary>Takes the first event if its time is before <paramref name="end"/>.</summary>
    public bool TryTake(long end, out EventKey key, out VirtualMessage message)
    {
        if (_rootIsOpen)
        {
            CloseRoot();
        }

        if (_count == 0 || _heap[0].Time >= end)
        {
            key = default;
            message = null!;
            return false;
        }

        key = _heap[0];
        ref Slot slot = ref _slots[key.Slot];
        // The message is not cleared: the slot is the first to be used again, and clearing costs a write an event.
        message = slot.Message;
        slot.NextFree = _freeSlot;
        _freeSlot = key.Slot;
        _rootIsOpen = true;
        return true;
    }

    /// <summary>
    /// Asks the processor for the instances that probably come next: the targets at the root's children. With many entities each event would wait for
    /// memory otherwise. A hint only: the address may be stale, nothing is read through it.
    /// </summary>
    public unsafe void PrefetchNext<T>(T[] instances)
        where T : class
    {
        // A few instances stay in the cache anyway.
        if (!Sse.IsSupported || instances.Length < ManyInstances || _count <= Arity)
        {
            return;
        }

        ref EventKey heap = ref MemoryMarshal.GetArrayDataReference(_heap);
        ref T first = ref MemoryMarshal.GetArrayDataReference(instances);
        for (int i = 1; i <= Arity; i++)
        {
            nint instance = Unsafe.As<T, nint>(ref Unsafe.Add(ref first, Unsafe.Add(ref heap, i).Target));
            Sse.Prefetch0((void*)instance);
            Sse.Prefetch0((void*)(instance + CacheLine));
        }
    }

    /// <summary>Every waiting event, in no order.</summary>
    public IEnumerable<(EventKey Key, VirtualMessage Message)> Pending()
    {
        for (int i = _rootIsOpen ? 1 : 0; i < _count; i++)
        {
            yield return (_heap[i], _slots[_heap[i].Slot].Message);
        }
    }

    private int Keep(VirtualMessage message)
    {
        int slot = _freeSlot;
        if (slot >= 0)
        {
            _freeSlot = _slots[slot].NextFree;
        }
        else
        {
            slot = _slotsUsed++;
            if (slot == _slots.Length)
            {
                Array.Resize(ref _slots, _slots.Length * 2);
            }
        }

        _slots[slot].Message = message;
        return slot;
    }

    private void CloseRoot()
    {
        _rootIsOpen = false;
        _count--;
        if (_count > 0)
        {
            SiftDown(_heap[_count]);
        }
    }

    private void SiftUp(in EventKey key)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _heap.Length * 2);
        }

        ref EventKey heap = ref MemoryMarshal.GetArrayDataReference(_heap);
        int hole = _count++;
        while (hole > 0)
        {
            int parent = (hole - 1) / Arity;
            ref EventKey above = ref Unsafe.Add(ref heap, parent);
            if (!Precedes(key, above))
            {
                break;
            }

            Unsafe.Add(ref heap, hole) = above;
            hole = parent;
        }

        Unsafe.Add(ref heap, hole) = key;
    }

    private void SiftDown(EventKey key)
    {
        ref EventKey heap = ref MemoryMarshal.GetArrayDataReference(_heap);
        int count = _count;
        int hole = 0;
        while (true)
        {
            int first = (hole * Arity) + 1;
            if (first >= count)
            {
                break;
            }

            int best = first + Arity <= count ? FirstOfFour(ref heap, first) : FirstOfFew(ref heap, first, count);
            ref EventKey child = ref Unsafe.Add(ref heap, best);
            if (!Precedes(child, key))
            {
                break;
            }

            Unsafe.Add(ref heap, hole) = child;
            hole = best;
        }

        Unsafe.Add(ref heap, hole) = key;
    }

    /// <summary>Which child is first is a coin toss: arithmetic instead of branches that would be mispredicted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FirstOfFour(ref EventKey heap, int first)
    {
        int left = first + AsInt(Precedes(Unsafe.Add(ref heap, first + 1), Unsafe.Add(ref heap, first)));
        int right = first + 2 + AsInt(Precedes(Unsafe.Add(ref heap, first + 3), Unsafe.Add(ref heap, first + 2)));
        return left + ((right - left) * AsInt(Precedes(Unsafe.Add(ref heap, right), Unsafe.Add(ref heap, left))));
    }

    private static int FirstOfFew(ref EventKey heap, int first, int count)
    {
        int best = first;
        for (int i = first + 1; i < count; i++)
        {
            best = Precedes(Unsafe.Add(ref heap, i), Unsafe.Add(ref heap, best)) ? i : best;
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Precedes(in EventKey a, in EventKey b) =>
        (a.Time < b.Time) | ((a.Time == b.Time) & (a.Origin < b.Origin));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AsInt(bool value) => Unsafe.As<bool, byte>(ref value);

    private struct Slot
    {
        public VirtualMessage Message;
        public int NextFree;
    }
}
