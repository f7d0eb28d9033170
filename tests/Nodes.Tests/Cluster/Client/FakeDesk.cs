using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Google.Protobuf;
using IoScale.Nodes.Cluster.Client;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Tests.Cluster.Client;

/// <summary>A node that has nothing but a desk, whose answers a test chooses; reached over a real connection.</summary>
internal sealed class FakeDesk : IDisposable
{
    private readonly ClientSettings _settings = ClientSettings.Load(null, new Dictionary<string, string>());
    private readonly List<ActorSystem> _systems = [];

    public FakeDesk()
    {
        Endpoint = Start(this);
    }

    public NodeEndpoint Endpoint { get; }

    /// <summary>Gives the answer to a question; null for none.</summary>
    public Func<IMessage, IMessage?> Answer { get; set; } = _ => null;

    public ConcurrentQueue<IMessage> Asked { get; } = [];

    public static byte[] Pack(string text) => ScenarioFetch.Pack(Encoding.UTF8.GetBytes(text));

    public static string Unpack(byte[] packed)
    {
        using StreamReader reader = new(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    /// <summary>A piece of at most so many bytes.</summary>
    public static Piece Cut(byte[] content, long offset, int most) =>
        new() { Offset = offset, Total = content.Length, Content = ByteString.CopyFrom(content, (int)offset, (int)Math.Min(most, content.Length - offset)) };

    /// <summary>A client that does not wait long.</summary>
    /// <param name="node">Null for this desk.</param>
    public DeskClient Client(Action<string> say, NodeEndpoint? node = null)
    {
        ActorSystem system = _settings.CreateSystem(Endpoint);
        _systems.Add(system);
        DeskPatience patience = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(3));
        return new DeskClient(system, _settings.AddressOf, [node ?? Endpoint], say, patience);
    }

    /// <summary>Ends the node; nothing listens there any more.</summary>
    public void Stop() => _systems[0].Terminate().Wait(TimeSpan.FromSeconds(30));

    public void Dispose() => Task.WaitAll([.. _systems.Select(s => s.Terminate())], TimeSpan.FromSeconds(30));

    private NodeEndpoint Start(FakeDesk desk)
    {
        Config config = ConfigurationFactory.ParseString("""
            akka { actor.provider = remote, remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
            """.Replace(", ", "\n", StringComparison.Ordinal)).WithFallback(_settings.Config);
        ActorSystem system = ActorSystem.Create(NodeSettings.SystemName, config);
        _systems.Add(system);
        system.ActorOf(Props.Create(() => new Desk(desk)), ClientDesk.Name);
        return new NodeEndpoint("127.0.0.1", ((ExtendedActorSystem)system).Provider.DefaultAddress.Port!.Value);
    }

    private sealed class Desk : ReceiveActor
    {
        public Desk(FakeDesk desk) => Receive<IMessage>(question =>
        {
            desk.Asked.Enqueue(question);
            if (desk.Answer(question) is { } answer)
            {
                Sender.Tell(answer);
            }
        });
    }
}
