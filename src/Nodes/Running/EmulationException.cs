using IoScale.Nodes.Commands;

namespace IoScale.Nodes.Running;

/// <summary>An emulation whose results cannot be trusted; the message is one line.</summary>
/// <param name="exitCode">What the program returns for it.</param>
internal sealed class EmulationException(string message, Exception? cause = null, int exitCode = ExitCode.EmulationError) : Exception(message, cause)
{
    public int ExitCode { get; } = exitCode;
}
