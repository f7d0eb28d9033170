using CsCheck;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Tests;

public class NameTests
{
    [Theory]
    [InlineData("h[0..2]", "h0 h1 h2")]
    [InlineData("vm[08..10]b", "vm08b vm09b vm10b")]
    [InlineData("a[5..5]", "a5")]
    [InlineData("plain", "plain")]
    public void A_range_stands_for_its_names(string text, string names)
    {
        Assert.Null(NameRange.Expand(text, out IReadOnlyList<string> expanded));
        Assert.Equal(names, string.Join(' ', expanded));
    }

    [Theory]
    [InlineData("h[0..2")]
    [InlineData("h0..2]")]
    [InlineData("h[0-2]")]
    [InlineData("h[2..0]")]
    [InlineData("h[..2]")]
    [InlineData("h[0..2][0..1]")]
    [InlineData("h[0..999999999]")]
    [InlineData("h[0..99999999999999999999]")]
    [InlineData("]h[")]
    public void What_is_not_a_range_is_refused(string text) => Assert.NotNull(NameRange.Expand(text, out _));

    [Theory]
    [InlineData("hosst", "hosts")]
    [InlineData("pcups", "pcpus")]
    [InlineData("completely-different", null)]
    public void The_nearest_name_is_offered(string written, string? nearest) =>
        Assert.Equal(nearest, NearestName.Of(written, ["name", "hosts", "pcpus", "vms"]));

    [Fact]
    public void A_pattern_matches_as_a_regular_expression_would()
    {
        Gen<string> text = Gen.Char["ab*"].Array[0, 8].Select(c => new string(c));
        Gen.Select(text, text).Sample((pattern, written) =>
        {
            string name = written.Replace("*", "", StringComparison.Ordinal);
            string regex = "^" + pattern.Replace("*", ".*", StringComparison.Ordinal) + "$";
            return NamePattern.Matches(pattern, name) == System.Text.RegularExpressions.Regex.IsMatch(name, regex);
        });
    }

    [Theory]
    [InlineData("vm-1_a", true)]
    [InlineData("-vm", false)]
    [InlineData("vm-", false)]
    [InlineData("1vm", false)]
    [InlineData("vm.1", false)]
    [InlineData("nul", false)]
    [InlineData("com1", false)]
    [InlineData("com10", true)]
    [InlineData("", false)]
    [InlineData("grün", false)]
    public void Names_are_safe_everywhere(string name, bool allowed) => Assert.Equal(allowed, NameRules.Check(name) is null);
}
