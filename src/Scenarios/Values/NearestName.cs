namespace IoScale.Scenarios.Values;

/// <summary>Finds the name that a user probably meant.</summary>
internal static class NearestName
{
    private const int LongestName = 64;
    private const int ShortestBeginning = 4;

    /// <summary>The nearest of the valid names by edit distance; one that the user began to write counts as near. Null when none is.</summary>
    public static string? Of(string written, IEnumerable<string> valid)
    {
        if (written.Length > LongestName)
        {
            return null;
        }

        string? nearest = null;
        int least = Math.Max(2, written.Length / 3) + 1;
        string upper = written.ToUpperInvariant();
        foreach (string candidate in valid)
        {
            bool begun = written.Length >= ShortestBeginning && candidate.StartsWith(written, StringComparison.OrdinalIgnoreCase);
            if (!begun && Math.Abs(candidate.Length - written.Length) >= least)
            {
                continue;
            }

            int distance = begun ? Math.Min(1, candidate.Length - written.Length) : Distance(upper, candidate.ToUpperInvariant());
            if (distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>A hint that ends a message: the nearest name, and otherwise the names there are.</summary>
    public static string Hint(string written, IReadOnlyCollection<string> valid, string what)
    {
        string? nearest = Of(written, valid);
        return nearest is null ? $"{what}: {Show.Names(valid)}" : $"did you mean {nearest}?";
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours, each counted as one.</summary>
    private static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1];
        int[] last = new int[b.Length + 1];
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }
}
