using System.CommandLine;
using IoScale.Nodes.Checking;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Commands;

/// <summary>
/// <c>check PATH...</c>: validates, and answers what needs no emulation. That something does not fit is an answer, not an error: exit code 0.
/// </summary>
internal static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        CommonOptions common = new();
        Command command = new("check", "Validate scenarios and say, without running them, whether vectors and other resources suffice.")
        {
            common.Paths, common.Seed, common.Until, common.Threads, common.Sets, common.Format,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<ScenarioFile> scenarios = ScenarioFiles.Load(
                parsed.GetValue(common.Paths) ?? [], parsed.GetValue(common.Sets) ?? [], parsed.GetValue(common.Seed), parsed.GetValue(common.Until));
            ScenarioCheck[] checks = [.. scenarios.Select(s => ScenarioCheck.Of(s.Scenario, common.ThreadsOf(parsed)))];
            if (parsed.GetValue(common.Format) == OutputFormat.Json)
            {
                using Stream output = terminal.OpenOutput();
                JsonOutput.Write(output, checks, checks.Length > 1, CheckJson.Write);
            }
            else
            {
                foreach (ScenarioCheck check in checks)
                {
                    terminal.Print(console => CheckReport.Write(console, check));
                }
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
