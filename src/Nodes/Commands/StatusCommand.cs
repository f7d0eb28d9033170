using System.CommandLine;
using IoScale.Nodes.Cluster.Client;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Commands;

/// <summary><c>status [RUN]</c></summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        CommonOptions common = new();
        ClientOptions client = new();
        Argument<string> run = ClientOptions.Run("Name of a run, as submit has printed it. Default: all.", optional: true);
        Option<bool> watch = new("--watch") { Description = "Show progress until the run is over; the exit code is then the run's: 0, 3 failed, 99 an expectation failed, 130 cancelled." };
        Command command = new("status", "Say how the nodes and the runs of a cluster are.") { run, watch, common.Format, client.Node, client.Config };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(run) ?? "";
            bool watches = parsed.GetValue(watch);
            OutputFormat format = parsed.GetValue(common.Format) ?? OutputFormat.Text;
            return client.SessionOf(parsed, terminal).Run((desk, stop) => new StatusVerb(desk, terminal).Show(name, watches, format, stop));
        });
        return command;
    }
}
