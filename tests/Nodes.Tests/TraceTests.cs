using System.Text.Json;
using IoScale.Nodes.Tracing;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Tests;

public sealed class TraceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-trace").FullName;

    private string TracePath => Path.Combine(_folder, "trace.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_holds_time_names_sequence_and_every_field()
    {
        using (TraceFile file = new(TracePath, new TraceFilter([], 0, long.MaxValue)))
        {
            EventTrace trace = file.Open("base");
            trace.NameEntitiesBy(id => $"h0.0/pcpu-{id.Value}");
            trace.Write(new TracedEvent(1500, new EntityId(3), EntityId.Engine, 7, new Poke(5, Colour.Green, new EntityId(4), [1, 2])));
            file.Commit();
        }

        Assert.Equal(
            """{"t":1500,"entity":"h0.0/pcpu-3","sender":"engine","seq":7,"variant":"base","message":"Poke","fields":{"count":5,"colour":"Green","target":"h0.0/pcpu-4","list":[1,2]}}""" + "\n",
            File.ReadAllText(TracePath));
    }

    [Fact]
    public void Variants_that_run_side_by_side_stand_one_after_the_other_in_the_file()
    {
        using (TraceFile file = new(TracePath, new TraceFilter([], 0, long.MaxValue)))
        {
            EventTrace a = file.Open("a");
            EventTrace b = file.Open("b");
            for (int i = 0; i < 3; i++)
            {
                b.Write(new TracedEvent(i, new EntityId(0), new EntityId(0), i, new Poke(i, Colour.Red, default, [])));
                a.Write(new TracedEvent(i, new EntityId(0), new EntityId(0), i, new Poke(i, Colour.Red, default, [])));
            }

            file.Commit();
        }

        Assert.Equal("aaabbb", string.Concat(File.ReadLines(TracePath).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("variant").GetString())));
        Assert.Equal([TracePath], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_trace_that_is_not_committed_leaves_nothing()
    {
        using (TraceFile file = new(TracePath, new TraceFilter([], 0, long.MaxValue)))
        {
            file.Open("a").Write(new TracedEvent(0, default, default, 0, new Poke(0, Colour.Red, default, [])));
        }

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("h0.0/pcpu-1", 150, true)]
    [InlineData("h0.0/vm3", 100, true)]
    [InlineData("h0.0/pcpu-1", 99, false)]
    [InlineData("h0.0/pcpu-1", 200, false)]
    [InlineData("h1.0/pcpu-1", 150, false)]
    public void A_filter_takes_patterns_and_a_time_from_included_to_excluded(string entity, long timePs, bool wanted)
    {
        using EventTrace trace = new("base", new TraceFilter(["h0.*/pcpu-*", "*/vm3"], 100, 200), TracePath);
        trace.NameEntitiesBy(_ => entity);
        Assert.Equal(wanted, trace.Wants(new EntityId(1), timePs));
    }

    private enum Colour
    {
        Red,
        Green,
    }

    private sealed record Poke(int Count, Colour Colour, EntityId Target, IReadOnlyList<int> List) : VirtualMessage
    {
        public override void Fold(ref Digest digest) => digest.Add(Count);
    }
}
