using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Expectations;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Claims;

/// <summary>Makes the claim of a checked tree.</summary>
internal sealed class ClaimReader(IReadOnlyList<(string Name, SystemSpec System)> variants, ErrorList errors)
{
    private static readonly string[] Tags = ["V", "D", "A", "X", "spec", "R-H", "R-M", "R-L"];

    private readonly MetricNames _names = new(variants);

    /// <returns>Null where the scenario makes no claim; to be used only if no mistakes were reported.</returns>
    public Claim? Read(CheckedMap root)
    {
        if (!root.Has("claim"))
        {
            return null;
        }

        CheckedMap map = root.Map("claim");
        if (!root.Maps("variants").Append(root).Any(m => m.List("expect")?.Items.Count > 0))
        {
            errors.Add(root.At("claim"), "claim", "has no verdict; write at least one comparison under expect");
        }

        string basis = map.Text("basis") ?? Tags[0];
        foreach (string tag in basis.Split('/').Where(t => !Tags.Contains(t, StringComparer.Ordinal)))
        {
            errors.Add(map.At("basis"), map.PathOf("basis"), $"{Show.Value(tag)} is no tag of confidence; write one of {string.Join(", ", Tags)}, or several joined by /, for example D/A");
        }

        return new(
            map.Text("id") ?? "1",
            map.Text("claim") ?? "",
            basis,
            map.Text("expected") ?? "",
            [.. map.Maps("measured").Select(Measured).OfType<Measurement>()],
            map.Text("calibrated") ?? "",
            map.Text("predicted") ?? "");
    }

    private Measurement? Measured(CheckedMap map)
    {
        if (map.Text("value") is not { } text)
        {
            return null;
        }

        string unit = map.Text("unit") ?? "";
        try
        {
            Expression expression = Expectation.ParseValue(text);
            foreach (MetricReference metric in expression.Metrics)
            {
                if (metric.Variant is null && variants.Count > 1)
                {
                    throw new FormatException($"{metric} names no variant; write for example {variants[0].Name}.{metric}");
                }

                _names.Check(metric, variants[0].Name);
            }

            if (expression.Unit is { } own && Binding.Unit(unit.Split(' ')[0]) is { } shown && shown.Unit != own)
            {
                throw new FormatException($"is in {own} and cannot be shown in {Show.Value(unit)}; write another unit");
            }

            return new(map.Text("label") ?? "", text, unit, (int?)map.GivenNumber("decimals"), expression);
        }
        catch (FormatException e)
        {
            errors.Add(map.At("value"), map.PathOf("value"), $"{Show.Value(text)}: {e.Message}");
            return null;
        }
    }
}
