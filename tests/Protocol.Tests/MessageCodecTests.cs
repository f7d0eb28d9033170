using System.Buffers;
using CsCheck;
using IoScale.VirtualTime;

namespace IoScale.Protocol.Tests;

public sealed class MessageCodecTests
{
    private static readonly MessageCodec Codec = new();

    public static TheoryData<Type> Kinds => [.. Messages.Kinds];

    [Fact]
    public void Every_message_of_the_protocol_is_listed() =>
        Assert.Equal(Messages.Kinds.OrderBy(t => t.Name), Codec.Kinds.OrderBy(t => t.Name));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_message_comes_back_as_it_was(Type kind)
    {
        for (int variant = 0; variant < 3; variant++)
        {
            VirtualMessage message = Messages.Make(kind, variant);
            byte[] bytes = Write(message);
            VirtualMessage back = Codec.Read(bytes);
            Assert.IsType(kind, back);
            Assert.Equal(Messages.Text(message), Messages.Text(back));
            Assert.Equal(bytes, Write(back));
        }
    }

    [Fact]
    public void Every_kind_has_a_manifest_of_its_own() =>
        Assert.Equal(Messages.Kinds.Count, Messages.Kinds.Select(t => BitConverter.ToUInt16(Write(Messages.Make(t, 0)))).Distinct().Count());

    [Fact]
    public void An_unlisted_kind_is_refused()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Write(new Stranger()));
        Assert.Contains(nameof(Stranger), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 0xff, 0xff, 1, 2, 3 })]
    public void Bytes_of_no_known_kind_are_refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Codec.Read(bytes));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bytes_cut_short_or_with_something_behind_are_refused(Type kind)
    {
        byte[] bytes = Write(Messages.Make(kind, 1));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Codec.Read(bytes.AsSpan(0, length)));
        }

        Assert.Throws<InvalidDataException>(() => Codec.Read([.. bytes, 0]));
    }

    [Fact]
    public void A_list_that_is_missing_is_refused()
    {
        byte[] bytes = Write(new IoScale.Protocol.Messages.SetAffinity(1, 2, []));
        Assert.Equal(0, BitConverter.ToInt32(bytes.AsSpan(^4)));
        bytes.AsSpan(^4).Fill(0xff);
        Assert.Throws<InvalidDataException>(() => Codec.Read(bytes));
    }

    [Fact]
    public void Bytes_at_random_give_a_message_or_are_refused() => Gen.Select(Gen.Int[0, Messages.Kinds.Count - 1], Gen.Byte.Array[0, 80], Gen.Int[0, 40])
        .Sample(
            (kind, noise, keep) =>
            {
                byte[] good = Write(Messages.Make(Messages.Kinds[kind], 1));
                byte[] bytes = [.. good.Take(2 + Math.Min(keep, good.Length - 2)), .. noise];
                try
                {
                    VirtualMessage message = Codec.Read(bytes);
                    Digest digest = default;
                    message.Fold(ref digest);
                }
                catch (InvalidDataException)
                {
                    // Refused.
                }
            },
            iter: 20_000);

    private static byte[] Write(VirtualMessage message)
    {
        ArrayBufferWriter<byte> writer = new();
        Codec.Write(writer, message);
        return writer.WrittenSpan.ToArray();
    }

    private sealed record Stranger : VirtualMessage
    {
        public override void Fold(ref Digest digest)
        {
        }
    }
}
