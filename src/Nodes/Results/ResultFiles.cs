using System.Text;
using IoScale.Nodes.Reports;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Results;

/// <summary>A file of a result.</summary>
/// <param name="Name">Without a folder.</param>
internal sealed record ResultFile(string Name, byte[] Content);

/// <summary>The files of a result, the same bytes whoever makes them; only <see cref="Host"/> depends on where and when the run was.</summary>
internal static class ResultFiles
{
    public const string Resolved = "resolved.yaml";
    public const string Summary = "summary.json";
    public const string Metrics = "metrics.prom";
    public const string Host = "host.json";

    /// <summary>Not a file that <c>run</c> writes: what it prints. Kept with the results of a cluster, for the client that fetches them.</summary>
    public const string Report = "report.txt";

    /// <summary>The files that every result folder holds.</summary>
    public static IReadOnlyList<ResultFile> Of(ScenarioResult result, HostFacts host) =>
    [
        new(Resolved, Encoding.UTF8.GetBytes(result.ResolvedYaml)),
        new(Summary, Bytes(stream => JsonOutput.Write(stream, [result], several: false, SummaryJson.Write))),
        new(Metrics, Encoding.UTF8.GetBytes(OpenMetricsText.Write(result))),
        new(Host, Bytes(host.Write)),
    ];

    /// <summary>The printed report as plain text, without its last line, which names a folder.</summary>
    public static ResultFile ReportOf(ScenarioResult result, HostFacts host) =>
        new(Report, Encoding.UTF8.GetBytes(Terminal.Plain(console => RunReport.WriteFindings(console, result, host), blankAfter: false)));

    private static byte[] Bytes(Action<Stream> write)
    {
        using MemoryStream stream = new();
        write(stream);
        return stream.ToArray();
    }
}
