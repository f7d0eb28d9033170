using System.CommandLine;
using IoScale.Nodes.Cluster.Client;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Commands;

/// <summary><c>fetch RUN</c></summary>
internal static class FetchCommand
{
    public static Command Create(Terminal terminal)
    {
        CommonOptions common = new();
        ClientOptions client = new();
        Argument<string> run = ClientOptions.Run("Name of a run, as submit has printed it.");
        Option<string> place = new("--out") { HelpName = "DIR", Description = "Folder for the results. Default: out/RUN." };
        Option<bool> wait = new("--wait") { Description = "Wait for the end of the run." };
        Command command = new("fetch", "Get the result of a run from a cluster: the files and the report that run would have given, and its exit code.")
        {
            run, place, wait, common.Format, client.Node, client.Config,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(place) is { Length: 0 })
            {
                throw new InputException("--out: is empty; name a folder");
            }

            string name = parsed.GetValue(run) ?? "";
            string? folder = parsed.GetValue(place);
            bool waits = parsed.GetValue(wait);
            OutputFormat format = parsed.GetValue(common.Format) ?? OutputFormat.Text;
            return client.SessionOf(parsed, terminal).Run((desk, stop) => new FetchVerb(desk, terminal).Fetch(name, folder, waits, format, stop));
        });
        return command;
    }
}
