using System.Diagnostics;
using System.IO.Hashing;
using IoScale.Nodes.Store;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Running.Checkpoints;

/// <summary>
/// The checkpoints of one variant. Variants have nothing to do with each other, so each is copied at a border of its own and committed on its own: its
/// partitions first, the record that names them last. The copying stops the variant, the writing does not; there is one write at a time.
/// </summary>
/// <param name="last">The newest checkpoint that was committed before, or null.</param>
/// <param name="warn">Takes a line for the user.</param>
internal sealed class VariantCheckpoints(StateStore store, int variant, CheckpointPlan plan, CheckpointTally tally, CheckpointCommitted? last, Action<string> warn)
{
    private readonly Stopwatch _sinceCopy = Stopwatch.StartNew();
    private long _copiedPs = last?.Time ?? 0;
    private long _number = last?.Checkpoint ?? 0;
    private Task _writing = Task.CompletedTask;
    private volatile bool _dropped;

    /// <summary>The checkpoint that the variant would go on from now, or null for its start.</summary>
    public CheckpointCommitted? Last { get; private set; } = last;

    /// <summary>Where a step from one time towards another has to stop, so that a checkpoint falls on a multiple of the virtual interval.</summary>
    public long Border(long fromPs, long towardsPs) =>
        plan.EveryVirtualPs is { } every ? Math.Min(towardsPs, every > long.MaxValue - fromPs ? long.MaxValue : ((fromPs / every) + 1) * every) : towardsPs;

    /// <summary>The partitions as the last checkpoint has them; null without one.</summary>
    /// <exception cref="InvalidDataException">Some are missing or damaged.</exception>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public IReadOnlyList<byte[]>? Load()
    {
        if (Last is not { } from)
        {
            return null;
        }

        byte[][] parts = new byte[from.Hashes.Count][];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = store.LoadAsync(CheckpointKeys.Partition(variant, i), from.Checkpoint).GetAwaiter().GetResult()
                ?? throw new InvalidDataException($"partition {i} of checkpoint {from.Checkpoint} is missing");
            if (XxHash3.HashToUInt64(parts[i]) != from.Hashes[i])
            {
                throw new InvalidDataException($"partition {i} of checkpoint {from.Checkpoint} is not what was written");
            }
        }

        return parts;
    }

    /// <summary>At a border: copies the variant if it is time to and the copy before is written.</summary>
    public void AtBorder(IVariantRun run, long timePs)
    {
        bool due = _sinceCopy.Elapsed >= plan.EveryWall || (plan.EveryVirtualPs is { } every && timePs / every > _copiedPs / every);
        if (due && _writing.IsCompleted)
        {
            Copy(run, timePs, final: false);
        }
    }

    /// <summary>At the last border that this process reaches: copies the variant in any case.</summary>
    /// <param name="final">The variant is at its end.</param>
    public void AtEnd(IVariantRun run, long timePs, bool final)
    {
        if (Last is null || Last.Time != timePs || Last.Final != final)
        {
            Copy(run, timePs, final);
        }
    }

    /// <summary>Waits until what was copied is written, or could not be.</summary>
    public void Finish() => _writing.GetAwaiter().GetResult();

    /// <summary>What was copied and is not yet written is of no use any more.</summary>
    public void Drop()
    {
        _dropped = true;
        Finish();
    }

    private void Copy(IVariantRun run, long timePs, bool final)
    {
        Stopwatch pause = Stopwatch.StartNew();
        IReadOnlyList<byte[]> parts = run.Capture();
        tally.Captured(pause.Elapsed, parts.Sum(p => (long)p.Length));
        CheckpointCommitted record = new() { Variant = variant, Time = timePs, Events = run.EventsHandled, Final = final };
        _copiedPs = timePs;
        _sinceCopy.Restart();
        _writing = WriteAfter(_writing, record, parts);
    }

    private async Task WriteAfter(Task before, CheckpointCommitted record, IReadOnlyList<byte[]> parts)
    {
        await before.ConfigureAwait(false);
        // Not on the thread that emulates, whatever the store does before it first waits.
        await Task.Yield();
        Stopwatch write = Stopwatch.StartNew();
        try
        {
            if (await Write(record, parts).ConfigureAwait(false))
            {
                tally.Committed(write.Elapsed);
                Last = record;
                await Forget(parts.Count, record.Checkpoint).ConfigureAwait(false);
            }
        }
        catch (StoreException e)
        {
            warn($"a checkpoint is not written: {e.Message}");
        }
    }

    /// <returns>Whether the checkpoint is committed: not when it was dropped.</returns>
    private async Task<bool> Write(CheckpointCommitted record, IReadOnlyList<byte[]> parts)
    {
        record.Checkpoint = ++_number;
        for (int i = 0; i < parts.Count; i++)
        {
            if (_dropped)
            {
                return false;
            }

            record.Hashes.Add(XxHash3.HashToUInt64(parts[i]));
            await store.SaveAsync(CheckpointKeys.Partition(variant, i), record.Checkpoint, parts[i]).ConfigureAwait(false);
        }

        await store.SaveAsync(CheckpointKeys.Commit(variant), record.Checkpoint, SealedMessage.Write(record)).ConfigureAwait(false);
        return true;
    }

    private async Task Forget(int partitions, long below)
    {
        await store.DeleteBelowAsync(CheckpointKeys.Commit(variant), below).ConfigureAwait(false);
        for (int i = 0; i < partitions && !_dropped; i++)
        {
            await store.DeleteBelowAsync(CheckpointKeys.Partition(variant, i), below).ConfigureAwait(false);
        }
    }
}
