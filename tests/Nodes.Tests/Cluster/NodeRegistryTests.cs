using Akka.Actor;
using IoScale.Nodes.Cluster.Coordination;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Tests.Cluster;

public class NodeRegistryTests
{
    private static readonly Address Node = new("akka.tcp", "ioscale", "127.0.0.1", 7600);

    [Theory]
    [InlineData("r-1", 7, false)]
    [InlineData("r-1", 6, true)]
    [InlineData("", 7, true)]
    [InlineData("", 0, true)]
    public void A_node_that_says_that_it_has_no_share_any_more_is_no_node_to_count_on(string run, long epoch, bool lost)
    {
        NodeRegistry nodes = new(quorum: 1);
        nodes.Welcome(new KnownNode(Node, ActorRefs.Nobody, new NodeHello { Run = run, Epoch = epoch }, SeenMs: 25_000));
        Assert.Equal(lost, nodes.LostShare(Node, epoch: 7, readyMs: 10_000) is not null);
    }

    [Fact]
    public void What_a_node_said_before_its_share_was_ready_does_not_count()
    {
        NodeRegistry nodes = new(quorum: 1);
        nodes.Welcome(new KnownNode(Node, ActorRefs.Nobody, new NodeHello { Run = "", Epoch = 6 }, SeenMs: 16_000));
        Assert.Null(nodes.LostShare(Node, epoch: 7, readyMs: 10_000));
    }
}
