using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace IoScale.Protocol.Wire;

/// <summary>
/// Stands where Akka has a serializer that makes objects of types named in the message. Refuses to write and to read, and says what came.
/// </summary>
public abstract class RefusingSerializer : SerializerWithStringManifest
{
    private readonly string _what;

    /// <param name="system">The actor system.</param>
    /// <param name="identifier">The identifier of the serializer that it replaces.</param>
    /// <param name="what">What that serializer would do, for the refusal.</param>
    protected RefusingSerializer(ExtendedActorSystem system, int identifier, string what)
        : base(system)
    {
        Identifier = identifier;
        _what = what;
    }

    /// <inheritdoc/>
    public override int Identifier { get; }

    /// <inheritdoc/>
    public override string Manifest(object o) => "";

    /// <inheritdoc/>
    /// <exception cref="SerializationException">Always.</exception>
    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType().FullName} has no serializer of ours and may not leave the process as {_what}");

    /// <inheritdoc/>
    /// <exception cref="SerializationException">Always.</exception>
    public override object FromBinary(byte[] bytes, string manifest) =>
        throw new SerializationException($"refused {bytes.Length} bytes of \"{Printable.Of(manifest)}\": {_what} (serializer {Identifier}) is not spoken here");
}

/// <summary>Instead of Akka's JSON with type names, the fallback for every type.</summary>
public sealed class RefusingJsonSerializer : RefusingSerializer
{
    /// <param name="system">The actor system.</param>
    /// <param name="settings">Akka hands its settings for JSON to whatever stands there; there is nothing to set.</param>
    public RefusingJsonSerializer(ExtendedActorSystem system, Config settings)
        : base(system, 1, "JSON") => _ = settings;
}

/// <summary>Instead of Akka's protobuf with type names.</summary>
public sealed class RefusingProtobufSerializer(ExtendedActorSystem system) : RefusingSerializer(system, 2, "protobuf by type name");

/// <summary>Instead of Akka's remote deployment, which makes actors of types named by another process.</summary>
public sealed class RefusingDeploymentSerializer(ExtendedActorSystem system) : RefusingSerializer(system, 3, "remote deployment");
