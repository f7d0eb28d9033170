using System.Globalization;

namespace IoScale.Nodes.Checking;

/// <summary>Shortens lists of numbered names the way scenarios write them.</summary>
internal static class NameRanges
{
    /// <summary>h0, h1, h2, x, h7 become h[0..2], x, h7.</summary>
    public static string Compress(IReadOnlyList<string> names)
    {
        List<string> parts = [];
        int i = 0;
        while (i < names.Count)
        {
            int last = i;
            if (Split(names[i]) is { } first)
            {
                while (last + 1 < names.Count && Split(names[last + 1]) is { } next && next.Stem == first.Stem && next.Number == first.Number + (last + 1 - i))
                {
                    last++;
                }

                parts.Add(last > i ? string.Create(CultureInfo.InvariantCulture, $"{first.Stem}[{first.Number}..{first.Number + (last - i)}]") : names[i]);
            }
            else
            {
                parts.Add(names[i]);
            }

            i = last + 1;
        }

        return string.Join(", ", parts);
    }

    private static (string Stem, int Number)? Split(string name)
    {
        string stem = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        string digits = name[stem.Length..];
        // A leading zero would be lost in a range.
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && (digits.Length == 1 || digits[0] != '0') ? (stem, number) : null;
    }
}
