
namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>What is wrong with the configuration of a node or a client, each mistake in a line of its own.</summary>
internal sealed class SettingsException(IReadOnlyList<string> mistakes) : Exception(string.Join("; ", mistakes))
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
