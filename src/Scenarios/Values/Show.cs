using System.Text;

namespace IoScale.Scenarios.Values;

/// <summary>How a message shows what the user wrote: short, on one line, printable.</summary>
internal static class Show
{
    private const int Longest = 60;

    public static string Value(string text)
    {
        StringBuilder shown = new("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown.Length > Longest)
            {
                shown.Append("...");
                break;
            }

            shown.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar ? "?" : rune.ToString());
        }

        return shown.Append('"').ToString();
    }

    /// <summary>Joins names for a message; of very many only the first are shown.</summary>
    public static string Names(IEnumerable<string> names, int most = 12)
    {
        List<string> shown = [.. names.Take(most + 1)];
        return shown.Count switch
        {
            0 => "none",
            _ when shown.Count > most => string.Join(", ", shown.Take(most)) + ", ...",
            _ => string.Join(", ", shown),
        };
    }
}
