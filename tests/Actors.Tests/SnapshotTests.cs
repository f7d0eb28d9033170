using CsCheck;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

public sealed class SnapshotTests(Runs runs) : IClassFixture<Runs>
{
    [Fact]
    public void A_restored_run_of_any_system_goes_on_as_if_nothing_had_happened() => Gen.Int[0, 1_000_000].Sample(
        number =>
        {
            SystemSpec spec = RandomSystems.Get(number);
            RunOutcome undisturbed = runs.Outcome(spec);
            foreach (long at in RandomSystems.Cuts(spec, number).Where((_, i) => i % 4 == 1))
            {
                Outcomes.AssertSame(undisturbed, Interrupted(spec, at, 1 + number % 2, 1 + number % 3));
            }
        },
        iter: 12,
        threads: 1);

    [Theory]
    [InlineData("two sockets")]
    [InlineData("eight hosts")]
    public void Sockets_and_fabric_are_restored_on_another_number_of_threads(string name)
    {
        SystemSpec spec = DeterminismTests.Named(name);
        RunOutcome undisturbed = runs.Outcome(spec);
        foreach (long at in (long[])[1, 1_234_567, 2_001_500_003, 2_345_678_901])
        {
            Outcomes.AssertSame(undisturbed, Interrupted(spec, at, 1, 3));
        }
    }

    [Fact]
    public void An_irq_that_moves_is_restored_in_every_state_of_its_move()
    {
        SystemSpec spec = Of(
            Host(2, Nic(1)), 4 * Ms, [Vm("vm", 0, 1)], [Flow("vm", 400_000_000)], new MigrateVcpuStep(2 * Ms, "vm", 0, 0));
        RunOutcome undisturbed = runs.Outcome(spec);
        HashSet<IrqMoveState> seen = [];
        for (long at = 2 * Ms; at < 2 * Ms + (60 * Us) && seen.Count < 4; at += 200_003)
        {
            using SystemRun first = runs.Start(spec);
            first.RunUntil(at);
            if (!seen.Add(first.Hypervisor().Vectors.Descriptor(VectorBoot.FirstIrq + 3)!.MoveState))
            {
                continue;
            }

            using SystemRun second = runs.Restore(spec, first.Capture());
            second.RunUntil(spec.DurationPs);
            Outcomes.AssertSame(undisturbed, second.Outcome());
        }

        Assert.Contains(IrqMoveState.Pending, seen);
        Assert.Contains(IrqMoveState.Moving, seen);
        Assert.Contains(IrqMoveState.Cleanup, seen);
    }

    [Fact]
    public void A_damaged_snapshot_and_one_of_another_system_are_refused()
    {
        SystemSpec spec = TwoSockets;
        using SystemRun run = runs.Start(spec);
        run.RunUntil(2_345_678_901);
        IReadOnlyList<byte[]> snapshot = run.Capture();
        byte[] second = snapshot[1];
        for (int at = 0; at < second.Length; at += 1 + (second.Length / 20))
        {
            byte[] damaged = [.. second];
            damaged[at] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => runs.Restore(spec, [snapshot[0], damaged]));
            Assert.Throws<InvalidDataException>(() => runs.Restore(spec, [snapshot[0], second[..at]]));
        }

        Assert.Throws<InvalidDataException>(() => runs.Restore(spec with { Seed = 8 }, snapshot));
        Assert.Throws<InvalidDataException>(() => runs.Restore(spec with { Hosts = [spec.Hosts[0] with { PCpus = 6 }] }, snapshot));
    }

    private RunOutcome Interrupted(SystemSpec spec, long atPs, int threadsBefore, int threadsAfter)
    {
        using SystemRun first = runs.Start(spec, threadsBefore);
        first.RunUntil(atPs);
        using SystemRun second = runs.Restore(spec, first.Capture(), threadsAfter);
        second.RunUntil(spec.DurationPs);
        return second.Outcome();
    }
}
