using System.Text.Json;

namespace IoScale.Cluster.Harness.Clients;

/// <summary>The result files of a run that may not depend on where it was made.</summary>
/// <param name="Files">By name.</param>
public sealed record ResultSet(IReadOnlyDictionary<string, byte[]> Files)
{
    private static readonly string[] Names = ["metrics.prom", "resolved.yaml", "summary.json"];

    public string ResultHash =>
        JsonDocument.Parse(Files["summary.json"]).RootElement.GetProperty("resultHash").GetString() ?? throw new InvalidDataException("no resultHash");

    /// <summary>Reads them from where <c>run</c> or <c>fetch</c> has put them: the folder, or the only folder in it.</summary>
    public static ResultSet Read(string folder)
    {
        string at = File.Exists(Path.Combine(folder, Names[0])) ? folder : Directory.GetDirectories(folder).Single();
        return new ResultSet(Names.ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(at, name))));
    }

    /// <summary>What differs between two, in one line; null when nothing does.</summary>
    public string? DifferenceFrom(ResultSet other)
    {
        string[] files = [.. Names.Where(name => !Files[name].AsSpan().SequenceEqual(other.Files[name]))];
        return files.Length == 0 ? null : $"{string.Join(", ", files)} differ; hashes {ResultHash} and {other.ResultHash}";
    }
}
