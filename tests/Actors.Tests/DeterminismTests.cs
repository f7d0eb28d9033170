using Akka.Actor;
using CsCheck;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using IoScale.VirtualTime;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

public sealed class DeterminismTests(Runs runs) : IClassFixture<Runs>
{
    public static TheoryData<string> Names => ["one socket", "two sockets", "eight hosts"];

    private static SystemSpec OneSocket { get; } = Of(
        Host(2, Nic(2, 8000)),
        14 * Ms,
        [Vm("io", 0, 0), Vm("hog", 1, 0).Floating() with { Busy = true }],
        [Flow("io", 400_000_000, arrival: ArrivalKind.Poisson), Flow("hog", 100_000_000, burst: 7)],
        new ResetDeviceStep(3 * Ms, new VfRef("h0", "nic0", 0, 1)));

    public static SystemSpec Named(string name) => name switch
    {
        "one socket" => OneSocket,
        "two sockets" => TwoSockets,
        _ => Ring(8, 3 * Ms),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void The_number_of_threads_changes_nothing(string name)
    {
        SystemSpec spec = Named(name);
        RunOutcome one = runs.Outcome(spec);
        Assert.All(spec.Vms, vm => Assert.True(one.Sum(MetricCatalogue.PacketsReceived, $"vm={vm.Name}") > 0 || vm.Name.StartsWith('b')));
        Outcomes.AssertSame(one, runs.Outcome(spec, threads: 2));
        Outcomes.AssertSame(one, runs.Outcome(spec, threads: 4));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_seed_gives_another_result(string name)
    {
        SystemSpec spec = Named(name);
        Assert.NotEqual(runs.Outcome(spec).ResultHash, runs.Outcome(spec with { Seed = spec.Seed + 1 }).ResultHash);
    }

    [Fact]
    public void Neither_cuts_nor_captures_nor_threads_change_the_result_of_any_system() => Gen.Int[0, 1_000_000].Sample(
        number =>
        {
            SystemSpec spec = RandomSystems.Get(number);
            using SystemRun cut = runs.Start(spec, threads: 3);
            foreach (long at in RandomSystems.Cuts(spec, number))
            {
                cut.RunUntil(at);
                cut.Capture();
                cut.Outcome();
            }

            cut.RunUntil(spec.DurationPs);
            Outcomes.AssertSame(runs.Outcome(spec), cut.Outcome());
        },
        iter: 15,
        threads: 1);

    [Fact]
    public async Task A_query_while_the_run_goes_on_changes_nothing()
    {
        SystemSpec spec = TwoSockets;
        using SystemRun run = runs.Start(spec, threads: 2);
        using CancellationTokenSource over = new();
        Task<int> asking = Task.Run(async () =>
        {
            int answers = 0;
            for (int i = 0; !over.IsCancellationRequested || answers == 0; i++)
            {
                IActorRef entity = run.Simulation.ActorOf(new EntityId(i % run.Wiring.PartitionOf.Count));
                await entity.Ask<object>("how are you?", TimeSpan.FromSeconds(30));
                answers++;
            }

            return answers;
        });
        await Task.Run(() => run.RunUntil(spec.DurationPs));
        await over.CancelAsync();
        Assert.True(await asking > 0);
        Outcomes.AssertSame(runs.Outcome(spec), run.Outcome());
    }
}
