using System.CommandLine;
using IoScale.Nodes.Claims;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Running;
using IoScale.Scenarios;

namespace IoScale.Nodes.Commands;

/// <summary>The verbs, and the one place where what goes wrong becomes a line on standard error and an exit code.</summary>
internal static class CommandLine
{
    public static int Run(IReadOnlyList<string> arguments, Func<IVariantRunner> runner, Terminal terminal)
    {
        RootCommand root = new("Emulates virtualized I/O: do the interrupt vectors run out, where first, what does it cost, what would fix it.")
        {
            RunCommand.Create(request => new RunVerb(runner, terminal).Run(request)),
            ResumeCommand.Create(request => new RunVerb(runner, terminal).Resume(request)),
            CheckCommand.Create(terminal),
            ClaimsCommand.Create(request => new ClaimsVerb(runner, terminal).Run(request)),
            VectorsCommand.Create(terminal),
            NodeCommand.Create(terminal),
            SubmitCommand.Create(terminal),
            StatusCommand.Create(terminal),
            FetchCommand.Create(terminal),
            CancelCommand.Create(terminal),
            DocsCommand.Create(terminal),
        };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            string verb = parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ";
            foreach (string message in parsed.Errors.Select(e => e.Message).Distinct())
            {
                terminal.Error($"{message.TrimEnd('.')} (see ioscale {verb}--help)");
            }

            return ExitCode.BadInput;
        }

        try
        {
            // Interruption handles the signals, and the errors are ours to word.
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Out,
                Error = terminal.Err,
            });
        }
        catch (ScenarioException e)
        {
            foreach (ScenarioError error in e.Errors)
            {
                terminal.Error(error.ToString());
            }

            return ExitCode.BadInput;
        }
        catch (SettingsException e)
        {
            foreach (string mistake in e.Mistakes)
            {
                terminal.Error(mistake);
            }

            return ExitCode.BadInput;
        }
        catch (InputException e)
        {
            terminal.Error(e.Message);
            return ExitCode.BadInput;
        }
        catch (EmulationException e)
        {
            terminal.Error(e.Message);
            return ExitCode.EmulationError;
        }
        catch (IOException e)
        {
            // Every file that can fail is worded where it is opened; what is left is standard output, closed or full.
            terminal.Error($"output cannot be written ({e.Message.TrimEnd('.')})");
            return ExitCode.BadInput;
        }
#pragma warning disable CA1031 // A user gets a line and an exit code, never a stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Exception cause = e.GetBaseException();
            terminal.Error($"internal error: {cause.GetType().Name}: {cause.Message}");
            return ExitCode.EmulationError;
        }
    }
}
