using System.Net;
using System.Net.Sockets;
using IoScale.Nodes.Cluster.Client;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Commands;
using IoScale.Protocol.Wire;
using IoScale.Scenarios;

namespace IoScale.Nodes.Tests.Cluster.Client;

public sealed class DeskClientTests : IDisposable
{
    private static readonly AskStatus Question = new() { Protocol = WireProtocol.Version };

    private readonly FakeDesk _desk = new();
    private readonly List<string> _said = [];

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task A_question_is_asked_again_while_nobody_can_answer_and_the_user_hears_why_once()
    {
        int asked = 0;
        _desk.Answer = _ => ++asked < 4 ? new Refusal { Reason = "no coordinator", TryAgain = true } : new StatusReply { Coordinator = "here" };
        Assert.Equal("here", (await _desk.Client(_said.Add).Ask<StatusReply>(Question, CancellationToken.None)).Coordinator);
        Assert.Equal(4, asked);
        Assert.Equal(["no coordinator; trying again"], _said);
    }

    [Fact]
    public async Task Patience_ends()
    {
        _desk.Answer = _ => new Refusal { Reason = "no coordinator", TryAgain = true };
        InputException e = await Assert.ThrowsAsync<InputException>(() => _desk.Client(_said.Add).Ask<StatusReply>(Question, CancellationToken.None));
        Assert.StartsWith("no coordinator; gave up after 3 s", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_final()
    {
        _desk.Answer = _ => new Refusal { Reason = "the node speaks protocol 2, this client 1" };
        InputException e = await Assert.ThrowsAsync<InputException>(() => _desk.Client(_said.Add).Ask<StatusReply>(Question, CancellationToken.None));
        Assert.Equal("the node speaks protocol 2, this client 1", e.Message);
        Assert.Single(_desk.Asked);
    }

    [Fact]
    public async Task An_answer_to_another_question_is_no_answer()
    {
        _desk.Answer = _ => new Cancelled { Run = "x" };
        InputException e = await Assert.ThrowsAsync<InputException>(() => _desk.Client(_said.Add).Ask<StatusReply>(Question, CancellationToken.None));
        Assert.Contains("answers with Cancelled where StatusReply belongs", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_that_listens_but_is_no_node_is_told_apart_from_nothing()
    {
        using TcpListener mute = new(IPAddress.Loopback, 0);
        mute.Start();
        InputException e = await Assert.ThrowsAsync<InputException>(
            () => ClientAt(((IPEndPoint)mute.LocalEndpoint).Port).Ask<StatusReply>(Question, CancellationToken.None));
        Assert.Contains("does not answer as a node of ioscale", e.Message, StringComparison.Ordinal);
        mute.Stop();
        e = await Assert.ThrowsAsync<InputException>(() => ClientAt(((IPEndPoint)mute.LocalEndpoint).Port).Ask<StatusReply>(Question, CancellationToken.None));
        Assert.Contains("no node at 127.0.0.1:", e.Message, StringComparison.Ordinal);
        Assert.Contains("start one with ioscale node", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_its_node_is_gone_a_client_asks_another_that_it_has_heard_of()
    {
        using FakeDesk other = new() { Answer = _ => new StatusReply { Coordinator = "other" } };
        StatusReply reply = new() { Coordinator = "first" };
        reply.Nodes.Add(new NodeStatus { Address = _desk.Endpoint.ToString(), State = "up" });
        reply.Nodes.Add(new NodeStatus { Address = "127.0.0.1:1", State = "unreachable" });
        reply.Nodes.Add(new NodeStatus { Address = other.Endpoint.ToString(), State = "up" });
        _desk.Answer = _ => reply;
        DeskClient client = _desk.Client(_said.Add);
        Assert.Equal("first", (await client.Ask<StatusReply>(Question, CancellationToken.None)).Coordinator);
        _desk.Stop();
        Assert.Equal("other", (await client.Ask<StatusReply>(Question, CancellationToken.None)).Coordinator);
        Assert.Equal(other.Endpoint, client.Node);
    }

    [Fact]
    public async Task A_large_scenario_goes_in_pieces_and_again_from_the_start_where_a_new_coordinator_has_nothing()
    {
        byte[] got = [];
        int pieces = 0;
        _desk.Answer = question =>
        {
            SubmitRun submit = (SubmitRun)question;
            Assert.True(submit.Resolved.Content.Length <= RunUpload.PieceBytes);
            got = ++pieces == 3 ? [] : submit.Resolved.Offset == got.Length ? [.. got, .. submit.Resolved.Content] : got;
            return new Submitted { Received = got.Length, Run = got.Length == submit.Resolved.Total ? "big-1" : "" };
        };
        // What does not compress: a million bytes take four pieces.
        Random random = new(1);
        string text = string.Concat(Enumerable.Range(0, 1_000_000).Select(_ => (char)('!' + random.Next(90))));
        Scenario scenario = new("big", "", text, []);
        Assert.Equal("big-1", await RunUpload.Send(_desk.Client(_said.Add), scenario, new RunWishes(3, 4000, 5), "ticket", CancellationToken.None));
        Assert.Equal(text, FakeDesk.Unpack(got));
        Assert.True(pieces >= 6);
        Assert.All(_desk.Asked.Cast<SubmitRun>(), s => Assert.Equal(("ticket", "big", 3, 4000, 5), (s.Ticket, s.Scenario, s.Nodes, s.EveryWallMs, s.EveryVirtual)));
    }

    [Fact]
    public async Task A_cluster_that_keeps_nothing_is_not_fed_for_ever()
    {
        _desk.Answer = _ => new Submitted { Received = 0 };
        InputException e = await Assert.ThrowsAsync<InputException>(
            () => RunUpload.Send(_desk.Client(_said.Add), new Scenario("s", "", "name: s", []), new RunWishes(), "ticket", CancellationToken.None));
        Assert.Contains("does not keep what is submitted", e.Message, StringComparison.Ordinal);
    }

    private DeskClient ClientAt(int port) => _desk.Client(_said.Add, new NodeEndpoint("127.0.0.1", port));
}
