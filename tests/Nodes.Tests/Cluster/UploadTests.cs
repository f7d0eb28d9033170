using Google.Protobuf;
using IoScale.Nodes.Cluster.Coordination;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Tests.Cluster;

public class UploadTests
{
    [Fact]
    public void A_submission_is_put_together_from_pieces_that_come_in_order_and_more_than_once()
    {
        Uploads uploads = new();
        Assert.Null(uploads.Add(Part("a", 0, 5, [1, 2]), out long received));
        Assert.Equal(2, received);
        Assert.Null(uploads.Add(Part("b", 0, 3, [9]), out _));
        Assert.Null(uploads.Add(Part("a", 0, 5, [1, 2]), out received));
        Assert.Equal(2, received);
        Assert.Null(uploads.Add(Part("a", 4, 5, [5]), out received));
        Assert.Equal(2, received);
        Assert.Equal([1, 2, 3, 4, 5], uploads.Add(Part("a", 2, 5, [3, 4, 5]), out _));
        Assert.Equal([9, 8, 7], uploads.Add(Part("b", 1, 3, [8, 7]), out _));
    }

    [Fact]
    public void What_a_submission_announces_takes_no_memory_before_it_is_there()
    {
        Uploads uploads = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        uploads.Add(Part("a", 0, Uploads.LargestBytes, [1]), out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_packed_text_that_unpacks_to_too_much_is_refused()
    {
        byte[] packed = ScenarioFetch.Pack(new byte[1_000_000]);
        Assert.InRange(packed.Length, 1, 10_000);
        Assert.Throws<InvalidDataException>(() => ScenarioFetch.Unpack(packed, largest: 999_999));
        Assert.Equal(1_000_000, ScenarioFetch.Unpack(packed, largest: 1_000_000).Length);
    }

    private static SubmitRun Part(string ticket, long offset, long total, byte[] content) =>
        new() { Ticket = ticket, Resolved = new Piece { Offset = offset, Total = total, Content = ByteString.CopyFrom(content) } };
}
