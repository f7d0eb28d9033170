using IoScale.Scenarios;

namespace IoScale.Nodes.Documentation;

/// <summary>The documentation that is made from the code. A test fails when a page in the repository is not what it should be.</summary>
internal static class GeneratedPages
{
    /// <summary>Each page's file name in the documentation folder and its text.</summary>
    public static IReadOnlyList<(string Name, string Text)> All() =>
    [
        ("metrics.md", MetricsPage.Write()),
        ("scenario.md", ScenarioReference.ToMarkdown()),
        ("scenario.schema.json", ScenarioSchema.ToJson()),
    ];
}
