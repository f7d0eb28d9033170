using System.Text.Json;

namespace IoScale.Nodes.Checking;

/// <summary>What <c>check --format json</c> prints.</summary>
internal static class CheckJson
{
    public const string Schema = "ioscale/check/v1";

    public static void Write(Utf8JsonWriter json, ScenarioCheck check)
    {
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("scenario", check.Name);
        json.WriteBoolean("fits", check.Variants.All(v => v.Fits));
        json.WriteStartArray("variants");
        foreach (VariantCheck variant in check.Variants)
        {
            json.WriteStartObject();
            json.WriteString("name", variant.Name);
            json.WriteBoolean("fits", variant.Fits);
            json.WriteStartArray("hosts");
            foreach (HostGroup group in variant.Groups)
            {
                Write(json, group);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HostGroup group)
    {
        HostBudget budget = group.Budget;
        json.WriteStartObject();
        json.WriteString("hosts", group.Title);
        json.WriteNumber("count", group.Names.Count);
        json.WriteBoolean("fits", budget.Fits);
        json.WriteNumber("capacity", budget.Capacity);
        json.WriteNumber("demand", budget.Demand);
        json.WriteNumber("assigned", budget.Assigned);
        json.WriteNumber("refused", budget.Refused);
        json.WriteStartArray("layers");
        foreach (LayerBudget layer in budget.Layers)
        {
            json.WriteStartObject();
            json.WriteString("layer", CheckReport.NameOf(layer.Layer));
            json.WriteString("where", layer.Where);
            json.WriteNumber("capacity", layer.Capacity);
            json.WriteNumber("demand", layer.Demand);
            json.WriteNumber("headroom", layer.Headroom);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("vectorsPerPcpu");
        foreach (int vectors in budget.PerPCpu)
        {
            json.WriteNumberValue(vectors);
        }

        json.WriteEndArray();
        if (budget.First is { } first)
        {
            json.WriteStartObject("firstRefused");
            json.WriteString("function", first.Function);
            json.WriteNumber("vector", first.Vector);
            json.WriteNumber("of", first.Of);
            json.WriteString("role", first.Role);
            json.WriteString("layer", CheckReport.NameOf(first.Layer));
            json.WriteNumber("assigned", first.Assigned);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("firstRefused");
        }

        json.WriteStartArray("fixes");
        foreach (string fix in group.Fixes)
        {
            json.WriteStringValue(fix);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
