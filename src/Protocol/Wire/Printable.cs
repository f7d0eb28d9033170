namespace IoScale.Protocol.Wire;

/// <summary>Names that came from outside, fit for a line of a log.</summary>
internal static class Printable
{
    private const int Longest = 80;

    /// <summary>The text without control characters, cut after 80.</summary>
    public static string Of(string text)
    {
        string cut = text.Length <= Longest ? text : text[..Longest] + "...";
        return string.Create(cut.Length, cut, (span, from) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(from[i]) ? '?' : from[i];
            }
        });
    }
}
