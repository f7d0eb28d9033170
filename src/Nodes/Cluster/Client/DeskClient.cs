using System.Diagnostics;
using System.Net.Sockets;
using Akka.Actor;
using Google.Protobuf;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Nodes.Commands;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>
/// Asks a node of a cluster. A question that gets no answer, or that nobody can answer at the moment, is asked again, of another node where one is
/// known, until patience ends; each question means the same however often it arrives.
/// </summary>
/// <param name="system">Can send to nodes; stays the caller's.</param>
/// <param name="addressOf">A node's address in Akka.</param>
/// <param name="nodes">The node that the user has named, under every name that it may have.</param>
/// <param name="say">Takes a line for the user: what is waited for.</param>
internal sealed class DeskClient(ActorSystem system, Func<NodeEndpoint, Address> addressOf, IReadOnlyList<NodeEndpoint> nodes, Action<string> say, DeskPatience patience)
{
    private readonly List<NodeEndpoint> _nodes = [.. nodes];
    private int _current;
    private bool _met;
    private bool _sure;

    /// <summary>Of the client.</summary>
    public ActorSystem System => system;

    /// <summary>The node that is asked.</summary>
    public NodeEndpoint Node => _nodes[_current];

    /// <summary>Asks until there is an answer.</summary>
    /// <exception cref="InputException">No node is there, the question is refused, or patience has ended.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public async Task<T> Ask<T>(IWireMessage question, CancellationToken stop)
        where T : class, IMessage
    {
        Stopwatch waited = Stopwatch.StartNew();
        string said = "";
        while (true)
        {
            (object? answer, string trouble) = await Once(question, stop).ConfigureAwait(false);
            if (answer is T right)
            {
                _met = true;
                Learn(right);
                return right;
            }

            if (answer is not null and not Refusal)
            {
                throw new InputException($"{Node} answers with {answer.GetType().Name} where {typeof(T).Name} belongs; use the same version of ioscale");
            }

            trouble = answer is Refusal refusal ? TroubleOf(refusal) : trouble;
            if (waited.Elapsed >= patience.Whole)
            {
                throw new InputException($"{trouble}; gave up after {waited.Elapsed.TotalSeconds:0} s");
            }

            if (trouble != said)
            {
                say($"{trouble}; trying again");
                said = trouble;
            }

            await Task.Delay(patience.Pause, stop).ConfigureAwait(false);
        }
    }

    private static string TroubleOf(Refusal refusal) => refusal.TryAgain ? refusal.Reason : throw new InputException(refusal.Reason);

    /// <summary>One question to one node: its answer, or why there is none.</summary>
    private async Task<(object? Answer, string Trouble)> Once(IWireMessage question, CancellationToken stop)
    {
        if (!_sure && await Unreachable(stop).ConfigureAwait(false) is { } reason)
        {
            string trouble = $"no node at {Node} ({reason})";
            if (!_met)
            {
                throw new InputException($"{trouble}; start one with ioscale node, or name another with --node HOST:PORT");
            }

            Turn();
            return (null, trouble);
        }

        try
        {
            ActorSelection desk = system.ActorSelection(new RootActorPath(addressOf(Node)) / "user" / ClientDesk.Name);
            object answer = await desk.Ask<object>(question, patience.Answer, stop).ConfigureAwait(false);
            _sure = true;
            return (answer, "");
        }
        catch (AskTimeoutException)
        {
            string trouble = _met
                ? $"{Node} does not answer"
                : $"something listens at {Node} but does not answer as a node of ioscale; a node is named as its own --host names it, and with TLS by clients with TLS";
            Turn();
            return (null, trouble);
        }
    }

    /// <summary>Why nothing listens there, or null if something does.</summary>
    private async Task<string?> Unreachable(CancellationToken stop)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(patience.Connect);
        try
        {
            using TcpClient probe = new();
            await probe.ConnectAsync(Node.Host, Node.Port, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message.TrimEnd('.');
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"no connection within {patience.Connect.TotalSeconds:0} s";
        }
    }

    private void Turn()
    {
        _sure = false;
        _current = (_current + 1) % _nodes.Count;
    }

    /// <summary>Keeps the other nodes in mind, for when this one is gone.</summary>
    private void Learn(IMessage answer)
    {
        foreach (NodeStatus status in (answer as StatusReply)?.Nodes ?? [])
        {
            if (status.State == "up" && NodeEndpoint.TryParse(status.Address, out NodeEndpoint other) && !_nodes.Contains(other))
            {
                _nodes.Add(other);
            }
        }
    }
}

/// <summary>How long a client waits.</summary>
/// <param name="Connect">For a connection.</param>
/// <param name="Answer">For an answer; longer than a node waits for its coordinator.</param>
/// <param name="Pause">Before a question is asked again.</param>
/// <param name="Whole">For one question, with all its repetitions.</param>
internal sealed record DeskPatience(TimeSpan Connect, TimeSpan Answer, TimeSpan Pause, TimeSpan Whole)
{
    public static DeskPatience Default { get; } = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
}
