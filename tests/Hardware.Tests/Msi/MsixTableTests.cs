using CsCheck;
using IoScale.Hardware.Msi;
using MemoryPack;

namespace IoScale.Hardware.Tests.Msi;

public class MsixTableTests
{
    private static readonly MsiMessage A = MsiMessage.From(new CompatibilityFields(1, false, true, 0x41));
    private static readonly MsiMessage B = MsiMessage.From(new CompatibilityFields(2, false, true, 0x42));

    [Fact]
    public void A_function_starts_disabled_with_every_entry_masked()
    {
        var table = new MsixTable(70);
        Assert.Equal(SignalResult.Disabled, table.Signal(69, out _));
        table.SetEnabled(true);
        Assert.Equal(SignalResult.Pending, table.Signal(69, out _));
        Assert.Equal(0x8000 | 69, table.Control);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2049)]
    public void A_table_has_1_to_2048_entries(int entries) => Assert.Throws<ArgumentOutOfRangeException>(() => new MsixTable(entries));

    [Fact]
    public void An_unmasked_event_is_sent_at_once_with_the_entry_s_message()
    {
        MsixTable table = Enabled(3, 2, A);
        Assert.Equal(SignalResult.Sent, table.Signal(2, out MsiMessage message));
        Assert.Equal(A, message);
        Assert.Equal(0, table.PendingCount);
    }

    [Fact]
    public void Masked_events_set_the_pending_bit_and_unmasking_delivers_exactly_once()
    {
        MsixTable table = Enabled(3, 2, A);
        table.SetMask(2, true);
        Assert.Equal(SignalResult.Pending, table.Signal(2, out _));
        Assert.Equal(SignalResult.Merged, table.Signal(2, out _));
        Assert.True(table.IsPending(2));
        Assert.False(table.TryDeliver(out _, out _));
        table.SetMask(2, false);
        Assert.True(table.TryDeliver(out int index, out MsiMessage message));
        Assert.Equal((2, A), (index, message));
        Assert.False(table.IsPending(2));
        Assert.False(table.TryDeliver(out _, out _));
    }

    [Fact]
    public void The_function_mask_holds_back_all_entries_and_lets_them_go_in_order()
    {
        var table = new MsixTable(130);
        table.SetEnabled(true);
        table.SetFunctionMask(true);
        foreach (int i in new[] { 129, 1, 66, 64 })
        {
            table.SetMask(i, false);
            Assert.Equal(SignalResult.Pending, table.Signal(i, out _));
        }

        table.Signal(5, out _);
        Assert.Equal(0xc000 | 129, table.Control);
        table.SetFunctionMask(false);
        List<int> delivered = [];
        while (table.TryDeliver(out int index, out _))
        {
            delivered.Add(index);
        }

        Assert.Equal([1, 64, 66, 129], delivered);
        Assert.Equal(1, table.PendingCount);
    }

    [Fact]
    public void Writing_an_unmasked_entry_is_flagged_as_undefined()
    {
        MsixTable table = Enabled(3, 0, A);
        Assert.False(table.WriteMessage(0, B));
        Assert.Equal(1, table.UndefinedWrites);
        table.SetMask(0, true);
        Assert.True(table.WriteMessage(0, A));
        table.SetMask(0, false);
        table.SetFunctionMask(true);
        Assert.True(table.WriteMessage(0, B));
        Assert.Equal(1, table.UndefinedWrites);
    }

    [Fact]
    public void A_message_written_while_masked_is_the_one_delivered()
    {
        MsixTable table = Enabled(1, 0, A);
        table.SetMask(0, true);
        table.Signal(0, out _);
        table.WriteMessage(0, B);
        table.SetMask(0, false);
        table.TryDeliver(out _, out MsiMessage message);
        Assert.Equal(B, message);
    }

    [Fact]
    public void Disabling_forgets_what_is_pending_and_a_reset_masks_all()
    {
        MsixTable table = Enabled(1, 0, A);
        table.SetMask(0, true);
        table.Signal(0, out _);
        table.SetEnabled(false);
        table.SetMask(0, false);
        table.SetEnabled(true);
        Assert.False(table.TryDeliver(out _, out _));
        table.Reset();
        Assert.True(table.IsMasked(0));
        Assert.Equal(default, table.Message(0));
        Assert.Equal(0, table.Control);
    }

    [Fact]
    public void Events_are_conserved_and_state_survives_restore()
    {
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 69], Gen.Bool).Array[0, 200].Sample(
            steps =>
            {
                var table = new MsixTable(70);
                table.SetEnabled(true);
                int events = 0, sent = 0, merged = 0;
                foreach ((int kind, int index, bool on) in steps)
                {
                    switch (kind)
                    {
                        case 0:
                            table.SetMask(index, on);
                            break;
                        case 1:
                            table.SetFunctionMask(on);
                            break;
                        case 2:
                            table = MemoryPackSerializer.Deserialize<MsixTable>(MemoryPackSerializer.Serialize(table))!;
                            break;
                        default:
                            events++;
                            SignalResult result = table.Signal(index, out _);
                            sent += result == SignalResult.Sent ? 1 : 0;
                            merged += result == SignalResult.Merged ? 1 : 0;
                            break;
                    }

                    while (table.TryDeliver(out int delivered, out _))
                    {
                        Assert.False(table.IsMasked(delivered));
                        sent++;
                    }

                    Assert.Equal(events, sent + merged + table.PendingCount);
                    Assert.Equal(table.PendingCount, Enumerable.Range(0, 70).Count(table.IsPending));
                }
            },
            iter: 200);
    }

    private static MsixTable Enabled(int entries, int index, MsiMessage message)
    {
        var table = new MsixTable(entries);
        table.SetEnabled(true);
        table.WriteMessage(index, message);
        table.SetMask(index, false);
        return table;
    }
}
