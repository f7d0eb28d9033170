using IoScale.Hardware.Costs;

namespace IoScale.Hardware.Tests.Costs;

public class CostProfileFileTests
{
    [Fact]
    public void A_complete_file_is_read() => Assert.Equal(7, CostProfiles.Parse("t.yaml", File()).Constant(CostName.IpiSend).Value);

    [Fact]
    public void A_missing_constant_is_named() => Refused(File(without: "ipi-send"), "ipi-send", "missing");

    [Fact]
    public void An_unknown_constant_is_named() => Refused(File() + Constant("warp-drive"), "warp-drive", "unknown");

    [Fact]
    public void A_constant_given_twice_is_named() => Refused(File() + Constant("ipi-send"), "ipi-send");

    [Fact]
    public void A_constant_without_source_is_refused() => Refused(File().Replace("    source: s\n", "", StringComparison.Ordinal), "Source");

    [Fact]
    public void An_unknown_key_is_refused() => Refused(File() + "colour: red\n", "colour");

    [Fact]
    public void A_value_outside_its_range_is_refused() => Refused(File().Replace("high: 9", "high: 6", StringComparison.Ordinal), "exit-bare", "within");

    [Fact]
    public void An_unknown_unit_is_refused() => Refused(File().Replace("unit: cycles", "unit: fortnights", StringComparison.Ordinal), "fortnights");

    private static void Refused(string text, params string[] words)
    {
        string message = Assert.Throws<InvalidDataException>(() => CostProfiles.Parse("t.yaml", text)).Message;
        Assert.StartsWith("t.yaml", message, StringComparison.Ordinal);
        Assert.All(words, w => Assert.Contains(w, message, StringComparison.OrdinalIgnoreCase));
    }

    private static string File(string without = "") =>
        "name: t\ndescription: d\nclock-hz: 1000\nconstants:\n" + string.Concat(CostNames.Names.All.Where(n => n != without).Select(Constant));

    private static string Constant(string name) =>
        $"  {name}:\n    value: 7\n    unit: cycles\n    low: 5\n    high: 9\n    confidence: A\n    source: s\n";
}
