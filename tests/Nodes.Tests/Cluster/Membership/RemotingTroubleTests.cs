using Akka.Event;
using IoScale.Nodes.Cluster.Membership;

namespace IoScale.Nodes.Tests.Cluster.Membership;

/// <summary>What a node makes of Akka's words about other nodes.</summary>
public sealed class RemotingTroubleTests
{
    private const string Peer = "akka.tcp://ioscale@10.0.0.2:7600";

    [Theory]
    [InlineData("Couldn't join seed nodes after [2] attempts, will try again. seed-nodes=[" + Peer + "]")]
    [InlineData("Coordinated shutdown phase [cluster-exiting] timed out after 00:00:03")]
    [InlineData("partition: Graceful shutdown of shard region timed out, region will be stopped. Remaining shards [10.0.0.2:7600], remaining buffered messages [0].")]
    [InlineData("Tried to associate with unreachable remote address [" + Peer + "]. Address is now gated for 1000 ms. Reason: [No response from remote for outbound association. Handshake timed out after [15000 ms].]")]
    public void What_a_node_tells_in_its_own_words_or_gets_over_is_not_told(string message) => Assert.Null(LineOf(message));

    [Fact]
    public void A_node_that_stood_still_is_told_so_in_short() => Assert.Equal(
        "ioscale: warning: this node stood still for 13561 ms; the others may take it for dead",
        LineOf("Cluster Node [" + Peer + "] - Scheduled sending of heartbeat was delayed. Previous heartbeat was sent [13561.2264] ms ago, expected interval is [1000] ms. This may cause failure detection to mark members as unreachable."));

    [Fact]
    public void A_peer_that_cannot_be_reached_for_a_reason_of_its_own_is_told() => Assert.Equal(
        "ioscale: warning: 10.0.0.2:7600 cannot be reached: No route to host",
        LineOf("Tried to associate with unreachable remote address [" + Peer + "]. Address is now gated for 1000 ms. Reason: [No route to host]"));

    private static string? LineOf(string message) => NodeLogger.LineOf(new Warning("test", typeof(RemotingTroubleTests), message));
}
