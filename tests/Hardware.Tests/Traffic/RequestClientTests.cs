using IoScale.Hardware.Traffic;
using MemoryPack;

namespace IoScale.Hardware.Tests.Traffic;

public class RequestClientTests
{
    private const long Us = 1_000_000;
    private const long Ms = 1_000_000_000;

    [Fact]
    public void It_keeps_its_limit_of_requests_under_way()
    {
        RequestClient client = new(4);
        Assert.Equal(4, client.Take(0));
        Assert.Equal(0, client.Take(1));
        client.Announce(0, 4, 10 * Us);
        Assert.Equal(0, client.Take(15 * Us));
        client.Respond(10 * Us, 3, 20 * Us);
        Assert.Equal(3, client.Take(20 * Us));
        Assert.Equal(3, client.Latency.Count);
        Assert.InRange(client.Latency.QuantilePs(1), 20 * Us, 20.2 * Us);
    }

    [Fact]
    public void Each_response_of_a_train_ends_its_transaction_when_it_comes()
    {
        RequestClient client = new(2);
        client.Take(0);
        client.Announce(0, 2, 10 * Us);
        client.Respond(10 * Us, 2, 50 * Us, spacingPs: 30 * Us);
        Assert.InRange(client.Latency.QuantilePs(0), 20 * Us, 20.2 * Us);
        Assert.InRange(client.Latency.QuantilePs(1), 50 * Us, 50.5 * Us);
    }

    [Fact]
    public void A_lost_response_leaves_its_request_waiting_and_those_behind_it_are_told_apart()
    {
        RequestClient client = new(2);
        client.Take(0);
        client.Announce(0, 1, 10 * Us);
        client.Respond(10 * Us, 1, 20 * Us);
        client.Take(20 * Us);
        client.Announce(0, 1, 30 * Us);
        client.Announce(20 * Us, 1, 40 * Us);
        client.Respond(40 * Us, 1, 50 * Us);
        Assert.InRange(client.Latency.QuantilePs(1), 30 * Us, 30.3 * Us);
        Assert.Equal(200 * Ms, client.DeadlinePs);
    }

    [Fact]
    public void A_request_without_response_is_sent_again_and_counts_from_its_first_attempt()
    {
        RequestClient client = Opened();
        long first = 10 * Ms;
        Assert.Equal(1, client.Take(first));
        Assert.Equal(first + (200 * Ms), client.DeadlinePs);
        client.TimeOut(first + (200 * Ms));
        Assert.Equal(long.MaxValue, client.DeadlinePs);
        client = MemoryPackSerializer.Deserialize<RequestClient>(MemoryPackSerializer.Serialize(client))!;
        Assert.Equal(1, client.Take(first + (200 * Ms)));
        client.Announce(first + (200 * Ms), 1, first + (201 * Ms));
        client.Respond(first + (201 * Ms), 1, first + (202 * Ms));
        Assert.InRange(client.Latency.QuantilePs(1), 202 * Ms, 204 * Ms);
    }

    [Fact]
    public void A_late_response_to_the_first_attempt_counts_and_the_second_one_does_not()
    {
        RequestClient client = Opened();
        client.Take(10 * Ms);
        client.TimeOut(210 * Ms);
        client.Take(210 * Ms);
        client.Announce(10 * Ms, 1, 211 * Ms);
        client.Announce(210 * Ms, 1, 212 * Ms);
        client.Respond(211 * Ms, 1, 220 * Ms);
        Assert.Equal(1, client.Latency.Count);
        Assert.Equal(1, client.Take(220 * Ms));
        client.Respond(212 * Ms, 1, 221 * Ms);
        Assert.Equal(1, client.Latency.Count);
        Assert.Equal(0, client.Take(221 * Ms));
    }

    [Fact]
    public void Before_the_first_response_timeouts_are_short_and_double_up_to_the_usual_one()
    {
        RequestClient client = new(1);
        long now = 0;
        List<long> waits = [];
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(1, client.Take(now));
            waits.Add((client.DeadlinePs - now) / Ms);
            now = client.DeadlinePs;
            client.TimeOut(now);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 200, 200], waits);
    }

    /// <summary>A client that has had a response, and nothing under way.</summary>
    private static RequestClient Opened()
    {
        RequestClient client = new(1);
        client.Take(0);
        client.Announce(0, 1, Us);
        client.Respond(Us, 1, 2 * Us);
        client.ResetLatency();
        return client;
    }
}
