using IoScale.Hardware.Platform;
using NJsonSchema;
using YamlDotNet.Serialization;

namespace IoScale.Scenarios.Tests;

/// <summary>The scenarios that come with the program, and the pages made from the key tables.</summary>
public class ExampleTests
{
    public static TheoryData<string> Examples => [.. Text.ExamplePaths().Select(p => Path.GetRelativePath(Path.Combine(Text.Root(), "scenarios"), p))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_resolved_scenario_loads_to_the_same_systems(string file)
    {
        Scenario scenario = Load(file);

        Scenario again = ScenarioLoader.Parse("resolved.yaml", scenario.ResolvedYaml);

        Assert.Equal(scenario.Variants.Select(v => (v.Name, v.Description, Text.Dump(v.System))), again.Variants.Select(v => (v.Name, v.Description, Text.Dump(v.System))));
        Assert.Equal(scenario.Variants.Select(v => v.Expectations.Select(e => e.Text)), again.Variants.Select(v => v.Expectations.Select(e => e.Text)));
        Assert.Equal(scenario.ResolvedYaml, again.ResolvedYaml);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_and_its_resolved_form_fit_the_schema(string file)
    {
        JsonSchema schema = await JsonSchema.FromJsonAsync(ScenarioSchema.ToJson());

        Assert.Empty(schema.Validate(Json(await File.ReadAllTextAsync(PathOf(file)))));
        Assert.Empty(schema.Validate(Json(Load(file).ResolvedYaml)));
    }

    [Theory]
    [InlineData("pcpus: 8", "pcpu: 8")]
    [InlineData("pcpus: 8", "pcpus: 0")]
    [InlineData("duration: 100ms", "duration: 100")]
    [InlineData("model: 82599", "model: 82598x")]
    [InlineData("do: migrate-vcpu", "do: offline-pcpu")]
    public async Task The_schema_refuses_what_the_checker_refuses(string line, string replacement)
    {
        JsonSchema schema = await JsonSchema.FromJsonAsync(ScenarioSchema.ToJson());

        Assert.Empty(schema.Validate(Json(Text.Small)));
        Assert.NotEmpty(schema.Validate(Json(Text.With(line, replacement))));
        Assert.NotEmpty(Text.Mistakes(Text.With(line, replacement)));
    }

    [Fact]
    public void The_niantic_example_asks_for_384_vectors()
    {
        Scenario scenario = Load("niantic.yaml");

        Assert.Equal(["slide-global", "xen-2009-global", "xen-2009-percpu", "xen-2009-percpu-flat", "xen", "linux"], scenario.Variants.Select(v => v.Name));
        Assert.All(scenario.Variants, v =>
        {
            NicSpec nic = v.System.Hosts[0].Nics[0];
            Assert.Equal(384, nic.VfsPerPort.Sum(n => (n * nic.VectorsPerVf) + nic.VectorsPerPf));
            Assert.Equal(126, v.System.Vms.SelectMany(m => m.Vfs).Distinct().Count());
        });
        Assert.Equal(DestinationMode.Flat, scenario.Variants[3].System.Hosts[0].Destination);
    }

    /// <summary>To write the pages anew: <c>ioscale docs</c>.</summary>
    [Fact]
    public void The_published_schema_and_reference_are_up_to_date()
    {
        Published("scenario.schema.json", ScenarioSchema.ToJson());
        Published("scenario.md", ScenarioReference.ToMarkdown());
    }

    private static void Published(string name, string text)
    {
        string path = Path.Combine(Text.Root(), "docs", name);
        Assert.Equal(text, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    private static string PathOf(string file) => Path.Combine(Text.Root(), "scenarios", file);

    private static Scenario Load(string file) => ScenarioLoader.Load(PathOf(file));

    /// <summary>As an editor sees it: plain numbers and booleans typed, quoted ones text.</summary>
    private static string Json(string yaml)
    {
        object? tree = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(yaml);
        return new SerializerBuilder().JsonCompatible().Build().Serialize(tree);
    }
}
