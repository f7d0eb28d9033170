using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using IoScale.Nodes.Cluster.Configuration;

namespace IoScale.Nodes.Cluster.Membership;

/// <summary>Tells who comes and who goes, and when the node itself is a member or none any more.</summary>
internal sealed class MemberWatch : ReceiveActor
{
    /// <summary>Why a node ends that the others, or it itself, have put out of the cluster.</summary>
    public const string CutOff = "is out of the cluster: cut off from most of it, or taken for dead";

    private readonly NodeSettings _settings;
    private readonly Action<string> _print;
    private readonly TaskCompletionSource _up;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly HashSet<UniqueAddress> _members = [];

    /// <param name="print">Takes one line.</param>
    /// <param name="up">Completed when the node is a member.</param>
    public MemberWatch(NodeSettings settings, Action<string> print, TaskCompletionSource up)
    {
        _settings = settings;
        _print = print;
        _up = up;
        Receive<ClusterEvent.MemberUp>(e => Come(e.Member));
        Receive<ClusterEvent.MemberDowned>(e => Down(e.Member));
        Receive<ClusterEvent.MemberRemoved>(e => Gone(e.Member, e.PreviousStatus == MemberStatus.Down));
        Receive<ClusterEvent.UnreachableMember>(e => Reachability(e.Member, "does not answer"));
        Receive<ClusterEvent.ReachableMember>(e => Reachability(e.Member, "answers again"));
        Receive<ThisActorSystemQuarantinedEvent>(e => Quarantined(e.RemoteAddress));
    }

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _cluster.Unsubscribe(Self);
    }

    private static string Name(Member member) => Name(member.Address);

    private static string Name(Address address) => $"{address.Host}:{address.Port}";

    private void Come(Member member)
    {
        if (!_members.Add(member.UniqueAddress))
        {
            return;
        }

        if (member.UniqueAddress == _cluster.SelfUniqueAddress)
        {
            // The others that were members already are told of in the same breath, and count.
            _members.UnionWith(_cluster.State.Members.Where(m => m.Status == MemberStatus.Up).Select(m => m.UniqueAddress));
            _print($"node {Name(member)} is up: {string.Join(", ", member.Roles.Order(StringComparer.Ordinal))}; {Size()}");
            _up.TrySetResult();
        }
        else if (_up.Task.IsCompleted)
        {
            _print($"node {Name(member)} has come: {string.Join(", ", member.Roles.Order(StringComparer.Ordinal))}; {Size()}");
        }
    }

    private void Gone(Member member, bool dead)
    {
        if (_members.Remove(member.UniqueAddress) && member.UniqueAddress != _cluster.SelfUniqueAddress)
        {
            _print($"node {Name(member)} {(dead ? "is lost" : "has left")}; {Size()}");
        }
    }

    private void Down(Member member)
    {
        if (member.UniqueAddress == _cluster.SelfUniqueAddress)
        {
            NodeFate.Of(Context.System).End(CutOff);
        }
    }

    private void Reachability(Member member, string what)
    {
        if (_members.Contains(member.UniqueAddress))
        {
            _print($"node {Name(member)} {what}");
        }
    }

    private void Quarantined(Address by)
    {
        // Clients come and go, and none of them decides about a node.
        if (_members.Any(m => m.Address.Equals(by)))
        {
            NodeFate.Of(Context.System).End($"is out of the cluster: {Name(by)} has taken it for dead");
        }
    }

    private string Size() => $"cluster of {_members.Count} (quorum {_settings.Quorum})";
}
