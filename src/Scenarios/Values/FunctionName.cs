using System.Globalization;

namespace IoScale.Scenarios.Values;

/// <summary>A VF as it is written: <c>nic0.p1.vf3</c>.</summary>
internal readonly record struct FunctionName(string Nic, int Port, int Vf)
{
    public const string Example = "nic0.p0.vf3";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Nic}.p{Port}.vf{Vf}");

    /// <returns>Null when <paramref name="function"/> is filled; otherwise what is wrong and what would be right.</returns>
    public static string? Parse(string text, out FunctionName function)
    {
        function = default;
        string[] parts = text.Split('.', 4);
        if (parts.Length == 3 && parts[0].Length > 0 && Numbered(parts[1], "p", out int port) && Numbered(parts[2], "vf", out int vf))
        {
            function = new(parts[0], port, vf);
            return null;
        }

        return $"{Show.Value(text)} is not a VF; write NIC.pPORT.vfNUMBER, for example {Example}";
    }

    internal static bool Numbered(string text, string prefix, out int number)
    {
        number = 0;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && text.Length <= prefix.Length + 6
            && int.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
