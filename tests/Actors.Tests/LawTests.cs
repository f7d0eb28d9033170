using IoScale.Actors.Running;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Vectors;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

/// <summary>Each law notices what breaks it, and only that.</summary>
public sealed class LawTests(Runs runs) : IClassFixture<Runs>
{
    public static TheoryData<string, string> Tamperings => new()
    {
        { "frames", "delivered" },
        { "frames", "sent" },
        { "frames", "dropped" },
        { "interrupts", "serviced" },
        { "interrupts", "merged" },
        { "interrupts", "raised" },
        { "cycles", "charged" },
        { "vectors", "released" },
    };

    [Theory]
    [MemberData(nameof(Tamperings))]
    public void A_count_that_is_off_by_one_breaks_its_law(string law, string tampering)
    {
        using SystemRun run = runs.Start(Of(Host(1, Nic(1)), 2 * Ms, [Vm("vm", 0, 0)], [Flow("vm", 100_000_000)]));
        run.RunUntil(2 * Ms);
        RunOutcome before = run.Outcome();
        Assert.Equal(["frames", "interrupts", "cycles", "vectors"], before.Laws.Select(l => l.Name));
        before.AssertLaws();
        Assert.All(before.Laws, l => Assert.True(l.LeftValue > 0));
        Tamper(run, tampering);
        Assert.Equal(law, Assert.Single(run.Outcome().Laws, l => !l.Holds).Name);
    }

    private static void Tamper(SystemRun run, string what)
    {
        switch (what)
        {
            case "delivered":
                run.VmOf(0).Guest.Counters.Delivered++;
                break;
            case "sent":
                run.VmOf(0).Sent++;
                break;
            case "dropped":
                run.VmOf(0).Guest.Nics[0].TxRingFullDrops++;
                break;
            case "serviced":
                run.VmOf(0).Guest.Counters.Serviced--;
                break;
            case "merged":
                run.PCpu(0).Counters.Merged++;
                break;
            case "raised":
                run.Vf("nic0.p0.vf0").Interrupts.Raised[0]++;
                break;
            case "charged":
                CycleLedger ledger = new(1);
                ledger.Charge(CpuCategory.Guest, run.PCpu(0).Ledger.CursorPs);
                run.PCpu(0).Ledger = ledger;
                break;
            default:
                CpuVectors table = run.PCpu(0).Vectors;
                int vector = Enumerable.Range(0, 256).First(v => table.Owner(v) >= 0);
                table.Answer(new VectorRequest(VectorAsk.Release, 0, table.Owner(vector), vector));
                break;
        }
    }
}
