using Akka.Actor;
using Google.Protobuf;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Windows;

/// <summary>The channels of a share, one for each island that it has together with other nodes. Made by the simulation, fed by <see cref="WindowGate"/>.</summary>
/// <param name="gateOfSlot">Where a slot's gate is.</param>
internal sealed class WindowChannels(string run, long epoch, int self, WindowSettings settings, Func<int, IActorRef> gateOfSlot)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, RemoteWindowChannel> _byIsland = [];

    public string Run => run;

    public long Epoch => epoch;

    public WindowSettings Settings => settings;

    public long BytesSent
    {
        get
        {
            lock (_lock)
            {
                return _byIsland.Values.SelectMany(channel => channel.Links.Values).Sum(link => link.BytesSent);
            }
        }
    }

    public IWindowChannel Connect(IslandPeers peers)
    {
        Dictionary<int, WindowLink> links = [];
        foreach (int peer in peers.Peers)
        {
            IActorRef gate = gateOfSlot(peer);
            links.Add(peer, new WindowLink(new WindowRoute(run, epoch, peers.Island, self, peer), settings, Send));
            void Send(IMessage message) => gate.Tell(message, ActorRefs.NoSender);
        }

        RemoteWindowChannel channel = new(links);
        lock (_lock)
        {
            _byIsland.Add(peers.Island, channel);
        }

        return channel;
    }

    /// <summary>The channel of an island; null when this share has none.</summary>
    public RemoteWindowChannel? Of(int island)
    {
        lock (_lock)
        {
            return _byIsland.GetValueOrDefault(island);
        }
    }

    public void Tick(long nowMs)
    {
        lock (_lock)
        {
            foreach (WindowLink link in _byIsland.Values.SelectMany(channel => channel.Links.Values))
            {
                link.Tick(nowMs);
            }
        }
    }
}
