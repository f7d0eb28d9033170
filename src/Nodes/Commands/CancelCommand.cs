using System.CommandLine;
using IoScale.Nodes.Cluster.Client;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Commands;

/// <summary><c>cancel RUN</c></summary>
internal static class CancelCommand
{
    public static Command Create(Terminal terminal)
    {
        ClientOptions client = new();
        Argument<string> run = ClientOptions.Run("Name of a run, as submit has printed it.");
        Command command = new("cancel", "Stop a run on a cluster; it will have no result.") { run, client.Node, client.Config };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(run) ?? "";
            return client.SessionOf(parsed, terminal).Run((desk, stop) => new StatusVerb(desk, terminal).Cancel(name, stop));
        });
        return command;
    }
}
