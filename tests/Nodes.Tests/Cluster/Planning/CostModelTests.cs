using IoScale.Nodes.Cluster.Planning;

namespace IoScale.Nodes.Tests.Cluster.Planning;

public sealed class CostModelTests
{
    /// <summary>Worked out by hand for two threads a node, 0.25 us an event, 100 us between nodes, before there was this code.</summary>
    [Theory]
    [InlineData(1_000, 2, 2.4)]
    [InlineData(1_000, 4, 2.3)]
    [InlineData(1_000, 8, 1.9)]
    [InlineData(10_000, 2, 10.0)]
    [InlineData(10_000, 8, 14.9)]
    [InlineData(400_000, 8, 58.5)]
    public void Speeds_are_those_of_the_table(int eventsInWindow, int nodes, double millions)
    {
        double threads = 2 * nodes;
        double imbalance = 1 + Math.Sqrt(2 * Math.Log(threads) * threads / eventsInWindow);
        CostPrediction prediction = CostModel.Predict(
            new CostInputs(eventsInWindow / 5.0, 0.25, 0, 5_000_000, long.MaxValue, nodes, threads, imbalance, NetworkUs: 100));
        Assert.InRange(prediction.EventsPerSecond / 1e6, millions * 0.93, millions * 1.07);
        Assert.Equal(prediction.EventsPerSecond / eventsInWindow, prediction.WindowsPerSecond, 3);
        Assert.Equal(prediction.WindowsPerSecond * 5e-6, prediction.Speed, 6);
    }

    [Fact]
    public void Nodes_that_never_wait_for_each_other_add_up()
    {
        CostInputs one = new(50, 0.5, 0, long.MaxValue, long.MaxValue, 1, 1, 1);
        CostPrediction three = CostModel.Predict(one with { Nodes = 3, Threads = 3 });
        Assert.Equal(3 * CostModel.Predict(one).EventsPerSecond, three.EventsPerSecond, 3);
        Assert.Equal(0, three.WindowsPerSecond);
        Assert.Equal(0, three.BytesPerWindow);
    }

    [Fact]
    public void A_window_has_at_least_one_event_because_idle_time_is_skipped()
    {
        // One event in 10 us of virtual time, windows of 1 us: an exchange for each event, not ten.
        CostPrediction prediction = CostModel.Predict(new CostInputs(0.1, 1, 0, 1_000_000, long.MaxValue, 2, 2, 1));
        Assert.Equal(prediction.EventsPerSecond, prediction.WindowsPerSecond, 6);
        Assert.InRange(prediction.EventsPerSecond, 3000, 4500);
    }

    [Fact]
    public void Everything_that_costs_makes_it_slower()
    {
        CostInputs inputs = new(100, 0.5, 0.1, 5_000_000, 5_000_000, 2, 4, 1.2);
        double speed = CostModel.Predict(inputs).EventsPerSecond;
        foreach (CostInputs dearer in (CostInputs[])[
            inputs with { EventCpuUs = 1 }, inputs with { CrossingShare = 0.9 }, inputs with { LookaheadPs = 1_000_000 }, inputs with { ThreadLookaheadPs = 100_000 },
            inputs with { Threads = 3 }, inputs with { Imbalance = 1.5 }, inputs with { NetworkUs = 50 }])
        {
            Assert.True(CostModel.Predict(dearer).EventsPerSecond < speed, $"{dearer}");
        }

        Assert.True(CostModel.Predict(inputs with { CrossingShare = 0.2 }).BytesPerWindow > CostModel.Predict(inputs).BytesPerWindow);
    }
}
