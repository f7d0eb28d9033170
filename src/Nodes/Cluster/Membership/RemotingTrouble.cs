using System.Text.RegularExpressions;
using Akka.Event;

namespace IoScale.Nodes.Cluster.Membership;

/// <summary>What remoting and membership say about other processes at length and again and again, in short.</summary>
/// <param name="Text">One line for a user; empty when it is told elsewhere.</param>
internal sealed partial record RemotingTrouble(string Text)
{
    private static readonly RemotingTrouble Elsewhere = new("");

    /// <summary>What a process that has died, or has not started yet, looks like; and the end of a node that was cut off, which says so itself.</summary>
    private static readonly string[] Expected =
        ["Disassociated", "Connection refused", "Association failed with", "has quarantined this system", "Handshake timed out", "Associate timed out"];

    /// <summary>
    /// Of membership, in the words of a node's own lines: who is lost, that it joins, that it found no cluster, that it has left. Nodes that leave together
    /// do not wait for each other for longer than a phase may take; that is no trouble.
    /// </summary>
    private static readonly string[] Told =
    [
        "Marking node(s) as ", "is irrecoverably failed. UID is now quarantined", "Couldn't join seed nodes after", "Coordinated shutdown phase",
        "Graceful shutdown of shard region timed out", "was unable to update a distributed state within",
    ];

    public bool IsToldElsewhere => Text.Length == 0;

    /// <summary>Null for anything else.</summary>
    public static RemotingTrouble? Of(LogEvent e)
    {
        string message = e.Message?.ToString() ?? "";
        if (Told.Any(x => message.Contains(x, StringComparison.Ordinal))
            || message.StartsWith("Disassociated", StringComparison.Ordinal)
            || message.StartsWith("SBR took decision", StringComparison.Ordinal)
            || message.StartsWith("heartbeat interval is growing", StringComparison.Ordinal))
        {
            return Elsewhere;
        }

        if (message.StartsWith("Deserialization failed for message", StringComparison.Ordinal))
        {
            return new RemotingTrouble($"{Sender(e.LogSource)} sent what nobody here understands: {e.Cause?.GetBaseException().Message ?? message}");
        }

        if (StoodStill().Match(message) is { Success: true } late)
        {
            return new RemotingTrouble($"this node stood still for {late.Groups["ms"].Value} ms; the others may take it for dead");
        }

        Match match = NotReached().Match(message);
        match = match.Success ? match : AssociationError().Match(message);
        if (!match.Success)
        {
            return null;
        }

        string reason = match.Groups["reason"].Value.Trim();
        return Expected.Any(x => reason.Contains(x, StringComparison.Ordinal)) ? Elsewhere : new RemotingTrouble($"{match.Groups["address"].Value} cannot be reached: {reason}");
    }

    /// <summary>The other end of a connection, which is in the name of the actor that reads from it.</summary>
    private static string Sender(string source) =>
        Peer().Match(Uri.UnescapeDataString(source)) is { Success: true } peer ? peer.Groups["address"].Value : source;

    [GeneratedRegex(@"akka(?:\.ssl)?\.tcp://[^@]*@(?<address>[^\]\s/]+)-[0-9]+$")]
    private static partial Regex Peer();

    [GeneratedRegex(@"Previous heartbeat was sent \[(?<ms>[0-9]+)[^\]]*\] ms ago")]
    private static partial Regex StoodStill();

    [GeneratedRegex(@"(?:Tried to associate with unreachable remote address|Association with remote system) \[?akka(?:\.ssl)?\.tcp://[^@]*@(?<address>[^\]\s]+)\]?.*?Reason(?: is)?: \[(?:[A-Za-z.]+Exception: )?(?<reason>[^\n\]]*)", RegexOptions.Singleline)]
    private static partial Regex NotReached();

    [GeneratedRegex(@"^AssociationError \[[^\]]*\] (?:->|<-) akka(?:\.ssl)?\.tcp://[^@]*@(?<address>[^\]\s]+): Error \[(?<reason>[^\n\]]*)", RegexOptions.Singleline)]
    private static partial Regex AssociationError();
}
