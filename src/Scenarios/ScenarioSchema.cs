using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios;

/// <summary>The JSON Schema of scenario files, for editors. Made from the table of keys that the checker uses.</summary>
public static class ScenarioSchema
{
    private const string NumberPattern = "[0-9]+(\\.[0-9]+)? *";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema (draft 7) as text, ending in a line break.</summary>
    public static string ToJson()
    {
        ScenarioLanguage language = new(StandardHardware.Instance);
        JsonObject schema = Object(language.Root);
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", "ioscale scenario");
        return schema.ToJsonString(Layout) + "\n";
    }

    private static JsonObject Object(Shape shape)
    {
        JsonObject properties = [];
        foreach (Key key in shape.Keys)
        {
            JsonObject property = Value(key.Type);
            string byDefault = key.Default ?? key.DefaultMeaning ?? "";
            property["description"] = byDefault.Length > 0 ? $"{key.Meaning} Default: {byDefault}." : key.Meaning;
            properties.Add(key.Name, property);
        }

        JsonObject schema = new()
        {
            ["type"] = "object",
            ["description"] = shape.Meaning,
            ["properties"] = properties,
            ["required"] = Array(shape.Keys.Where(k => k.Required).Select(k => k.Name)),
            ["additionalProperties"] = false,
        };
        if (shape == StepKinds.Step)
        {
            schema["oneOf"] = new JsonArray([.. StepKinds.All.Select(Step)]);
        }

        return schema;
    }

    private static JsonObject Value(KeyType type) => type switch
    {
        BooleanType => new() { ["type"] = "boolean" },
        IntegerType t => new() { ["type"] = "integer", ["minimum"] = t.Min, ["maximum"] = t.Max },
        IntegerOrRangeType t => AnyOf(Value(t.Integer), Text("^[0-9]*\\[[0-9]+\\.\\.[0-9]+\\][0-9]*$")),
        WordOrIntegerType t => AnyOf(Words([t.Word]), Value(t.Integer)),
        QuantityType t => Text($"^{NumberPattern}({Units(t.Dimension)})$"),
        ClaimIdType => AnyOf(new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 999 }, Text($"^{ClaimIdType.Pattern}$")),
        CostType => Text($"^{NumberPattern}({Units(Dimension.Cycles)}|{Units(Dimension.Time)})$"),
        WordType t => Words(t.Words),
        NameType { Ranges: true } => Text("^[A-Za-z][A-Za-z0-9_-]*(\\[[0-9]+\\.\\.[0-9]+\\][A-Za-z0-9_-]*)?$"),
        NameType => Text($"^{NameRules.Pattern}$"),
        ListType { OneWithoutBrackets: true } t => AnyOf(Value(t.Element), List(t)),
        ListType t => List(t),
        ShapeType { ScalarKey: not null } t => AnyOf(new() { ["type"] = "string" }, Object(t.Shape)),
        ShapeType t => Object(t.Shape),
        OverridesType => new() { ["type"] = "object" },
        _ => new() { ["type"] = "string" },
    };

    private static JsonObject List(ListType type) => new()
    {
        ["type"] = "array",
        ["items"] = Value(type.Element),
        ["minItems"] = type.Fewest,
        ["maxItems"] = type.Most,
    };

    private static JsonObject Text(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject AnyOf(params JsonObject[] types) => new() { ["anyOf"] = new JsonArray([.. types]) };

    /// <summary>A word that looks like a number (82599) reaches an editor as one.</summary>
    private static JsonObject Words(IReadOnlyList<string> words)
    {
        JsonArray values = Array(words);
        foreach (string word in words)
        {
            if (word.All(char.IsAsciiDigit))
            {
                values.Add(int.Parse(word, System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return new() { ["enum"] = values };
    }

    /// <summary>A step that does this has these keys and no others.</summary>
    private static JsonObject Step(StepKind kind)
    {
        JsonObject allowed = new() { ["at"] = new JsonObject(), ["do"] = Words([kind.Word]) };
        foreach (string key in kind.Required.Concat(kind.Optional))
        {
            allowed.Add(key, new JsonObject());
        }

        return new() { ["required"] = Array(kind.Required), ["properties"] = allowed, ["additionalProperties"] = false };
    }

    private static string Units(Dimension dimension) => string.Join("|", Quantity.Units(dimension).Select(u => u.Text));

    private static JsonArray Array(IEnumerable<string> items) => [.. items.Select(i => JsonValue.Create(i))];
}
