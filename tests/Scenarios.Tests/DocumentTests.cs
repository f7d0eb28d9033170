using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IoScale.Scenarios.Tests;

/// <summary>What is wrong with the file as a whole.</summary>
public class DocumentTests
{
    [Theory]
    [InlineData("", "is empty")]
    [InlineData("# nothing\n", "is empty")]
    [InlineData("---\n", "is empty")]
    [InlineData("- a\n- b\n", "is not a mapping")]
    [InlineData("just words", "is not a mapping")]
    [InlineData("a: [1, 2\nb: 3\n", "is not YAML")]
    [InlineData("a: b: c\n", "is not YAML here")]
    [InlineData("a: 1\n\tb: 2\n", "is not YAML here")]
    [InlineData("a: 1\n---\nb: 2\n", "second document")]
    [InlineData("a: &x 1\nb: 2\n", "anchor")]
    [InlineData("a: *x\n", "alias")]
    [InlineData("a: !!int 3\n", "tag")]
    [InlineData("? [a, b]\n: 1\n", "as a key")]
    [InlineData("a: \u0001\n", "no text")]
    public void A_file_that_is_no_scenario_is_refused_for_that_alone(string text, string says) =>
        Assert.Contains(says, Assert.Single(Text.Mistakes(text)), StringComparison.Ordinal);

    [Fact]
    public void A_syntax_error_is_shown_in_its_line() =>
        Assert.StartsWith("test.yaml:8: is not YAML", Assert.Single(Text.Mistakes(Text.With("pcpus: 8", "pcpus: 'eight"))), StringComparison.Ordinal);

    [Fact]
    public void Text_with_odd_characters_comes_back_from_the_resolved_scenario()
    {
        Scenario scenario = Text.Parse(Text.With("name: small", "name: small\ndescription: \"a\\x01\\u2028\\t: # 'b' \\\\ \\n \U0001F6AB null\""));

        Assert.Contains("\u0001\u2028\t: # 'b' \\ \n \U0001F6AB", scenario.Description, StringComparison.Ordinal);
        Assert.Equal(scenario.Description, Text.Parse(scenario.ResolvedYaml).Description);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Contains("levels deep", Assert.Single(Text.Mistakes("a: " + new string('[', 60))), StringComparison.Ordinal);

    [Fact]
    public void A_hundred_thousand_mistakes_are_answered_with_a_readable_number_of_them()
    {
        StringBuilder text = new(Text.Small);
        text.Append('\n');
        for (int i = 0; i < 100_000; i++)
        {
            text.Append("key-").Append(i).Append(": 1\n");
        }

        IReadOnlyList<string> mistakes = Text.Mistakes(text.ToString());

        Assert.Equal(101, mistakes.Count);
        Assert.Contains("and 99900 more mistakes", mistakes[100], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.yaml", "does not exist")]
    [InlineData(".", "is a directory")]
    public void A_file_that_cannot_be_read_is_named(string name, string says)
    {
        string path = Path.Combine(AppContext.BaseDirectory, name);

        ScenarioException e = Assert.Throws<ScenarioException>(() => ScenarioLoader.Load(path));

        Assert.Equal(path, Assert.Single(e.Errors).File);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    [SuppressMessage("Security", "CA5394", Justification = "A fixed seed gives the same garbage each time.")]
    public void Binary_garbage_is_refused()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "garbage.yaml");
        byte[] bytes = new byte[4096];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);

        ScenarioException e = Assert.Throws<ScenarioException>(() => ScenarioLoader.Load(path));

        Assert.Contains("not UTF-8", Assert.Single(e.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_does_no_harm()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "mark.yaml");
        File.WriteAllText(path, Text.Small, new UTF8Encoding(true));

        Assert.Equal("small", ScenarioLoader.Load(path).Name);
    }
}
