using IoScale.Protocol.Metrics;
using IoScale.VirtualTime;

namespace IoScale.Protocol.Tests;

public sealed class DigestTests
{
    public static TheoryData<Type> Kinds => [.. Messages.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Whatever_changes_in_a_message_changes_its_digest(Type kind)
    {
        ulong before = Of(Messages.Make(kind, 0));
        Assert.Equal(before, Of(Messages.Make(kind, 0)));
        Assert.All(Messages.Changes(kind), change => Assert.True(Of(change.Changed) != before, $"{kind.Name}.{change.Name} is not in the digest"));
    }

    [Fact]
    public void Kinds_with_the_same_fields_have_different_digests() =>
        Assert.Equal(Messages.Kinds.Count, Messages.Kinds.Select(k => Of(Messages.Make(k, 0))).Distinct().Count());

    [Fact]
    public void Metrics_have_names_of_their_own_and_are_found_by_them()
    {
        Assert.Equal(MetricCatalogue.All.Count, MetricCatalogue.All.Select(m => m.Name).Distinct().Count());
        Assert.All(MetricCatalogue.All, m => Assert.Same(m, MetricCatalogue.Find(m.Name)));
        Assert.All(MetricCatalogue.All, m => Assert.Equal(m.Labels.Count, m.Labels.Distinct().Count()));
        Assert.Null(MetricCatalogue.Find("no_such_metric"));
    }

    private static ulong Of(VirtualMessage message)
    {
        Digest digest = default;
        message.Fold(ref digest);
        return digest.Finish();
    }
}
