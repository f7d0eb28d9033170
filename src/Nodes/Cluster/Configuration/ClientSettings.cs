using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>What a client of a cluster takes from the same files and variables as the nodes: encryption, and what Akka may send.</summary>
internal sealed record ClientSettings(TlsSettings Tls, Config Config)
{
    /// <summary>Name of the actor system of a client.</summary>
    public const string SystemName = "ioscale-client";

    /// <param name="configFile">HOCON of the user's, or null.</param>
    /// <exception cref="SettingsException">Something is wrong; a line for each mistake.</exception>
    public static ClientSettings Load(string? configFile, IReadOnlyDictionary<string, string> variables)
    {
        Config merged = ConfigurationLayers.Merge(new NodeOptions(ConfigFile: configFile), variables);
        SettingsReader read = new(merged);
        TlsSettings tls = NodeSettingsReader.Tls(read);
        return read.Mistakes.Count > 0 ? throw new SettingsException(read.Mistakes) : new ClientSettings(tls, merged);
    }

    /// <summary>The node's address in Akka.</summary>
    public Address AddressOf(NodeEndpoint node) => NodeSettings.AddressOf(node, Tls);

    /// <summary>
    /// An actor system that can talk to a node. It listens on the loopback interface only: answers come over the connection that it opened. Its name
    /// among the others is the address that this machine has on the way to the node, so that two clients are never taken for one.
    /// </summary>
    /// <exception cref="SettingsException">A certificate cannot be used, or the node's name has no address.</exception>
    public ActorSystem CreateSystem(NodeEndpoint node) =>
        RemoteSystem.Create(
            SystemName,
            ConfigurationFactory.ParseString($$"""
                akka {
                  loglevel = ERROR
                  actor.provider = remote
                  remote.dot-netty.tcp {
                    hostname = "127.0.0.1"
                    public-hostname = {{HoconText.Quoted(OwnAddress(node))}}
                    port = 0
                    enable-ssl = {{(Tls.Enabled ? "on" : "off")}}
                  }
                }
                """).WithFallback(Config),
            Tls);

    private static string OwnAddress(NodeEndpoint node)
    {
        try
        {
            // Sends nothing: connecting a datagram socket only looks up the way.
            using Socket way = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            way.Connect(node.Host, node.Port);
            return ((System.Net.IPEndPoint)way.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException e)
        {
            throw new SettingsException([$"--node: {node} cannot be reached ({e.Message.TrimEnd('.')})"]);
        }
    }
}
