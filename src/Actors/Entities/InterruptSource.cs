using IoScale.Hardware.Msi;
using IoScale.Protocol.Messages;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>The MSI-X side of a function: its table, and what has become of its interrupts.</summary>
[MemoryPackable]
public sealed partial class InterruptSource
{
    [MemoryPackConstructor]
    public InterruptSource()
    {
    }

    /// <param name="entries">Size of the MSI-X table; a function with none keeps a table of one that is never enabled.</param>
    public InterruptSource(int entries)
    {
        Table = new MsixTable(Math.Max(1, entries));
        Raised = new long[Table.Entries];
    }

    public MsixTable Table { get; set; } = null!;

    /// <summary>Interrupts raised, by entry.</summary>
    public long[] Raised { get; set; } = [];

    public long[] RaisedBefore { get; set; } = [];

    /// <summary>Raised while masked and pending already.</summary>
    public long Merged { get; set; }

    public long MergedBefore { get; set; }

    /// <summary>Forgotten by a reset while pending.</summary>
    public long Lost { get; set; }

    [MemoryPackIgnore]
    public long RaisedTotal => Raised.Sum();

    /// <summary>The function has an event; the message to write, or null when the table holds it back.</summary>
    public MsiWrite? Raise(int entry, int sourceId)
    {
        SignalResult result = Table.Signal(entry, out MsiMessage message);
        if (result == SignalResult.Disabled)
        {
            return null;
        }

        Raised[entry]++;
        Merged += result == SignalResult.Merged ? 1 : 0;
        return result == SignalResult.Sent ? new MsiWrite(message.Address, message.Data, sourceId) : null;
    }

    /// <summary>Masks the entry, writes it, unmasks it, as a driver must; the message that was pending, if one was, else null.</summary>
    public MsiWrite? Write(WriteMsix write, int sourceId)
    {
        Table.SetMask(write.MsixEntry, true);
        Table.WriteMessage(write.MsixEntry, new MsiMessage(write.Address, write.Data));
        Table.SetMask(write.MsixEntry, false);
        return Table.TryDeliver(out _, out MsiMessage message) ? new MsiWrite(message.Address, message.Data, sourceId) : null;
    }

    public void Reset()
    {
        Lost += Table.PendingCount;
        Table.Reset();
    }

    public void MeasureStart()
    {
        RaisedBefore = [.. Raised];
        MergedBefore = Merged;
    }
}
