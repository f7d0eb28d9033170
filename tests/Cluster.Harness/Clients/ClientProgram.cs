using CliWrap;
using CliWrap.Buffered;

namespace IoScale.Cluster.Harness.Clients;

/// <summary>How a call of the program ended.</summary>
public sealed record ClientResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Both, for a message of a failed test.</summary>
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}

/// <summary>The built program, called as a user does.</summary>
public static class ClientProgram
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "ioscale");

    /// <param name="folder">Working directory.</param>
    /// <param name="node">Value of <c>IOSCALE_NODE</c>, or null.</param>
    /// <param name="prefix">Program that starts it, with arguments; empty for none.</param>
    /// <param name="arguments">Verb and options.</param>
    public static async Task<ClientResult> Run(string folder, string? node, IReadOnlyList<string> prefix, IReadOnlyList<string> arguments)
    {
        using CancellationTokenSource bound = new(Bound);
        string[] command = [.. prefix, Path, .. arguments];
        BufferedCommandResult result = await Cli.Wrap(command[0]).WithArguments(command[1..]).WithWorkingDirectory(folder)
            .WithEnvironmentVariables(variables => variables.Set("IOSCALE_NODE", node))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(bound.Token);
        return new ClientResult(result.ExitCode, result.StandardOutput, result.StandardError);
    }
}
