namespace IoScale.Protocol.Wire;

/// <summary>A message of <c>cluster.proto</c> that travels between processes or is stored on its own, not only as a part of another one.</summary>
#pragma warning disable CA1040 // Akka binds serializers to types; the marker is the binding.
public interface IWireMessage;
#pragma warning restore CA1040
