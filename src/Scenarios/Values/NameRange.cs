using System.Globalization;

namespace IoScale.Scenarios.Values;

/// <summary>A name, or several written as one: <c>vm[0..62]</c> is vm0 to vm62; leading zeros of the first number are kept (<c>vm[00..62]</c>).</summary>
internal static class NameRange
{
    /// <summary>Most names that one range may stand for.</summary>
    public const int MostNames = 131_072;

    public static bool IsRange(string text) => text.Contains('[', StringComparison.Ordinal) || text.Contains(']', StringComparison.Ordinal);

    /// <summary>The names that the text stands for, in order.</summary>
    /// <returns>Null when <paramref name="names"/> is filled; otherwise what is wrong and what would be right.</returns>
    public static string? Expand(string text, out IReadOnlyList<string> names)
    {
        names = [text];
        if (!IsRange(text))
        {
            return null;
        }

        int open = text.IndexOf('[', StringComparison.Ordinal);
        int close = text.IndexOf(']', StringComparison.Ordinal);
        int dots = open < 0 ? -1 : text.IndexOf("..", open, StringComparison.Ordinal);
        if (open < 0 || close < dots || dots < 0 || text.LastIndexOf('[') != open || text.LastIndexOf(']') != close
            || !Number(text[(open + 1)..dots], out int first) || !Number(text[(dots + 2)..close], out int last))
        {
            return $"{Show.Value(text)} is not a range; write for example vm[0..62]";
        }

        if (last < first)
        {
            return $"{Show.Value(text)} counts down; write the smaller number first";
        }

        if (last - first >= MostNames)
        {
            return $"{Show.Value(text)} stands for more than {MostNames} names";
        }

        string digits = text[(open + 1)..dots];
        string format = digits[0] == '0' && digits.Length > 1 ? $"D{digits.Length}" : "D";
        string[] expanded = new string[last - first + 1];
        for (int i = 0; i < expanded.Length; i++)
        {
            expanded[i] = string.Concat(text.AsSpan(0, open), (first + i).ToString(format, CultureInfo.InvariantCulture), text.AsSpan(close + 1));
        }

        names = expanded;
        return null;
    }

    private static bool Number(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && text.Length <= 9;
}
