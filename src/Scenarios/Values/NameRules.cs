namespace IoScale.Scenarios.Values;

/// <summary>Names become parts of entity ids, metric labels and file names, so they keep to what is safe in all of them.</summary>
internal static class NameRules
{
    public const int LongestName = 64;

    /// <summary>The same rule as a regular expression, for the JSON Schema.</summary>
    public const string Pattern = "[A-Za-z]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?";

    /// <summary>The word that stands for a station outside all hosts.</summary>
    public const string External = "external";

    private static readonly string[] WindowsDevices = ["CON", "PRN", "AUX", "NUL"];

    /// <returns>Null when the name is allowed; otherwise what is wrong and what would be right.</returns>
    public static string? Check(string name)
    {
        if (name.Length == 0)
        {
            return "is empty; write a name such as h0";
        }

        if (name.Length > LongestName)
        {
            return $"{Show.Value(name)} is longer than {LongestName} characters";
        }

        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || !char.IsAsciiLetter(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]))
        {
            return $"{Show.Value(name)} is not a name; use letters, digits, - and _, with a letter first and a letter or digit last";
        }

        if (name == External)
        {
            return $"{Show.Value(name)} stands for a station outside; choose another name";
        }

        return IsWindowsDevice(name) ? $"{Show.Value(name)} cannot be a file name on Windows; choose another name" : null;
    }

    private static bool IsWindowsDevice(string name)
    {
        string upper = name.ToUpperInvariant();
        return WindowsDevices.Contains(upper, StringComparer.Ordinal)
            || (upper.Length == 4 && (upper.StartsWith("COM", StringComparison.Ordinal) || upper.StartsWith("LPT", StringComparison.Ordinal)) && char.IsAsciiDigit(upper[3]));
    }
}
