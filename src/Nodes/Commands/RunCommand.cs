using System.CommandLine;
using IoScale.Nodes.Running;
using IoScale.Nodes.Running.Checkpoints;
using IoScale.Nodes.Tracing;

namespace IoScale.Nodes.Commands;

/// <summary><c>run PATH...</c></summary>
internal static class RunCommand
{
    public static Command Create(Func<RunRequest, int> run)
    {
        CommonOptions common = new();
        Option<string> trace = new("--trace") { HelpName = "FILE", Description = "Writes every event handled, one JSON line each." };
        Option<string> entities = new("--trace-entity") { HelpName = "PATTERN", Description = "Only events at entities whose name matches; * stands for anything, commas separate patterns." };
        Option<long?> from = CommonOptions.Time("--trace-from", "Only events at or after this virtual time.");
        Option<long?> to = CommonOptions.Time("--trace-to", "Only events before this virtual time.");
        Option<bool> verify = new("--verify") { Description = "Runs everything a second time on another number of threads and compares; exit code 4 if a result differs." };
        CheckpointOptions checkpoints = new();
        Command command = new("run", "Emulate scenarios: verdict, tables, and results as files.")
        {
            common.Paths, common.Seed, common.Until, common.Threads, common.Sets, common.Out, common.Format, trace, entities, from, to, verify,
            checkpoints.EveryWall, checkpoints.EveryVirtual,
        };
        command.SetAction(parsed =>
        {
            string? file = parsed.GetValue(trace);
            TraceFilter filter = new(Patterns(parsed.GetValue(entities)), parsed.GetValue(from) ?? 0, parsed.GetValue(to) ?? long.MaxValue);
            if (file is null && filter is not { Entities.Count: 0, FromPs: 0, ToPs: long.MaxValue })
            {
                throw new InputException("--trace-entity, --trace-from and --trace-to choose what --trace FILE writes; name the file");
            }

            if (parsed.GetValue(common.Out) is { Length: 0 })
            {
                throw new InputException("--out: is empty; name a folder");
            }

            CheckpointPlan? plan = checkpoints.PlanOf(parsed);
            if (plan is not null && (file is not null || parsed.GetValue(verify)))
            {
                throw new InputException("--checkpoint-every: not together with --trace or --verify, which look at a run from its start");
            }

            if (filter.FromPs >= filter.ToPs)
            {
                throw new InputException("--trace-to: is not after --trace-from, so the trace would be empty");
            }

            return run(new RunRequest(
                parsed.GetValue(common.Paths) ?? [],
                parsed.GetValue(common.Sets) ?? [],
                parsed.GetValue(common.Seed),
                parsed.GetValue(common.Until),
                common.ThreadsOf(parsed),
                parsed.GetValue(common.Out),
                parsed.GetValue(common.Format) ?? OutputFormat.Text,
                file,
                filter,
                parsed.GetValue(verify),
                plan));
        });
        return command;
    }

    private static string[] Patterns(string? list) => list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
