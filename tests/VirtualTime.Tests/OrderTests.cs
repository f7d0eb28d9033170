using CsCheck;

namespace IoScale.VirtualTime.Tests;

public sealed class OrderTests(Runs runs) : IClassFixture<Runs>
{
    [Fact]
    public void A_partition_handles_the_smallest_key_first_when_every_delay_is_positive() =>
        World.Gen.Select(world => world with { ZeroDelays = false }).Sample(
            world =>
            {
                List<Ball>[] logs = [.. world.Groups.Select(_ => new List<Ball>())];
                using Simulation simulation = runs.Start(world.Topology(logs), threads: 2);
                simulation.RunUntil(3_000);
                Assert.True(logs.Sum(log => log.Count) > 0);
                foreach (List<Ball> log in logs)
                {
                    Assert.Equal(log.OrderBy(ball => (ball.DuePs, ball.Thrower, ball.Throw)), log);
                }
            },
            iter: 40,
            threads: 1);

    [Fact]
    public void Time_never_runs_backwards_with_zero_delays() =>
        World.Gen.Select(world => world with { ZeroDelays = true }).Sample(
            world =>
            {
                List<Ball>[] logs = [.. world.Groups.Select(_ => new List<Ball>())];
                using Simulation simulation = runs.Start(world.Topology(logs));
                simulation.RunUntil(2_000);
                foreach (List<Ball> log in logs)
                {
                    Assert.Equal(log.Select(ball => ball.DuePs).Order(), log.Select(ball => ball.DuePs));
                }
            },
            iter: 20,
            threads: 1);

    [Fact]
    public void What_is_handled_is_before_the_border_and_what_waits_is_not() =>
        World.Gen.Sample(
            world =>
            {
                List<Ball>[] logs = [.. world.Groups.Select(_ => new List<Ball>())];
                using Simulation simulation = runs.Start(world.Topology(logs));
                simulation.RunUntil(500);
                Assert.All(logs.SelectMany(log => log), ball => Assert.True(ball.DuePs < 500));
                List<PendingEvent> pending = [];
                simulation.ForEachPending(pending.Add);
                Assert.All(pending, e => Assert.True(e.TimePs >= 500));
                Assert.Equal(world.PartitionOf.Length * world.Balls, pending.Count);
                Assert.Equal(pending.Min(e => e.TimePs), simulation.NextEventTime);
                Assert.Equal(logs.Sum(log => log.Count), simulation.EventsHandled);
                Assert.Equal(pending.OrderBy(e => (e.TimePs, e.Sender.Value, e.Sequence)), pending);
            },
            iter: 20,
            threads: 1);
}
