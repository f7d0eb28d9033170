using System.CommandLine;
using System.Globalization;
using IoScale.Nodes.Cluster.Client;
using IoScale.Nodes.Running;
using IoScale.Nodes.Running.Checkpoints;
using IoScale.Scenarios;

namespace IoScale.Nodes.Commands;

/// <summary><c>submit PATH</c></summary>
internal static class SubmitCommand
{
    public static Command Create(Terminal terminal)
    {
        CommonOptions common = new();
        ClientOptions client = new();
        CheckpointOptions checkpoints = new();
        checkpoints.EveryWall.Description = "A checkpoint whenever so much wall time has passed, as in 10s. Default: the cluster's.";
        checkpoints.EveryVirtual.Description = "A checkpoint whenever so much virtual time has passed, as in 5ms.";
        Argument<string> path = new("PATH") { Description = "Scenario file." };
        Option<string> nodes = new("--nodes") { HelpName = "N", Description = "Lay the run out over at most so many nodes. Default: all workers." };
        Option<bool> wait = new("--wait") { Description = "Wait for the end, and return what run would have." };
        Command command = new("submit", "Hand a scenario to a cluster; prints the name of the run and a forecast.")
        {
            path, common.Seed, common.Until, common.Sets, nodes, checkpoints.EveryWall, checkpoints.EveryVirtual, wait, client.Node, client.Config,
        };
        command.SetAction(parsed =>
        {
            CheckpointPlan? plan = checkpoints.PlanOf(parsed);
            RunWishes wishes = new(NodesOf(parsed.GetValue(nodes)), (long)(plan?.EveryWall?.TotalMilliseconds ?? 0), plan?.EveryVirtualPs ?? 0);
            Scenario scenario = Load(parsed.GetValue(path) ?? "", parsed.GetValue(common.Sets) ?? [], parsed.GetValue(common.Seed), parsed.GetValue(common.Until));
            bool waits = parsed.GetValue(wait);
            return client.SessionOf(parsed, terminal).Run((desk, stop) => new SubmitVerb(desk, terminal).Submit(scenario, wishes, waits, stop));
        });
        return command;
    }

    private static int NodesOf(string? text) =>
        text is null ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int nodes) && nodes >= 1 ? nodes
        : throw new InputException($"--nodes: '{text}' is not a whole number from 1");

    private static Scenario Load(string path, IReadOnlyList<string> sets, ulong? seed, long? untilPs)
    {
        IReadOnlyList<ScenarioFile> scenarios = ScenarioFiles.Load([path], sets, seed, untilPs);
        return scenarios.Count == 1
            ? scenarios[0].Scenario
            : throw new InputException($"{path}: holds {scenarios.Count} scenarios; submit them one by one");
    }
}
