using System.Text.RegularExpressions;
using Akka.Configuration.Hocon;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>What kind of value a key takes; told by its default in the reference.</summary>
internal enum SettingKind
{
    Section,
    List,
    Number,
    Switch,
    Duration,
    Size,
    Text,
}

/// <summary>Kinds of values as they are written.</summary>
internal static partial class SettingKinds
{
    public static SettingKind Of(HoconValue value)
    {
        if (value.IsObject())
        {
            return SettingKind.Section;
        }

        if (IsList(value))
        {
            return SettingKind.List;
        }

        string text = value.GetString() ?? "";
        return text is "on" or "off" or "true" or "false" or "yes" or "no" ? SettingKind.Switch
            : NumberForm().IsMatch(text) ? SettingKind.Number
            : DurationForm().IsMatch(text) ? SettingKind.Duration
            : SizeForm().IsMatch(text) ? SettingKind.Size
            : SettingKind.Text;
    }

    /// <summary>Whether a value is a list, which Akka denies of an empty one.</summary>
    public static bool IsList(HoconValue value) => value.Values.Any(v => v is HoconArray) || value.IsArray();

    /// <summary>Whether a key whose default is of one kind takes a value of another.</summary>
    /// <param name="strict">Our own keys; Akka writes "off" or "infinite" where a number or a time can stand, and the other way round.</param>
    public static bool Takes(SettingKind key, SettingKind value, bool strict) => key switch
    {
        SettingKind.Section or SettingKind.List => value == key,
        SettingKind.Text => value is not (SettingKind.Section or SettingKind.List),
        SettingKind.Size when strict => value is SettingKind.Size or SettingKind.Number,
        _ when strict => value == key,
        SettingKind.Switch => value is SettingKind.Switch or SettingKind.Duration or SettingKind.Size or SettingKind.Number,
        SettingKind.Duration => value is SettingKind.Duration or SettingKind.Switch,
        SettingKind.Size => value is SettingKind.Size or SettingKind.Number,
        _ => value == key || value == SettingKind.Switch,
    };

    /// <summary>The kind in the words of an error.</summary>
    public static string Words(SettingKind kind) => kind switch
    {
        SettingKind.Section => "a section { ... }",
        SettingKind.List => "a list [a, b]",
        SettingKind.Number => "a number",
        SettingKind.Switch => "on or off",
        SettingKind.Duration => "a time with its unit, as in 5s",
        SettingKind.Size => "a size with its unit, as in 48KiB",
        _ => "a single value",
    };

    [GeneratedRegex(@"^-?[0-9]+(\.[0-9]+)?$")]
    private static partial Regex NumberForm();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?\s*(ms|millis|milliseconds?|s|seconds?|m|minutes?|h|hours?|d|days?)$")]
    private static partial Regex DurationForm();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?\s*([bB]|[kKmMgG]|[kKMG]i?B|[KMG]i)$")]
    private static partial Regex SizeForm();
}
