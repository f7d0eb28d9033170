namespace IoScale.Protocol.Wire;

/// <summary>What two processes must agree on before they talk.</summary>
public static class WireProtocol
{
    /// <summary>Counts up with every change of <c>cluster.proto</c> or of the rules behind it that an older process would get wrong.</summary>
    public const int Version = 1;
}
