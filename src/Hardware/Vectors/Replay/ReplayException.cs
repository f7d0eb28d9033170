namespace IoScale.Hardware.Vectors.Replay;

/// <summary>An operation that cannot be replayed: the message names the line, what is wrong with it and what would be right.</summary>
public sealed class ReplayException : Exception
{
    /// <summary>An error without details.</summary>
    public ReplayException()
    {
    }

    /// <summary>An error with a message.</summary>
    public ReplayException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message and what caused it.</summary>
    public ReplayException(string message, Exception inner)
        : base(message, inner)
    {
    }

    internal ReplayException(int line, string problem)
        : base($"line {line}: {problem}")
    {
        Line = line;
    }

    /// <summary>Line of the input, from 1; 0 when unknown.</summary>
    public int Line { get; }
}
