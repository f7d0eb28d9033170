using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using IoScale.Protocol.Wire;
using IoScale.Scenarios;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>A scenario's text on its way from the coordinator, piece by piece.</summary>
internal sealed class ScenarioFetch(ulong hash, int bytes)
{
    /// <summary>The one file of a run that is there before it has finished.</summary>
    public const string File = "scenario.yaml.gz";

    /// <summary>Unpacked text of a scenario; a few bytes can claim to be gigabytes.</summary>
    private const int LargestText = 512_000_000;

    private readonly byte[] _packed = new byte[bytes];

    public int Received { get; private set; }

    public bool IsComplete => Received == _packed.Length;

    /// <summary>Takes a piece that continues what is here; others were asked for twice.</summary>
    public void Add(Piece piece)
    {
        if (piece.Offset == Received && piece.Content.Length <= _packed.Length - Received)
        {
            piece.Content.Span.CopyTo(_packed.AsSpan(Received));
            Received += piece.Content.Length;
        }
    }

    /// <exception cref="InvalidDataException">It is not the text that was announced.</exception>
    public Scenario Parse() => Parse(_packed, hash);

    /// <exception cref="InvalidDataException">It is not the text that was announced.</exception>
    public static Scenario Parse(ReadOnlySpan<byte> packed, ulong hash) => HashOf(packed) == hash
        ? ScenarioLoader.Parse("scenario", Unpack(packed))
        : throw new InvalidDataException("the scenario that arrived is not the one that was announced");

    public static ulong HashOf(ReadOnlySpan<byte> packed) => XxHash3.HashToUInt64(packed);

    public static byte[] Pack(ReadOnlySpan<byte> content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    /// <exception cref="InvalidDataException">It is no such content, or too much.</exception>
    public static string Unpack(ReadOnlySpan<byte> packed, int largest = LargestText)
    {
        using GZipStream gzip = new(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using MemoryStream content = new();
        Span<byte> some = stackalloc byte[8192];
        for (int read = gzip.Read(some); read > 0; read = gzip.Read(some))
        {
            content.Write(some[..read]);
            if (content.Length > largest)
            {
                throw new InvalidDataException($"the text is larger than {largest / 1_000_000} MB");
            }
        }

        return Encoding.UTF8.GetString(content.GetBuffer().AsSpan(0, (int)content.Length));
    }
}
