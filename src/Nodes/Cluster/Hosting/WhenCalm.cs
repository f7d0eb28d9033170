using Akka.Actor;
using Akka.Cluster;
using ClusterOf = Akka.Cluster.Cluster;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>
/// Acts once when nobody has come or gone for a while and all members have the same view. A cluster that begins with a quorum has no leader yet who is up:
/// two nodes may lead at once, and number the members differently until their views meet. Who elects the oldest before that may elect two, and Akka's
/// singleton that gave way never takes part again: when the other dies, there would be none.
/// </summary>
internal sealed class WhenCalm : ReceiveActor, IWithTimers
{
    private const int LookMs = 250;

    private const int CalmLooks = 10;

    /// <summary>Nobody is waited for longer, dead members above all.</summary>
    private const int MostLooks = 60;

    private readonly ClusterOf _cluster = ClusterOf.Get(Context.System);
    private readonly Action _act;
    private HashSet<UniqueAddress> _seen = [];
    private int _calm;
    private int _looks;

    public WhenCalm(Action act)
    {
        _act = act;
        Receive<Look>(_ => OnLook());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Look), Look.Instance, TimeSpan.FromMilliseconds(LookMs));

    private void OnLook()
    {
        ClusterEvent.CurrentClusterState state = _cluster.State;
        HashSet<UniqueAddress> members = [.. state.Members.Where(member => member.Status == MemberStatus.Up).Select(member => member.UniqueAddress)];
        bool same = members.SetEquals(_seen) && state.Members.All(member => state.SeenBy.Contains(member.Address));
        _seen = members;
        _calm = same ? _calm + 1 : 0;
        if (_calm >= CalmLooks || ++_looks >= MostLooks)
        {
            Context.Stop(Self);
            _act();
        }
    }

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }
}
