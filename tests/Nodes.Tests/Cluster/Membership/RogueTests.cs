using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Tests.Cluster.Membership;

/// <summary>Somebody who speaks Akka and not our protocol: refused, logged, and nobody is the worse for it.</summary>
public sealed class RogueTests : IDisposable
{
    private readonly TestNodes _nodes = new();
    private readonly LogSink _log = new();
    private readonly ActorSystem _node;
    private readonly ActorSystem _rogue;
    private readonly ActorSelection _target;

    public RogueTests()
    {
        int port = TestNodes.FreePorts(1)[0];
        NodeSettings settings = _nodes.Settings(port, [port]);
        _node = _nodes.Start(settings, _log);
        _node.ActorOf(Props.Create<Echo>(), "desk");
        _rogue = _nodes.Add(ActorSystem.Create("rogue", ConfigurationFactory.ParseString("""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor {
                provider = remote
                serializers {
                  noise = "IoScale.Nodes.Tests.Cluster.Membership.NoiseSerializer, IoScale.Nodes.Tests"
                }
                serialization-bindings {
                  "IoScale.Nodes.Tests.Cluster.Membership.Noise, IoScale.Nodes.Tests" = noise
                }
              }
              remote.dot-netty.tcp {
                hostname = "127.0.0.1"
                port = 0
              }
            }
            """)));
        _target = _rogue.ActorSelection($"akka.tcp://ioscale@127.0.0.1:{port}/user/desk");
    }

    public void Dispose() => _nodes.Dispose();

    [Theory]
    [InlineData("json", "JSON (serializer 1) is not spoken here")]
    [InlineData("protobuf", "protobuf by type name (serializer 2) is not spoken here")]
    [InlineData("manifest", "unknown kind \"nonsense\"")]
    [InlineData("bytes", "that are not a RunTo")]
    public async Task What_is_not_of_the_protocol_is_refused_in_a_line_and_the_node_goes_on(string kind, string line)
    {
        await TestNodes.UntilUp(_node, 1);
        _target.Tell(kind switch
        {
            "json" => new Poco("secret"),
            "protobuf" => new Reached { Run = "r-1" },
            "manifest" => new Noise("nonsense", [1, 2, 3]),
            _ => new Noise("rt", [0xff, 0xff, 0xff]),
        });
        await TestNodes.Until(() => _log.Lines.Count > 0, "a line in the log");
        Assert.True(_log.Lines is [var only] && only.Contains(line, StringComparison.Ordinal), string.Join('\n', _log.Lines));
        Assert.DoesNotContain('\n', _log.Lines[0]);

        // By the same connection, after the refusal.
        Assert.Equal("still here", await _target.Ask<string>("still here", TestNodes.Patience));
        Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task Nothing_of_the_nodes_leaves_it_as_JSON()
    {
        IActorRef here = _rogue.ActorOf(Props.Create<Echo>(), "here");
        IActorRef there = await _node.ActorSelection(new RootActorPath(((ExtendedActorSystem)_rogue).Provider.DefaultAddress) / "user" / "here").ResolveOne(TestNodes.Patience);
        there.Tell(new Poco("secret"));
        await TestNodes.Until(() => _log.Lines.Count > 0, "a line in the log");
        Assert.Contains("may not leave the process as JSON", _log.Lines[0], StringComparison.Ordinal);
        Assert.Equal("still here", await there.Ask<string>("still here", TestNodes.Patience));
        Assert.False(here.IsNobody());
    }

    [Fact]
    public void Every_message_of_the_protocol_goes_to_our_serializer_and_no_other_type_does()
    {
        foreach ((Type type, _) in WireSerializer.Table)
        {
            Assert.IsType<WireSerializer>(_node.Serialization.FindSerializerForType(type));
        }

        Assert.IsType<RefusingJsonSerializer>(_node.Serialization.FindSerializerForType(typeof(Poco)));
        Assert.IsType<RefusingJsonSerializer>(_node.Serialization.FindSerializerForType(typeof(Exception)));
    }

    private sealed record Poco(string Text);

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(m => Sender.Tell(m));
    }
}

/// <summary>Bytes under a manifest.</summary>
public sealed record Noise(string Manifest, byte[] Content);

/// <summary>Sends noise as if it were of our protocol.</summary>
public sealed class NoiseSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 7001;

    public override string Manifest(object o) => ((Noise)o).Manifest;

    public override byte[] ToBinary(object obj) => ((Noise)obj).Content;

    public override object FromBinary(byte[] bytes, string manifest) => new Noise(manifest, bytes);
}
