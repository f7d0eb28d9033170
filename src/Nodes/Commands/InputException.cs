namespace IoScale.Nodes.Commands;

/// <summary>Something that the user gave is wrong. The message is one line: what, where, and what would be right.</summary>
public sealed class InputException : Exception
{
    public InputException()
    {
    }

    public InputException(string message)
        : base(message)
    {
    }

    public InputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
