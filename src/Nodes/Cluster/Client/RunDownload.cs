using System.IO.Compression;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Results;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>The result of a run as it came from the cluster.</summary>
/// <param name="Files">Unpacked, the report among them.</param>
/// <param name="ExitCode">What <c>run</c> would have returned.</param>
internal sealed record FetchedResult(IReadOnlyList<ResultFile> Files, int ExitCode)
{
    public ResultFile Report => Files.First(f => f.Name == ResultFiles.Report);

    public ResultFile Summary => Files.First(f => f.Name == ResultFiles.Summary);
}

/// <summary>Gets the result of a run that has finished, piece by piece.</summary>
internal static class RunDownload
{
    private static readonly string[] Expected = [ResultFiles.Resolved, ResultFiles.Summary, ResultFiles.Metrics, ResultFiles.Host, ResultFiles.Report];

    /// <exception cref="InputException">The cluster does not give it, or what it gives is damaged.</exception>
    public static async Task<FetchedResult> Get(DeskClient desk, string run, CancellationToken stop)
    {
        FileList list = await desk.Ask<FileList>(new FetchList { Protocol = WireProtocol.Version, Run = run }, stop).ConfigureAwait(false);
        string[] missing = [.. Expected.Except(list.Files, StringComparer.Ordinal)];
        if (missing.Length > 0)
        {
            throw new InputException($"the result of run {run} lacks {string.Join(", ", missing)}; use the version of ioscale that the cluster has");
        }

        List<ResultFile> files = [];
        foreach (string name in Expected)
        {
            files.Add(new ResultFile(name, Unpack(run, name, await GetFile(desk, run, name, stop).ConfigureAwait(false))));
        }

        return new FetchedResult(files, list.ExitCode);
    }

    private static async Task<MemoryStream> GetFile(DeskClient desk, string run, string name, CancellationToken stop)
    {
        MemoryStream packed = new();
        while (true)
        {
            Piece piece = await desk.Ask<Piece>(
                new FetchPiece { Protocol = WireProtocol.Version, Run = run, File = name, Offset = packed.Length }, stop).ConfigureAwait(false);
            if (piece.Offset != packed.Length || piece.Total < packed.Length + piece.Content.Length || (piece.Content.IsEmpty && piece.Total != packed.Length))
            {
                throw new InputException($"{name} of run {run}: the piece at {packed.Length} is damaged; fetch again");
            }

            piece.Content.WriteTo(packed);
            if (packed.Length == piece.Total)
            {
                packed.Position = 0;
                return packed;
            }
        }
    }

    private static byte[] Unpack(string run, string name, MemoryStream packed)
    {
        try
        {
            using GZipStream gzip = new(packed, CompressionMode.Decompress);
            using MemoryStream content = new();
            gzip.CopyTo(content);
            return content.ToArray();
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{name} of run {run} arrived damaged; fetch again", e);
        }
    }
}
