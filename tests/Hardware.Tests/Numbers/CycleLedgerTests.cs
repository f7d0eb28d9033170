using CsCheck;
using IoScale.Hardware.Numbers;
using MemoryPack;

namespace IoScale.Hardware.Tests.Numbers;

public class CycleLedgerTests
{
    [Fact]
    public void Each_charge_takes_the_time_since_the_last()
    {
        var ledger = new CycleLedger(100);
        ledger.Charge(CpuCategory.Guest, 150);
        ledger.Charge(CpuCategory.ExitEoi, 157);
        ledger.Charge(CpuCategory.Guest, 160);
        Assert.Equal(53, ledger.Picoseconds[(int)CpuCategory.Guest]);
        Assert.Equal(7, ledger.Picoseconds[(int)CpuCategory.ExitEoi]);
        Assert.Equal((60, 160), (ledger.ElapsedPs, ledger.CursorPs));
    }

    [Fact]
    public void Time_cannot_be_charged_twice()
    {
        var ledger = new CycleLedger(100);
        ledger.Charge(CpuCategory.Idle, 200);
        Assert.Throws<ArgumentOutOfRangeException>(() => ledger.Charge(CpuCategory.Guest, 199));
        Assert.Equal(100, ledger.Picoseconds.ToArray().Sum());
    }

    [Fact]
    public void The_sum_of_all_categories_is_the_time_elapsed_in_time_and_in_cycles()
    {
        Gen.Select(Gen.Select(Gen.Int[0, CpuCategories.Count - 1], Gen.Long[0, 10_000_000]).Array[0, 200], Gen.Long[1_000_000, 5_000_000_000], Gen.Long[0, 1_000_000]).Sample(t =>
        {
            var ledger = new CycleLedger(t.Item3);
            long now = t.Item3;
            foreach ((int category, long ps) in t.Item1)
            {
                now += ps;
                ledger.Charge((CpuCategory)category, now);
            }

            ledger = MemoryPackSerializer.Deserialize<CycleLedger>(MemoryPackSerializer.Serialize(ledger))!;
            Assert.Equal(now - t.Item3, ledger.Picoseconds.ToArray().Sum());
            long[] cycles = new long[CpuCategories.Count];
            CycleLedger.ToCycles(ledger.Picoseconds, t.Item2, cycles);
            Assert.Equal((long)((Int128)ledger.ElapsedPs * t.Item2 / 1_000_000_000_000), cycles.Sum());
            for (int i = 0; i < cycles.Length; i++)
            {
                Int128 exact = (Int128)ledger.Picoseconds[i] * t.Item2;
                Assert.InRange((Int128)cycles[i] * 1_000_000_000_000 - exact, (Int128)(-1_000_000_000_000), (Int128)1_000_000_000_000);
            }
        });
    }

    [Fact]
    public void Categories_have_kebab_case_names()
    {
        Assert.Equal(CpuCategories.Count, Enum.GetValues<CpuCategory>().Length);
        Assert.Equal("exit-external-interrupt", CpuCategories.Names.Of(CpuCategory.ExitExternalInterrupt));
        Assert.Equal("dom0-other", CpuCategories.Names.Of(CpuCategory.Dom0Other));
        Assert.Equal("idle", CpuCategories.Names.All[^1]);
    }
}
