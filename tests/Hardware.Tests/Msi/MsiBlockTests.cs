using IoScale.Hardware.Msi;
using MemoryPack;

namespace IoScale.Hardware.Tests.Msi;

public class MsiBlockTests
{
    [Fact]
    public void Messages_are_contiguous_vectors_at_one_address()
    {
        var block = new MsiBlock(8);
        block.Enable(Message(0x48), 4);
        Assert.Equal([0x48, 0x49, 0x4a, 0x4b], Enumerable.Range(0, 4).Select(i => (int)block.Message(i).ToCompatibility().Vector));
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(Message(0x48).Address, block.Message(i).Address));
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Message(4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(64)]
    public void Only_powers_of_two_up_to_32_are_offered(int capable) => Assert.Throws<ArgumentOutOfRangeException>(() => new MsiBlock(capable));

    [Fact]
    public void A_block_that_is_not_aligned_or_too_large_is_refused()
    {
        var block = new MsiBlock(4);
        Assert.Throws<ArgumentException>(() => block.Enable(Message(0x4a), 4));
        block.Enable(Message(0x4a), 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Enable(Message(0x48), 8));
        Assert.Equal(2, block.Count);
    }

    [Fact]
    public void A_masked_message_is_delivered_once_when_unmasked()
    {
        var block = new MsiBlock(32);
        Assert.Equal(SignalResult.Disabled, block.Signal(0, out _));
        block.Enable(Message(0x40), 32);
        block.SetMask(1u << 31);
        Assert.Equal(SignalResult.Sent, block.Signal(30, out MsiMessage sent));
        Assert.Equal(0x40 + 30, sent.ToCompatibility().Vector);
        Assert.Equal(SignalResult.Pending, block.Signal(31, out _));
        Assert.Equal(SignalResult.Merged, block.Signal(31, out _));
        Assert.False(block.TryDeliver(out _, out _));
        block = MemoryPackSerializer.Deserialize<MsiBlock>(MemoryPackSerializer.Serialize(block))!;
        block.SetMask(0);
        Assert.True(block.TryDeliver(out int index, out MsiMessage late));
        Assert.Equal((31, (byte)0x5f), (index, late.ToCompatibility().Vector));
        Assert.False(block.TryDeliver(out _, out _));
    }

    private static MsiMessage Message(byte vector) => MsiMessage.From(new CompatibilityFields(1, false, true, vector));
}
