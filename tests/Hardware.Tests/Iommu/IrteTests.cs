using CsCheck;
using IoScale.Hardware.Iommu;
using IoScale.Hardware.Msi;

namespace IoScale.Hardware.Tests.Iommu;

public class IrteTests
{
    [Fact]
    public void A_remapped_entry_lies_in_memory_as_the_specification_says()
    {
        var entry = new Irte(true, true, false, true, true, true, MsiDelivery.ExtInt, 0xa, 0x51, 0x1234_5678, 0xbeef, 2, SourceValidation.BusRange);
        Assert.Equal(new IrteBits(0x1234_5678_0051_0aff, 0x000a_beef), entry.Encode());
    }

    [Fact]
    public void A_posted_entry_splits_the_descriptor_address()
    {
        Irte entry = default(Irte) with { Present = true, Posted = true, Urgent = true, Vector = 0x41, Descriptor = 0x0123_4567_89ab_cdc0, SourceValidation = SourceValidation.SourceId };
        // Address bits 31:6 in bits 63:38, bits 63:32 in bits 127:96.
        Assert.Equal(new IrteBits((0x89ab_cdc0UL >> 6 << 38) | 0x0041_c001, 0x0123_4567_0004_0000), entry.Encode());
    }

    [Fact]
    public void Entries_survive_encoding()
    {
        Gen<MsiDelivery> delivery = Gen.Enum<MsiDelivery>();
        Gen<SourceValidation> validation = Gen.Enum<SourceValidation>();
        Gen.Select(Gen.Bool.Array[5], delivery, Gen.Select(Gen.Byte[0, 15], Gen.Byte), Gen.UInt, Gen.Select(Gen.UShort, Gen.Byte[0, 3]), validation, Gen.ULong).Sample(t =>
        {
            bool[] bits = t.Item1;
            bool posted = bits[2];
            Irte entry = posted
                ? new Irte(bits[0], bits[1], true, false, false, false, MsiDelivery.Fixed, t.Item3.Item1, t.Item3.Item2, 0, t.Item5.Item1, t.Item5.Item2, t.Item6, bits[3], t.Item7 & ~63UL)
                : new Irte(bits[0], bits[1], false, bits[3], bits[4], bits[3] != bits[4], t.Item2, t.Item3.Item1, t.Item3.Item2, t.Item4, t.Item5.Item1, t.Item5.Item2, t.Item6);
            IrteBits raw = entry.Encode();
            return Irte.Decode(raw) == entry && !Irte.HasReservedBits(raw);
        });
    }

    [Theory]
    [InlineData(1UL << 12, 0)]
    [InlineData(1UL << 14, 0)]
    [InlineData(1UL << 24, 0)]
    [InlineData(0, 3UL << 18)]
    [InlineData(0, 1UL << 20)]
    [InlineData(0, 1UL << 63)]
    [InlineData(1UL << 15 | 1UL << 2, 0)]
    [InlineData(1UL << 15 | 1UL << 12, 0)]
    [InlineData(1UL << 15 | 1UL << 32, 0)]
    [InlineData(1UL << 15, 1UL << 20)]
    public void Reserved_bits_are_found(ulong low, ulong high) => Assert.True(Irte.HasReservedBits(new IrteBits(low | 1, high)));

    [Theory]
    [InlineData(0, 0x1234, true)]
    [InlineData(0, 0x1235, false)]
    [InlineData(1, 0x1230, true)]
    [InlineData(1, 0x1236, false)]
    [InlineData(2, 0x1232, true)]
    [InlineData(2, 0x1235, false)]
    [InlineData(3, 0x1233, true)]
    [InlineData(3, 0x123c, false)]
    public void The_qualifier_ignores_function_bits(byte qualifier, ushort requester, bool admitted)
    {
        Irte entry = Irte.Remapped(0x41, 0, false, 0x1234) with { SourceQualifier = qualifier };
        Assert.Equal(admitted, entry.Admits(requester));
    }

    [Theory]
    [InlineData(0x04ff, false)]
    [InlineData(0x0500, true)]
    [InlineData(0x07ff, true)]
    [InlineData(0x0800, false)]
    public void A_bus_range_includes_both_ends(ushort requester, bool admitted)
    {
        Irte entry = Irte.Remapped(0x41, 0, false, 0x0507) with { SourceValidation = SourceValidation.BusRange };
        Assert.Equal(admitted, entry.Admits(requester));
        Assert.True((entry with { SourceValidation = SourceValidation.None }).Admits(requester));
    }
}
