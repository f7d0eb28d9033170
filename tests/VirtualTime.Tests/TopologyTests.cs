namespace IoScale.VirtualTime.Tests;

public sealed class TopologyTests
{
    private static readonly PartitionSpec[] Two = [new("a", "g"), new("b", "g")];

    [Fact]
    public void Each_broken_rule_is_named()
    {
        Refused("at least one partition", []);
        Refused("Two partitions are called 'a'", [new("a", "g"), new("a", "h")]);
        Refused("'a/b' is not a valid element", [new("a/b", "g")]);
        Refused("Link 'l' ends at partition 2; there are 2", Two, links: new LinkSpec("l", 0, 2, 1));
        Refused("Link 'l' ends at partition -1", Two, links: new LinkSpec("l", -1, 0, 1));
        Refused("Link 'l' connects partition 'b' with itself", Two, links: new LinkSpec("l", 1, 1, 1));
        Refused("Link 'l' has a latency of 0 ps", Two, links: new LinkSpec("l", 0, 1, 0));
        Refused("Links 'l' and 'm' both connect", Two, [new LinkSpec("l", 0, 1, 1), new LinkSpec("m", 1, 0, 2)]);
        Refused("Entity 'e' is in partition 2; there are 2", Two, entities: Entity("e", 2));
        Refused("Entity name 'e f' is not a valid", Two, entities: Entity("e f", 0));
        Refused("Entity 'e' has no factory", Two, entities: new EntitySpec("e", 0, null!));
        Refused("Two entities of partition 'b' are called 'e'", Two, [], [Entity("e", 1), Entity("e", 1)]);
    }

    [Fact]
    public void Paths_are_partition_and_name()
    {
        Topology topology = new(1, Two, [], [Entity("e", 0), Entity("e", 1)]);
        Assert.Equal("b/e", topology.PathOf(new EntityId(1)));
        Assert.Equal("engine", topology.PathOf(EntityId.Engine));
    }

    private static EntitySpec Entity(string name, int partition) => new(name, partition, () => new Metronome(1));

    private static void Refused(string part, PartitionSpec[] partitions, LinkSpec[]? links = null, EntitySpec[]? entities = null)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Topology(1, partitions, links ?? [], entities ?? []));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static void Refused(string part, PartitionSpec[] partitions, LinkSpec links) => Refused(part, partitions, [links]);

    private static void Refused(string part, PartitionSpec[] partitions, EntitySpec entities) => Refused(part, partitions, [], [entities]);
}
