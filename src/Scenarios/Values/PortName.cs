using System.Globalization;

namespace IoScale.Scenarios.Values;

/// <summary>A NIC port as it is written: <c>nic0.p1</c>.</summary>
internal readonly record struct PortName(string Nic, int Port)
{
    public const string Example = "nic0.p0";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Nic}.p{Port}");

    /// <returns>Null when <paramref name="port"/> is filled; otherwise what is wrong and what would be right.</returns>
    public static string? Parse(string text, out PortName port)
    {
        port = default;
        string[] parts = text.Split('.', 3);
        if (parts.Length == 2 && parts[0].Length > 0 && FunctionName.Numbered(parts[1], "p", out int number))
        {
            port = new(parts[0], number);
            return null;
        }

        return $"{Show.Value(text)} is not a NIC port; write NIC.pPORT, for example {Example}";
    }
}
