using CsCheck;
using IoScale.Hardware.Msi;

namespace IoScale.Hardware.Tests.Msi;

public class MsiMessageTests
{
    [Fact]
    public void A_fixed_edge_message_to_apic_3_is_written_as_the_specification_says()
    {
        var message = MsiMessage.From(new CompatibilityFields(3, Logical: false, RedirectionHint: true, 0x51));
        Assert.Equal(new MsiMessage(0xfee0_3008, 0x4051), message);
        Assert.True(message.IsInterrupt);
        Assert.False(message.IsRemappable);
    }

    [Fact]
    public void A_logical_lowest_priority_level_message_sets_its_bits()
    {
        var message = MsiMessage.From(new CompatibilityFields(0xff, true, false, 0x20, MsiDelivery.LowestPriority, Assert: false, Level: true));
        Assert.Equal(new MsiMessage(0xfeef_f004, 0x8120), message);
    }

    [Fact]
    public void The_handle_is_split_over_bits_19_to_5_and_2()
    {
        Assert.Equal(new MsiMessage(0xfee0_0034, 0), MsiMessage.From(new RemappableFields(0x8001, false, 0)));
        Assert.Equal(new MsiMessage(0xfeef_fff8, 7), MsiMessage.From(new RemappableFields(0x7fff, true, 7)));
        Assert.Equal(0x7fff + 7, new MsiMessage(0xfeef_fff8, 7).ToRemappable().Index);
    }

    [Fact]
    public void Other_addresses_are_no_interrupts()
    {
        Assert.False(new MsiMessage(0xfed0_0000, 0).IsInterrupt);
        Assert.False(new MsiMessage(0x1_fee0_0000, 0).IsInterrupt);
    }

    [Fact]
    public void Fields_survive_encoding()
    {
        Gen<MsiDelivery> delivery = Gen.Enum<MsiDelivery>();
        Gen.Select(Gen.Byte, Gen.Bool, Gen.Bool, Gen.Byte, delivery, Gen.Bool, Gen.Bool).Sample(t =>
        {
            var fields = new CompatibilityFields(t.Item1, t.Item2, t.Item3, t.Item4, t.Item5, t.Item6, t.Item7);
            return MsiMessage.From(fields).ToCompatibility() == fields && !MsiMessage.From(fields).IsRemappable && MsiMessage.From(fields).IsInterrupt;
        });
        Gen.Select(Gen.UShort, Gen.Bool, Gen.UShort).Sample(t =>
        {
            var fields = new RemappableFields(t.Item1, t.Item2, t.Item2 ? t.Item3 : (ushort)0);
            return MsiMessage.From(fields).ToRemappable() == fields && MsiMessage.From(fields).IsRemappable && MsiMessage.From(fields).IsInterrupt;
        });
    }
}
