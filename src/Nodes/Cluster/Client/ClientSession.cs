using Akka.Actor;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>Carries out one verb of a client: an actor system for its time, signals, and what a stop returns.</summary>
internal sealed class ClientSession(Terminal terminal, NodeEndpoint node, string? configFile, DeskPatience? patience = null)
{
    /// <returns>The exit code of the work; <see cref="ExitCode.Interrupted"/> when it is stopped by a signal.</returns>
    /// <exception cref="SettingsException">The configuration is wrong.</exception>
    /// <exception cref="InputException">No node is there, or it refuses.</exception>
    public int Run(Func<DeskClient, CancellationToken, Task<int>> work)
    {
        ClientSettings settings = ClientSettings.Load(configFile, EnvironmentOverlay.OfProcess());
        using Interruption interruption = new();
        ActorSystem system = settings.CreateSystem(node);
        try
        {
            DeskClient desk = new(system, settings.AddressOf, Names(), terminal.Error, patience ?? DeskPatience.Default);
            return work(desk, interruption.Stop).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (interruption.Stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        finally
        {
            // Nothing is under way: every question has been answered.
            _ = system.Terminate();
        }
    }

    /// <summary>A node answers to one name only, its own; on this machine that is mostly 127.0.0.1.</summary>
    private NodeEndpoint[] Names() => node.Host == "localhost" ? [node with { Host = "127.0.0.1" }, node] : [node];
}
