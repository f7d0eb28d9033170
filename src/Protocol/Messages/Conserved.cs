namespace IoScale.Protocol.Messages;

/// <summary>A message that carries frames; counted as in flight while it waits in a queue.</summary>
public interface ICarriesFrames
{
    /// <summary>Frames in the message.</summary>
    int Count { get; }
}

/// <summary>A message that carries one device interrupt; counted as pending while it waits in a queue.</summary>
public interface ICarriesInterrupt;
