using System.Diagnostics;
using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using IoScale.Bench.Phold;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Cluster.Windows;
using IoScale.VirtualTime;

namespace IoScale.Bench.Windows;

/// <summary>
/// One of the processes: PHOLD on its share of the partitions, with the others over the same remoting, serializers and windows as a node of a cluster.
/// Writes a line of JSON for each slice, then <see cref="Done"/>, and stays until it is ended: the others may still wait for what it sent last.
/// </summary>
internal static class ShareProcess
{
    public const string Command = "window-share";

    public const string Done = "done";

    private const string Gate = "windows";

    public static void Run(string json)
    {
        ShareOrder order = JsonSerializer.Deserialize<ShareOrder>(json)!;
        NodeSettings node = NodeSettings.Load(new NodeOptions(Port: order.Ports[order.Slot]), new Dictionary<string, string>());
        using ActorSystem system = RemoteSystem.Create(
            NodeSettings.SystemName, ConfigurationFactory.ParseString("akka { loglevel = ERROR, actor.provider = remote }").WithFallback(node.Config), node.Tls);
        WindowChannels channels = new("phold", 1, order.Slot, node.Window, slot => GateAt(system, new NodeEndpoint(node.Host, order.Ports[slot]), node.Tls));
        system.ActorOf(Props.Create(() => new WindowGate(channels)), Gate);
        PholdModel model = new(order.Entities, ShareOrder.Remote);
        using Simulation simulation = new(system, "phold", PholdActor.Topology(model, ShareOrder.Partitions, ShareOrder.Seed), new SimulationOptions
        {
            Codec = new BallCodec(),
            Share = order.Ports.Count == 1 ? null : new NodeShare(order.Slot, order.SlotOfPartition, channels.Connect),
        });
        for (int i = 1; i <= order.WarmUps; i++)
        {
            simulation.RunUntil(i * order.SlicePs);
        }

        for (int i = 1; i <= order.Runs; i++)
        {
            Console.WriteLine(JsonSerializer.Serialize(Slice(simulation, channels, (order.WarmUps + i) * order.SlicePs)));
        }

        IReadOnlyList<byte[]> parts = simulation.Capture();
        for (int partition = 0; partition < parts.Count; partition++)
        {
            if (parts[partition].Length > 0)
            {
                File.WriteAllBytes(order.FileOf(partition), parts[partition]);
            }
        }

        Console.WriteLine(Done);
        Thread.Sleep(Timeout.Infinite);
    }

    private static ShareSlice Slice(Simulation simulation, WindowChannels channels, long until)
    {
        (long events, long windows, long bytes) = (simulation.EventsHandled, simulation.Statistics.Windows, channels.BytesSent);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        simulation.RunUntil(until);
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new ShareSlice(
            wall,
            (Environment.CpuUsage.TotalTime - processor).TotalSeconds,
            simulation.EventsHandled - events,
            simulation.Statistics.Windows - windows,
            channels.BytesSent - bytes);
    }

    private static IActorRef GateAt(ActorSystem system, NodeEndpoint node, TlsSettings tls)
    {
        ActorPath path = new RootActorPath(NodeSettings.AddressOf(node, tls)) / "user" / Gate;
        return ((ExtendedActorSystem)system).Provider.ResolveActorRef(path.ToSerializationFormat());
    }
}
