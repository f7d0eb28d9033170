using System.Globalization;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>Host and port of a node, as a user writes them.</summary>
internal readonly record struct NodeEndpoint(string Host, int Port)
{
    public const int DefaultPort = 7600;

    public static string Form => "HOST:PORT with a name or an IPv4 address, as in 127.0.0.1:7600";

    public static bool TryParse(string text, out NodeEndpoint endpoint)
    {
        int colon = text.LastIndexOf(':');
        endpoint = default;
        if (colon <= 0 || !IsHost(text[..colon]) || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
        {
            return false;
        }

        endpoint = new NodeEndpoint(text[..colon], port);
        return true;
    }

    /// <summary>A DNS name or an IPv4 address.</summary>
    public static bool IsHost(string text) => Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4;

    public override string ToString() => $"{Host}:{Port}";
}
