namespace IoScale.Scenarios.Claims;

/// <summary>What a scenario is evidence for. The scenario's expectations are the verdict.</summary>
/// <param name="Id">Number among the claims, perhaps with a letter: 12, 12b.</param>
/// <param name="Basis">Tags of confidence, joined by /.</param>
/// <param name="Measured">At least one.</param>
/// <param name="Calibrated">Which inputs were chosen to fit a source.</param>
/// <param name="Predicted">What follows from the model.</param>
public sealed record Claim(
    string Id,
    string Text,
    string Basis,
    string Expected,
    IReadOnlyList<Measurement> Measured,
    string Calibrated,
    string Predicted)
{
    /// <summary>Order of claims: by number, then letter.</summary>
    public static int Compare(string a, string b)
    {
        int byNumber = Number(a).CompareTo(Number(b));
        return byNumber != 0 ? byNumber : string.CompareOrdinal(a, b);
    }

    private static int Number(string id) => int.Parse(id.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz"), System.Globalization.CultureInfo.InvariantCulture);
}
