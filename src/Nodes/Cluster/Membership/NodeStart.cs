using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using IoScale.Nodes.Cluster.Configuration;

namespace IoScale.Nodes.Cluster.Membership;

/// <summary>Starts the actor system of a node, and words what can be wrong with its address.</summary>
internal static class NodeStart
{
    /// <exception cref="SettingsException">The node cannot listen where it should, or a certificate cannot be used.</exception>
    public static ActorSystem System(NodeSettings settings)
    {
        Probe(settings);
        return RemoteSystem.Create(NodeSettings.SystemName, settings.Config, settings.Tls);
    }

    /// <summary>Whether only this machine can reach a node that listens there.</summary>
    public static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Listens for a moment: what remoting says about an address that it cannot have is no line for a user.</summary>
    private static void Probe(NodeSettings settings)
    {
        try
        {
            IPAddress address = IPAddress.TryParse(settings.Host, out IPAddress? written)
                ? written
                : Dns.GetHostAddresses(settings.Host, AddressFamily.InterNetwork).FirstOrDefault() ?? throw new SocketException((int)SocketError.HostNotFound);
            using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, settings.Port));
            socket.Listen();
        }
        catch (SocketException e)
        {
            throw new SettingsException([e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"ioscale.node.port: {settings.Host}:{settings.Port} is in use; stop who listens there or choose another port (--port)",
                SocketError.AddressNotAvailable => $"ioscale.node.host: {settings.Host} is no address of this machine",
                SocketError.AccessDenied => $"ioscale.node.port: {settings.Port} may not be used by this user; choose one above 1023 (--port)",
                _ => $"ioscale.node.host: {settings.Host} cannot be listened on ({e.Message.TrimEnd('.')})",
            }]);
        }
    }
}
