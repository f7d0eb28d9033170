namespace IoScale.Nodes.Cluster.Windows;

/// <summary>How batches travel between nodes.</summary>
/// <param name="PartBytes">Largest piece of a batch in one message; far below the frame size of remoting, so that heartbeats get through between pieces.</param>
/// <param name="Credit">Parts that may be under way to a peer without its word that they have arrived.</param>
/// <param name="ResendAfter">Wall time without such a word after which they are sent again.</param>
internal sealed record WindowSettings(int PartBytes = 48 * 1024, int Credit = 16, TimeSpan? ResendAfter = null)
{
    public TimeSpan Patience => ResendAfter ?? TimeSpan.FromMilliseconds(500);
}

/// <summary>Whose windows: one island of one epoch, between this node and a peer.</summary>
internal sealed record WindowRoute(string Run, long Epoch, int Island, int Self, int Peer);
