using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace IoScale.Protocol.Wire;

/// <summary>
/// Messages of <c>cluster.proto</c> as bytes: protobuf, with a manifest that is written down here, message by message. What is not listed is
/// refused, whoever sends it; no type is ever looked up by a name that came from outside.
/// </summary>
public sealed class WireSerializer : SerializerWithStringManifest
{
    private static readonly Kind[] Kinds =
    [
        Kind.Of("wp", WindowPart.Parser),
        Kind.Of("wc", WindowCredit.Parser),

        Kind.Of("nh", NodeHello.Parser),
        Kind.Of("nr", NodeRefused.Parser),
        Kind.Of("sp", PrepareShare.Parser),
        Kind.Of("sP", SharePrepared.Parser),
        Kind.Of("rt", RunTo.Parser),
        Kind.Of("rR", Reached.Parser),
        Kind.Of("sc", CaptureShare.Parser),
        Kind.Of("sC", ShareCaptured.Parser),
        Kind.Of("sD", ShareDurable.Parser),
        Kind.Of("sL", ShareDelayed.Parser),
        Kind.Of("sF", ShareFailed.Parser),
        Kind.Of("sx", DropShare.Parser),

        Kind.Of("pt", ToPartition.Parser),

        Kind.Of("pc", Piece.Parser),
        Kind.Of("cs", SubmitRun.Parser),
        Kind.Of("cS", Submitted.Parser),
        Kind.Of("ca", AskStatus.Parser),
        Kind.Of("cA", StatusReply.Parser),
        Kind.Of("cf", FetchPiece.Parser),
        Kind.Of("cl", FetchList.Parser),
        Kind.Of("cL", FileList.Parser),
        Kind.Of("cc", CancelRun.Parser),
        Kind.Of("cC", Cancelled.Parser),
        Kind.Of("cR", Refusal.Parser),

        Kind.Of("js", RunSubmitted.Parser),
        Kind.Of("je", EpochStarted.Parser),
        Kind.Of("jc", CheckpointCommitted.Parser),
        Kind.Of("jf", RunFinished.Parser),
        Kind.Of("jF", RunFailed.Parser),
        Kind.Of("jC", RunCancelled.Parser),
        Kind.Of("ds", StoredState.Parser),
        Kind.Of("dr", StoredResult.Parser),
    ];

    private static readonly Dictionary<string, Kind> ByManifest = Kinds.ToDictionary(k => k.Manifest, StringComparer.Ordinal);
    private static readonly Dictionary<Type, Kind> ByType = Kinds.ToDictionary(k => k.Type);

    public WireSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Written into every message and every stored row; never changes.</summary>
    public override int Identifier => 7001;

    /// <summary>Every message that can be written and read, with its manifest.</summary>
    public static IEnumerable<(Type Type, string Manifest)> Table => Kinds.Select(k => (k.Type, k.Manifest));

    /// <inheritdoc/>
    /// <exception cref="SerializationException">The message is not of <c>cluster.proto</c>.</exception>
    public override string Manifest(object o) => KindOf(o).Manifest;

    /// <inheritdoc/>
    /// <exception cref="SerializationException">The message is not of <c>cluster.proto</c>.</exception>
    public override byte[] ToBinary(object obj)
    {
        _ = KindOf(obj);
        return ((IMessage)obj).ToByteArray();
    }

    /// <inheritdoc/>
    /// <exception cref="SerializationException">The manifest is unknown, or the bytes are not such a message.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!ByManifest.TryGetValue(manifest, out Kind? kind))
        {
            throw new SerializationException($"refused {bytes.Length} bytes of an unknown kind \"{Printable.Of(manifest)}\": not a message of ioscale {WireProtocol.Version}");
        }

        try
        {
            return kind.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SerializationException($"refused {bytes.Length} bytes that are not a {kind.Type.Name}: {e.Message}");
        }
    }

    private static Kind KindOf(object message) =>
        ByType.TryGetValue(message.GetType(), out Kind? kind)
            ? kind
            : throw new SerializationException($"{message.GetType().FullName} is not a message that goes between nodes");

    private sealed record Kind(string Manifest, Type Type, MessageParser Parser)
    {
        public static Kind Of<T>(string manifest, MessageParser<T> parser)
            where T : IMessage<T>, IWireMessage => new(manifest, typeof(T), parser);
    }
}
