using System.Globalization;

namespace IoScale.Scenarios;

/// <summary>One mistake in a scenario.</summary>
/// <param name="File">File as the user named it, or the command-line option that holds the mistake (<c>--set</c>).</param>
/// <param name="Line">Line in the file, counted from 1; 0 when the mistake belongs to no line.</param>
/// <param name="Key">Path of the key, for example <c>hosts[h0].pcpus</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record ScenarioError(string File, int Line, string Key, string Message)
{
    public override string ToString()
    {
        string place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}") : File;
        return Key.Length > 0 ? $"{place}: {Key}: {Message}" : $"{place}: {Message}";
    }
}
