using System.Reflection;
using IoScale.Hardware.Nics;

namespace IoScale.Hardware.Tests.Nics;

public class NicModelTests
{
    private static readonly string[] Confidences = ["V", "D", "A", "X", "R-H", "R-M", "R-L"];

    [Fact]
    public void Every_numeric_figure_of_every_model_has_a_fact()
    {
        string[] figures =
        [
            .. typeof(NicModel).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.PropertyType == typeof(int) || p.PropertyType == typeof(long) || p.PropertyType == typeof(IReadOnlyList<int>))
                .Select(p => p.Name.ToLowerInvariant()),
        ];
        Assert.Equal(20, figures.Length);
        Assert.All(Models(), model =>
        {
            Assert.Equal(figures.Order(), model.Facts.Select(f => f.Figure.Replace("-", "", StringComparison.Ordinal)).Order());
            Assert.All(model.Facts, f => Assert.Contains(f.Confidence, Confidences));
            Assert.All(model.Facts, f => Assert.True(f.Source.Length > 5, f.Figure));
        });
    }

    [Fact]
    public void The_figures_of_every_model_make_sense_together()
    {
        Assert.Equal(10, NicModels.Names.Count);
        Assert.All(Models(), m =>
        {
            Assert.InRange(m.Ports, 1, 8);
            Assert.True(m.RingMin <= m.RingDefault && m.RingDefault <= m.RingMax);
            Assert.True(m.ModerationStepPs > 0 && m.ModerationMaxPs % m.ModerationStepPs == 0);
            Assert.True(m.DefaultPfVectors <= m.PfVectors && m.DefaultVfVectors <= m.VfVectors);
            Assert.Equal(m.MaxVfsPerPort > 0, m.LoopbackBps > 0 && m.DefaultVfRateHz > 0 && m.VfStride > 0);
            Assert.Equal(m.VfVectorTiers.OrderDescending(), m.VfVectorTiers);
        });
    }

    [Theory]
    [InlineData("niantic", "82599")]
    [InlineData("Kawela", "82576")]
    [InlineData("fortville", "XL710")]
    [InlineData("columbiaville", "E810")]
    [InlineData("xl710", "XL710")]
    [InlineData("connectx-7", "ConnectX-7")]
    public void Models_are_found_by_name_and_alias_in_any_case(string asked, string name) => Assert.Equal(name, NicModels.Get(asked).Name);

    [Fact]
    public void Names_and_aliases_are_unique()
    {
        string[] all = [.. Models().SelectMany(m => m.Aliases.Append(m.Name)).Select(n => n.ToLowerInvariant())];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void An_unknown_model_is_answered_with_those_there_are()
    {
        Assert.Null(NicModels.TryGet("ne2000"));
        Assert.Contains("82599", Assert.Throws<KeyNotFoundException>(() => NicModels.Get("ne2000")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Routing_ids_follow_offset_and_stride()
    {
        NicModel niantic = NicModels.Get("niantic");
        Assert.Equal(0x0301, RoutingIds.Pf(3, 0, 1));
        Assert.Equal(0x0380, RoutingIds.Vf(niantic, 3, 0, 0, 0));
        Assert.Equal(0x0381, RoutingIds.Vf(niantic, 3, 0, 1, 0));
        Assert.Equal(0x03fc, RoutingIds.Vf(niantic, 3, 0, 0, 62));
        Assert.Equal(1, RoutingIds.Buses(niantic));
        Assert.Throws<ArgumentOutOfRangeException>(() => RoutingIds.Vf(niantic, 3, 0, 0, 63));
        Assert.Throws<ArgumentOutOfRangeException>(() => RoutingIds.Vf(NicModels.Get("e810"), 255, 31, 1, 255));
    }

    [Fact]
    public void No_two_functions_of_a_card_share_a_routing_id()
    {
        Assert.All(Models(), model =>
        {
            List<int> ids = [];
            for (int port = 0; port < model.Ports; port++)
            {
                ids.Add(RoutingIds.Pf(2, 0, port));
                ids.AddRange(Enumerable.Range(0, model.MaxVfsPerPort).Select(vf => (int)RoutingIds.Vf(model, 2, 0, port, vf)));
            }

            Assert.Equal(ids.Count, ids.Distinct().Count());
            Assert.Equal(ids.Max() >> 8, 2 + RoutingIds.Buses(model) - 1);
        });
    }

    [Fact]
    public void Files_that_are_not_complete_are_refused_by_name()
    {
        static string refusal(string text) => Assert.Throws<InvalidDataException>(() => NicModelFile.Parse("n.yaml", text)).Message;
        const string Head = "name: n\naliases: []\ndescription: d\nfigures:\n";
        const string Ports = "  ports:\n    value: 2\n    confidence: A\n    source: s\n";
        Assert.Contains("port-rate-bps is missing", refusal(Head + Ports), StringComparison.Ordinal);
        Assert.Contains("ports", refusal(Head + Ports + Ports), StringComparison.Ordinal);
        Assert.Contains("two is not a number", refusal(Head + Ports.Replace("2", "two", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("Source", refusal(Head + Ports.Replace("    source: s\n", "", StringComparison.Ordinal)), StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<NicModel> Models() => NicModels.Names.Select(NicModels.Get);
}
