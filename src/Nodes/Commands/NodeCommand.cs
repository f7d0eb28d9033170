using System.CommandLine;
using System.Globalization;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Cluster.Membership;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Commands;

/// <summary><c>node</c>: joins a cluster, or forms one, and stays until it is asked to leave.</summary>
internal static class NodeCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<string> roles = Text("--roles", "coordinator,worker", "What the node does: coordinator, worker, or both.");
        Option<string> host = Text("--host", "HOST", "Address to listen on. Default: 127.0.0.1, for this machine alone.");
        Option<string> port = Text("--port", "PORT", $"Port to listen on; 0 for a free one. Default: {NodeEndpoint.DefaultPort}.");
        Option<string> seeds = Text("--seeds", "HOST:PORT,...", "Nodes that form the cluster, the same list on each. Default: a cluster of this node alone.");
        Option<string> threads = Text("--threads", "N", "Threads for partitions. Default: one less than processors.");
        Option<string> data = Text("--data", "DIR", "Folder of the SQLite files. Default: data.");
        Option<string> database = Text("--database", "CONNECTION", "PostgreSQL instead, as in \"Host=db;Database=ioscale\"; with a password better from the environment.");
        Option<string> profile = Text("--profile", string.Join('|', ConfigurationLayers.Profiles), "Defaults for a kind of place.");
        Option<string> config = Text("--config", "FILE", "HOCON with settings of your own; hocon/base.conf lists all.");
        Command command = new("node", "Join a cluster, or form one, as coordinator and worker; Ctrl-C leaves it.")
        {
            roles, host, port, seeds, threads, data, database, profile, config,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(data) is not null && parsed.GetValue(database) is not null)
            {
                throw new InputException("--data is a folder for SQLite and --database names a PostgreSQL; give one of them");
            }

            NodeOptions options = new(
                List(parsed.GetValue(roles)),
                parsed.GetValue(host),
                Number("--port", parsed.GetValue(port)),
                List(parsed.GetValue(seeds)),
                Number("--threads", parsed.GetValue(threads)),
                parsed.GetValue(data),
                parsed.GetValue(database),
                parsed.GetValue(profile),
                parsed.GetValue(config));
            NodeSettings settings = NodeSettings.Load(options, EnvironmentOverlay.OfProcess());
            using Interruption interruption = new();
            return new NodeVerb(terminal).Run(settings, interruption.Stop);
        });
        return command;
    }

    private static Option<string> Text(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };

    private static string[]? List(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int? Number(string option, string? text) =>
        text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
        : throw new InputException($"{option}: '{text}' is not a whole number");
}
