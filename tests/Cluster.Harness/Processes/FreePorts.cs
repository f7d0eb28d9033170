using System.Net;
using System.Net.Sockets;

namespace IoScale.Cluster.Harness.Processes;

/// <summary>TCP ports of the loopback interface that nobody listens on.</summary>
public static class FreePorts
{
    /// <summary>All are held before the first is given back, so they differ.</summary>
    public static int[] Take(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            foreach (TcpListener listener in listeners)
            {
                listener.Start();
            }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (TcpListener listener in listeners)
            {
                listener.Dispose();
            }
        }
    }
}
