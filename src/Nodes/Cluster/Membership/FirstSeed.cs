using System.Net.Sockets;
using Akka.Actor;
using IoScale.Nodes.Cluster.Configuration;

namespace IoScale.Nodes.Cluster.Membership;

/// <summary>
/// To Akka, only the first of the seeds may begin a cluster. Here any that is the first of those that are there does, after a while: nobody is up before
/// the quorum has come together, so one that is alone still begins nothing.
/// </summary>
internal static class FirstSeed
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Left to the seeds before this one; the third part of the time to join where that is less.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(20);

    /// <summary>Takes the first one's place when the time has come, unless the node is up before.</summary>
    public static async Task TakePlace(Akka.Cluster.Cluster cluster, NodeSettings settings, Task up, CancellationToken cancel)
    {
        Address[] seeds = [.. settings.SeedAddresses];
        int own = Array.IndexOf(seeds, cluster.SelfAddress);
        if (own <= 0)
        {
            return;
        }

        try
        {
            TimeSpan start = settings.JoinTimeout / 3;
            await Task.WhenAny(up, Task.Delay(start < Start ? start : Start, cancel));
            while (!up.IsCompleted)
            {
                cancel.ThrowIfCancellationRequested();
                if (!await AnyListens(settings.Seeds.Take(own), cancel))
                {
                    cluster.JoinSeedNodes([seeds[own], .. seeds.Where(seed => seed != seeds[own])]);
                    return;
                }

                await Task.WhenAny(up, Task.Delay(Interval, cancel));
            }
        }
        catch (OperationCanceledException)
        {
            // The node ends.
        }
    }

    private static async Task<bool> AnyListens(IEnumerable<NodeEndpoint> seeds, CancellationToken cancel)
    {
        foreach (NodeEndpoint seed in seeds)
        {
            using TcpClient probe = new();
            using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            bound.CancelAfter(Interval);
            try
            {
                await probe.ConnectAsync(seed.Host, seed.Port, bound.Token);
                return true;
            }
            catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                // Not there.
            }
        }

        return false;
    }
}
