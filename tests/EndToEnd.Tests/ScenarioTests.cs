using CliWrap.Buffered;

namespace IoScale.EndToEnd.Tests;

/// <summary>What a newcomer runs first, run.</summary>
public sealed class ScenarioTests : IDisposable
{
    private readonly Ioscale _ioscale = new();

    public static TheoryData<string> Scenarios =>
        [.. Directory.GetFiles(Ioscale.Source("../../scenarios"), "*.yaml").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public void Dispose() => _ioscale.Dispose();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Every_scenario_meets_its_expectations_and_is_the_same_when_verified(string file)
    {
        BufferedCommandResult run = await _ioscale.Run("run", Ioscale.Source($"../../scenarios/{file}"), "--verify", "--threads", "2");
        Assert.True(run.ExitCode == 0, run.StandardOutput + run.StandardError);
        Assert.Contains("verified: the same", run.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_readme_shows_what_the_program_prints()
    {
        string readme = await File.ReadAllTextAsync(Ioscale.Source("../../README.md"));
        string shown = readme.Split("```")[1].Trim('\n').TrimEnd();
        BufferedCommandResult run = await _ioscale.Run("run", Ioscale.Source("../../scenarios/niantic.yaml"));
        Assert.StartsWith(shown, run.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_link_between_the_pages_leads_somewhere()
    {
        string root = Ioscale.Source("../..");
        string[] pages = [Path.Combine(root, "README.md"), .. Directory.GetFiles(Path.Combine(root, "docs"), "*.md")];
        foreach (string page in pages)
        {
            foreach (string part in File.ReadAllText(page).Split("](").Skip(1))
            {
                string link = part[..part.IndexOf(')', StringComparison.Ordinal)].Split('#')[0];
                bool local = link.Length > 0 && !link.Contains("://", StringComparison.Ordinal);
                Assert.True(!local || Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link)), $"{page}: {link}");
            }
        }
    }
}
