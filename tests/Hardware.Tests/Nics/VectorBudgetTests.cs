using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Nics;
using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Tests.Nics;

public class VectorBudgetTests
{
    private static readonly int[] E810Tiers = [17, 5, 3, 2];

    [Fact]
    public void Two_full_niantic_ports_ask_for_the_deck_s_384_vectors()
    {
        VectorBudget budget = VectorBudget.Of(Card("niantic", [63, 63]));
        Assert.True(budget.Fits);
        Assert.Equal((384, 126, 3), (budget.Demand, budget.Vfs, budget.VfTable));
    }

    [Theory]
    [InlineData(64, 0, "63")]
    [InlineData(0, 64, "port 1")]
    public void More_vfs_than_a_port_has_do_not_fit(int first, int second, string word) => DoesNotFit(Card("niantic", [first, second]), word);

    [Fact]
    public void Ports_that_share_their_vfs_cannot_both_be_full()
    {
        Assert.True(VectorBudget.Of(Card("XL710", [128, 0])).Fits);
        DoesNotFit(Card("XL710", [65, 64]), "shares 128");
    }

    [Fact]
    public void A_card_has_no_more_ports_than_it_has() => DoesNotFit(Card("ConnectX-7", [1, 1]), "1 ports");

    [Fact]
    public void Nobody_gets_more_vectors_than_its_table_has()
    {
        DoesNotFit(Card("niantic", [1, 1]) with { VectorsPerVf = 4 }, "table has 3");
        DoesNotFit(Card("niantic", [1, 1]) with { VectorsPerPf = 65 }, "table has 64");
        DoesNotFit(Card("82598", [1, 0]), "VFs");
    }

    [Theory]
    [InlineData(17, 1, 17)]
    [InlineData(16, 1, 5)]
    [InlineData(500, 100, 5)]
    [InlineData(499, 100, 3)]
    [InlineData(299, 100, 2)]
    [InlineData(199, 100, 0)]
    public void An_e810_vf_gets_the_largest_tier_that_fits_all(int pool, int vfs, int vectors) =>
        Assert.Equal(vectors, VectorBudget.Tier(E810Tiers, pool, vfs));

    [Fact]
    public void An_e810_shares_what_its_pfs_leave()
    {
        Assert.Equal(17, VectorBudget.Of(Card("E810", [64, 0])).VfTable);
        Assert.Equal(5, VectorBudget.Of(Card("E810", [128, 128])).VfTable);
        VectorBudget few = VectorBudget.Of(Card("E810", [128, 128]) with { VectorsPerPf = 700, VectorsPerVf = 2 });
        Assert.Equal((2, true), (few.VfTable, few.Fits));
        DoesNotFit(Card("E810", [128, 128]) with { VectorsPerPf = 800, VectorsPerVf = 2 }, "2048");
        DoesNotFit(Card("E810", [128, 128]) with { VectorsPerVf = 9 }, "table has 5");
    }

    private static void DoesNotFit(NicSpec nic, string word)
    {
        VectorBudget budget = VectorBudget.Of(nic);
        Assert.False(budget.Fits);
        Assert.Contains(word, budget.Problem, StringComparison.Ordinal);
    }

    private static NicSpec Card(string model, int[] vfs)
    {
        NicModel nic = NicModels.Get(model);
        var coalescing = new CoalescingSpec(CoalescingPolicy.Fixed, 2_000, 120, 64, 1_000);
        return new NicSpec("nic0", 0, nic, vfs, nic.DefaultVfVectors, nic.DefaultPfVectors, nic.RingDefault, nic.RingDefault, coalescing, coalescing);
    }
}
