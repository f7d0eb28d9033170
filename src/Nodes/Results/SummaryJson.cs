using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using IoScale.Actors.Running;
using IoScale.Nodes.Claims;
using IoScale.Nodes.Running;
using IoScale.Protocol.Metrics;
using IoScale.Scenarios.Expectations;

namespace IoScale.Nodes.Results;

/// <summary>The machine-readable result: stable order and number format, nothing that depends on the machine.</summary>
internal static class SummaryJson
{
    public const string Schema = "ioscale/summary/v1";

    public static readonly JsonWriterOptions Format = new()
    {
        Indented = true,
        NewLine = "\n",
        // Expectations hold < and >; the text goes to files and terminals, never into a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(Utf8JsonWriter json, ScenarioResult result)
    {
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("scenario", result.Name);
        json.WriteNumber("seed", result.Seed);
        json.WriteNumber("virtualTimePs", result.VirtualTimePs);
        json.WriteString("verdict", result.Verdict);
        json.WriteString("resultHash", Hash(result.ResultHash));
        json.WriteNumber("events", result.Events);
        if (result.Claim is { } claim)
        {
            WriteClaim(json, claim, ClaimTable.VerdictOf(result) == ClaimTable.Holds);
        }

        json.WriteStartArray("variants");
        foreach (VariantResult variant in result.Variants)
        {
            WriteVariant(json, variant);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>16 hexadecimal digits.</summary>
    public static string Hash(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);

    private static void WriteClaim(Utf8JsonWriter json, ClaimResult result, bool holds)
    {
        json.WriteStartObject("claim");
        json.WriteString("id", result.Claim.Id);
        json.WriteString("claim", result.Claim.Text);
        json.WriteString("basis", result.Claim.Basis);
        json.WriteString("expected", result.Claim.Expected);
        json.WriteStartArray("measured");
        foreach (MeasuredValue measured in result.Measured)
        {
            json.WriteStartObject();
            json.WriteString("label", measured.Label);
            WriteNumber(json, measured.Value ?? double.NaN);
            json.WriteString("text", measured.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("calibrated", result.Claim.Calibrated);
        json.WriteString("predicted", result.Claim.Predicted);
        json.WriteBoolean("holds", holds);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, double value)
    {
        json.WritePropertyName("value");
        if (double.IsFinite(value))
        {
            json.WriteRawValue(Numbers.Exact(value));
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteVariant(Utf8JsonWriter json, VariantResult variant)
    {
        json.WriteStartObject();
        json.WriteString("name", variant.Name);
        json.WriteString("resultHash", Hash(variant.Outcome?.ResultHash ?? 0));
        json.WriteNumber("virtualTimePs", variant.Outcome?.VirtualTimePs ?? 0);
        json.WriteNumber("durationPs", variant.System.DurationPs);
        json.WriteNumber("events", variant.Outcome?.Events ?? 0);
        json.WriteStartArray("metrics");
        foreach (MetricSample sample in variant.Outcome?.Metrics ?? [])
        {
            WriteSample(json, sample);
        }

        json.WriteEndArray();
        json.WriteStartArray("expectations");
        foreach (ExpectationResult expectation in variant.Expectations)
        {
            json.WriteStartObject();
            json.WriteString("text", expectation.Text);
            json.WriteBoolean("passed", expectation.Passed);
            json.WriteString("actual", expectation.Actual);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (variant.Outcome is { } outcome)
        {
            WriteDetails(json, outcome);
        }

        json.WriteEndObject();
    }

    private static void WriteSample(Utf8JsonWriter json, MetricSample sample)
    {
        json.WriteStartObject();
        json.WriteString("name", sample.Metric.Name);
        json.WriteStartObject("labels");
        for (int i = 0; i < sample.LabelValues.Count; i++)
        {
            json.WriteString(sample.Metric.Labels[i], sample.LabelValues[i]);
        }

        json.WriteEndObject();
        WriteNumber(json, sample.Value);
        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, RunOutcome outcome)
    {
        json.WriteStartArray("refusals");
        foreach (VectorRefusal refusal in outcome.Refusals)
        {
            json.WriteStartObject();
            json.WriteString("host", refusal.Host);
            json.WriteString("function", refusal.Function);
            json.WriteString("vm", refusal.Vm);
            json.WriteNumber("vector", refusal.Vector);
            json.WriteNumber("of", refusal.Of);
            json.WriteString("role", refusal.Role);
            json.WriteNumber("assigned", refusal.Assigned);
            json.WriteString("reason", refusal.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("sharedVectors");
        foreach (SharedVector shared in outcome.SharedVectors)
        {
            json.WriteStartObject();
            json.WriteString("host", shared.Host);
            json.WriteNumber("vector", shared.Vector);
            json.WriteNumber("pcpuA", shared.PCpuA);
            json.WriteNumber("irqA", shared.IrqA);
            json.WriteString("ownerA", shared.OwnerA);
            json.WriteNumber("pcpuB", shared.PCpuB);
            json.WriteNumber("irqB", shared.IrqB);
            json.WriteString("ownerB", shared.OwnerB);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("laws");
        foreach (ConservationLaw law in outcome.Laws)
        {
            json.WriteStartObject();
            json.WriteString("name", law.Name);
            json.WriteString("left", law.Left);
            json.WriteNumber("leftValue", law.LeftValue);
            json.WriteString("right", law.Right);
            json.WriteNumber("rightValue", law.RightValue);
            json.WriteBoolean("holds", law.Holds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (string note in outcome.Notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
    }
}
