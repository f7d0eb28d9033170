using Akka.Actor;
using Akka.Cluster;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>A node that has said hello and may take part.</summary>
/// <param name="Address">With protocol and system name, as remoting needs it.</param>
/// <param name="SeenMs">When it last did, on a clock that only goes forward.</param>
internal sealed record KnownNode(Address Address, IActorRef Agent, NodeHello Hello, long SeenMs);

/// <summary>Who is in the cluster, who of them works, and whether this side of it may decide anything.</summary>
internal sealed class NodeRegistry
{
    /// <summary>A node says hello every second.</summary>
    private const long FreshMs = 5_000;

    private readonly Dictionary<Address, KnownNode> _nodes = [];
    private readonly Dictionary<Address, long> _unreachableSince = [];
    private readonly int _quorum;
    private long _changedMs;

    /// <param name="quorum">Nodes that must be here before anything runs.</param>
    public NodeRegistry(int quorum) => _quorum = quorum;

    public IReadOnlyCollection<KnownNode> Nodes => _nodes.Values;

    public void Welcome(KnownNode node)
    {
        if (!_nodes.ContainsKey(node.Address))
        {
            _changedMs = node.SeenMs;
        }

        _nodes[node.Address] = node;
    }

    /// <summary>Follows the membership as this node sees it.</summary>
    public void Observe(ClusterEvent.CurrentClusterState state, long nowMs)
    {
        foreach (Address address in _nodes.Keys.Where(a => state.Members.All(m => m.Address != a)).ToArray())
        {
            _nodes.Remove(address);
        }

        foreach (Address address in _unreachableSince.Keys.Where(a => state.Unreachable.All(m => m.Address != a)).ToArray())
        {
            _unreachableSince.Remove(address);
        }

        foreach (Member member in state.Unreachable)
        {
            _unreachableSince.TryAdd(member.Address, nowMs);
        }
    }

    /// <summary>
    /// Null when the node is part of the cluster, answers, and is still the process that it was; otherwise why a run can not count on it. A short silence
    /// is no reason: rolling back costs more.
    /// </summary>
    /// <param name="agent">Its agent when the run began to count on it.</param>
    public string? TroubleWith(Address address, IActorRef agent, ClusterEvent.CurrentClusterState state, long nowMs, long patienceMs)
    {
        Member? member = state.Members.FirstOrDefault(m => m.Address == address);
        if (member is null || member.Status is MemberStatus.Down or MemberStatus.Removed or MemberStatus.Exiting or MemberStatus.Leaving)
        {
            return $"node {Short(address)} {(member?.Status is MemberStatus.Leaving or MemberStatus.Exiting ? "leaves" : "is gone")}";
        }

        if (_nodes.GetValueOrDefault(address) is { } known && !known.Agent.Equals(agent))
        {
            return $"node {Short(address)} started again";
        }

        return _unreachableSince.TryGetValue(address, out long since) && nowMs - since >= patienceMs ? $"node {Short(address)} is unreachable" : null;
    }

    /// <summary>
    /// Why a run can not count on a node whose share was ready, when the node says that it has none of this epoch: its agent started again, or the word
    /// that the share broke was lost. Null otherwise; what was said just before the share was ready may still be on its way.
    /// </summary>
    public string? LostShare(Address address, long epoch, long readyMs) =>
        _nodes.GetValueOrDefault(address) is { } known && known.SeenMs - readyMs >= 2 * FreshMs && (known.Hello.Epoch != epoch || known.Hello.Run.Length == 0)
            ? $"node {Short(address)} has lost its share"
            : null;

    /// <summary>The workers that a new epoch can use, by address; empty, and why, when it can not begin now.</summary>
    public IReadOnlyList<KnownNode> Workers(ClusterEvent.CurrentClusterState state, long nowMs, out string waitingFor)
    {
        Member[] up = [.. state.Members.Where(m => m.Status == MemberStatus.Up)];
        int reachable = up.Count(m => !state.Unreachable.Contains(m));
        int majority = Math.Max(_quorum, (up.Length / 2) + 1);
        if (reachable < majority)
        {
            waitingFor = $"waiting for nodes: {reachable} here, {majority} needed";
            return [];
        }

        Member[] workers = [.. up.Where(m => m.HasRole(NodeRoles.Worker) && !state.Unreachable.Contains(m))];
        KnownNode[] ready = [.. workers.Select(m => _nodes.GetValueOrDefault(m.Address)).OfType<KnownNode>().Where(n => nowMs - n.SeenMs < FreshMs && n.Hello.Threads > 0)];
        if (ready.Length == 0)
        {
            waitingFor = workers.Length == 0 ? "waiting for workers: none here" : "waiting for the workers to say hello";
            return [];
        }

        // Those that came together should begin together.
        waitingFor = ready.Length < workers.Length && nowMs - _changedMs < FreshMs ? $"waiting for {workers.Length - ready.Length} more workers to say hello" : "";
        return waitingFor.Length > 0 ? [] : [.. ready.OrderBy(n => n.Hello.Address, StringComparer.Ordinal)];
    }

    /// <summary>HOST:PORT.</summary>
    public static string Short(Address address) => $"{address.Host}:{address.Port}";
}

/// <summary>Names of the roles of nodes.</summary>
internal static class NodeRoles
{
    public const string Coordinator = "coordinator";

    public const string Worker = "worker";
}
