using CsCheck;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;

namespace IoScale.Actors.Tests;

public sealed class ConservationTests(Runs runs) : IClassFixture<Runs>
{
    private static readonly int Iterations = int.Parse(Environment.GetEnvironmentVariable("RANDOM_SYSTEMS") ?? "60", null);

    [Fact]
    public void Every_law_holds_at_every_cut_of_any_system() => Gen.Int[0, 1_000_000].Sample(
        number =>
        {
            SystemSpec spec = RandomSystems.Get(number);
            using SystemRun run = runs.Start(spec);
            foreach (long cut in RandomSystems.Cuts(spec, number).Append(spec.DurationPs))
            {
                run.RunUntil(cut);
                run.Outcome().AssertLaws();
            }

            return true;
        },
        iter: Iterations,
        threads: 1);

    [Fact]
    public void No_interrupt_is_unhandled_however_irqs_and_pcpus_come_and_go() => Gen.Int[0, 1_000_000].Sample(
        number =>
        {
            SystemSpec spec = RandomSystems.Get(number, withResets: false) with { WarmUpPs = 0 };
            Assert.Equal(0, runs.Outcome(spec).Sum(MetricCatalogue.InterruptsUnhandled));
        },
        iter: Iterations,
        threads: 1);
}
