using Akka.Actor;
using IoScale.Cluster.Harness.Clusters;
using IoScale.Cluster.Harness.Processes;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Protocol.Wire;

namespace IoScale.Cluster.Harness.Clients;

/// <summary>Asks the nodes of a cluster for their status, over one connection to each: cheap enough to ask several times a second.</summary>
public sealed class DeskClient(LocalCluster cluster) : IDisposable
{
    private const int Protocol = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ClientSettings _settings = ClientSettings.Load(null, new Dictionary<string, string>());
    private ActorSystem? _system;

    /// <summary>What the first node that answers says of all runs; null when none does, or when it has nobody to ask.</summary>
    public async Task<StatusReply?> Status()
    {
        foreach (ClusterNode node in cluster.Nodes.Where(node => node is { Running: true, Suspended: false }))
        {
            if (await Ask(node) is { } reply)
            {
                return reply;
            }
        }

        return null;
    }

    /// <summary>Waits until a run is as the condition wants it.</summary>
    /// <param name="what">Completes "waited in vain for".</param>
    /// <exception cref="TimeoutException">It does not come to that; with what was seen last, and what the nodes have written.</exception>
    public async Task<RunStatus> WaitForRun(string run, string what, TimeSpan bound, Func<RunStatus, bool> condition)
    {
        StatusReply? last = null;
        try
        {
            return await Waiting.For(what, bound, async () =>
            {
                last = await Status() ?? last;
                return last?.Runs.FirstOrDefault(r => r.Run == run && condition(r));
            });
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; last seen: {last}\n{cluster.Logs()}", e);
        }
    }

    /// <summary>Waits until so many nodes are up and a coordinator answers.</summary>
    /// <exception cref="TimeoutException">Likewise.</exception>
    public async Task<StatusReply> WaitForNodes(int count, TimeSpan bound)
    {
        StatusReply? last = null;
        try
        {
            return await Waiting.For($"{count} nodes", bound, async () =>
            {
                last = await Status();
                return last is { Coordinator: not "" } && last.Nodes.Count(node => node.State == "up") == count ? last : null;
            });
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; last seen: {last}\n{cluster.Logs()}", e);
        }
    }

    public void Dispose() => _system?.Terminate().Wait(Patience);

    private async Task<StatusReply?> Ask(ClusterNode node)
    {
        NodeEndpoint endpoint = new(node.Host, node.Port);
        _system ??= _settings.CreateSystem(endpoint);
        try
        {
            ActorSelection desk = _system.ActorSelection(new RootActorPath(_settings.AddressOf(endpoint)) / "user" / "desk");
            return await desk.Ask<object>(new AskStatus { Protocol = Protocol }, Patience) as StatusReply;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
