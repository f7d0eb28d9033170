namespace IoScale.Scenarios.Values;

/// <summary>A name with <c>*</c> for any run of characters.</summary>
internal static class NamePattern
{
    public static bool IsPattern(string text) => text.Contains('*', StringComparison.Ordinal);

    /// <summary>Matches in time proportional to the product of both lengths, whatever the pattern.</summary>
    public static bool Matches(string pattern, string name)
    {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = n;
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }
}
