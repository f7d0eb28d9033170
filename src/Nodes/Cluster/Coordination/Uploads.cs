using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>Submissions that arrive in pieces. What is not complete is dropped when too many are under way: the client then begins again.</summary>
internal sealed class Uploads
{
    /// <summary>Compressed; a scenario file may have 64 MB.</summary>
    public const int LargestBytes = 64_000_000;

    private const int MostAtOnce = 16;

    private readonly List<(string Ticket, long Total, MemoryStream Content)> _uploads = [];

    /// <summary>Takes a piece. The content once it is whole; otherwise null, and how much is here.</summary>
    public byte[]? Add(SubmitRun submit, out long received)
    {
        Piece piece = submit.Resolved;
        int index = _uploads.FindIndex(u => u.Ticket == submit.Ticket);
        if (index < 0 || _uploads[index].Total != piece.Total)
        {
            if (index >= 0)
            {
                _uploads.RemoveAt(index);
            }
            else if (_uploads.Count == MostAtOnce)
            {
                _uploads.RemoveAt(0);
            }

            // Grows with what arrives: the announced length alone costs nothing.
            _uploads.Add((submit.Ticket, piece.Total, new MemoryStream()));
            index = _uploads.Count - 1;
        }

        MemoryStream content = _uploads[index].Content;
        if (piece.Offset == content.Length && piece.Content.Length <= piece.Total - content.Length)
        {
            piece.Content.WriteTo(content);
        }

        received = content.Length;
        if (received < piece.Total)
        {
            return null;
        }

        _uploads.RemoveAt(index);
        return content.ToArray();
    }
}
