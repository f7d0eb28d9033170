using System.CommandLine;
using IoScale.Nodes.Cluster.Client;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Commands;

/// <summary>The options that the verbs of a cluster's clients share.</summary>
internal sealed class ClientOptions
{
    /// <summary>Names the node to ask, where no option does.</summary>
    public const string NodeVariable = "IOSCALE_NODE";

    private const string DefaultNode = "127.0.0.1:7600";

    public Option<string> Node { get; } = new("--node") { HelpName = "HOST:PORT", Description = $"Any node of the cluster. Default: the variable {NodeVariable}, else {DefaultNode}." };

    public Option<string> Config { get; } = new("--config") { HelpName = "FILE", Description = "HOCON with settings of your own, for TLS." };

    /// <summary>Name of a run.</summary>
    public static Argument<string> Run(string description, bool optional = false) =>
        new("RUN") { Description = description, Arity = optional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne };

    /// <exception cref="InputException">The node is not named as one is.</exception>
    public ClientSession SessionOf(ParseResult parsed, Terminal terminal)
    {
        string? option = parsed.GetValue(Node);
        string text = option ?? (Environment.GetEnvironmentVariable(NodeVariable) is { Length: > 0 } variable ? variable : DefaultNode);
        return NodeEndpoint.TryParse(text, out NodeEndpoint node)
            ? new ClientSession(terminal, node, parsed.GetValue(Config))
            : throw new InputException($"{(option is null ? NodeVariable : "--node")}: '{text}' is not {NodeEndpoint.Form}");
    }
}
