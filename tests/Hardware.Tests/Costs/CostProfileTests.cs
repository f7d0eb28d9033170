using IoScale.Hardware.Costs;

namespace IoScale.Hardware.Tests.Costs;

public class CostProfileTests
{
    private static readonly string[] Confidences = ["V", "D", "A", "X", "R-H", "R-M", "R-L"];

    /// <summary>What processors of 2009 do not have.</summary>
    private static readonly CostName[] Modern = [CostName.EoiApicv, CostName.ExitEoiBitmap, CostName.PostedDelivery, CostName.PostedNotification];

    [Fact]
    public void Every_profile_has_every_constant_of_its_processors_with_range_confidence_and_source()
    {
        Assert.Equal(["nehalem-2009", "skylake-2020"], CostProfiles.Names);
        foreach (string name in CostProfiles.Names)
        {
            CostProfile profile = CostProfiles.Get(name);
            CostName[] absent = name == "nehalem-2009" ? Modern : [];
            Assert.Equal(Enum.GetValues<CostName>().Except(absent), profile.Constants.Select(c => c.Name));
            Assert.All(absent, c => Assert.False(profile.Has(c)));
            Assert.All(profile.Constants, c =>
            {
                Assert.InRange(c.Value, c.Low, c.High);
                Assert.True(c.Low > 0);
                Assert.Contains(c.Confidence, Confidences);
                Assert.True(c.Source.Length > 10);
                Assert.True(profile.Ps(c.Name) > 0);
            });
        }
    }

    [Fact]
    public void The_count_of_names_matches_the_enum() => Assert.Equal(CostNames.Count, Enum.GetValues<CostName>().Length);

    [Fact]
    public void Names_are_kebab_case_with_x2apic_in_one_word()
    {
        Assert.Equal("exit-eoi-x2apic", CostNames.Names.Of(CostName.ExitEoiX2Apic));
        Assert.Equal("grant-copy-bytes-1500", CostNames.Names.Of(CostName.GrantCopyBytes1500));
        Assert.Equal("ipi-flight-same-socket", CostNames.Names.Of(CostName.IpiFlightSameSocket));
        Assert.True(CostNames.Names.TryParse("msix-mask-dom0", out CostName name));
        Assert.Equal(CostName.MsixMaskDom0, name);
        Assert.False(CostNames.Names.TryParse("ExitBare", out _));
    }

    [Fact]
    public void The_deck_s_eoi_saving_at_96_thousand_interrupts_is_15_percent_of_one_core()
    {
        CostProfile profile = CostProfiles.Get("nehalem-2009");
        long savedPs = 96_000 * (profile.Ps(CostName.ExitEoiEmulate) - profile.Ps(CostName.ExitEoiFast));
        Assert.InRange(savedPs, 154_200_000_000, 154_400_000_000);
    }

    [Fact]
    public void One_netback_shard_saturates_a_core_at_3_6_gigabits()
    {
        CostProfile profile = CostProfiles.Get("nehalem-2009");
        long packetPs = profile.Ps(CostName.NetbackPacket) + profile.Ps(CostName.GrantCopyOp) + profile.Ps(CostName.GrantCopyBytes1500) + profile.Ps(CostName.BridgePacket);
        long bitsPerSecond = 1_000_000_000_000 / packetPs * 1_538 * 8;
        Assert.InRange(bitsPerSecond, 3_400_000_000, 3_800_000_000);
    }

    [Fact]
    public void Cycles_become_time_by_the_clock_and_times_stay()
    {
        CostProfile profile = CostProfiles.Get("nehalem-2009");
        // 7600 / 2.8 GHz = 2714.2857 ns.
        Assert.Equal(2_714_286, profile.Ps(CostName.ExitEoiEmulate));
        Assert.Equal(1_000_000, profile.Ps(CostName.IpiFlightSameSocket));
        Assert.Equal(25_000_000, profile.Ps(CostName.MsixMaskDom0));
        Assert.Equal(1_000_000_000_000, profile.CyclesToPs(2_800_000_000));
    }

    [Fact]
    public void An_override_changes_one_constant_and_leaves_the_original()
    {
        CostProfile profile = CostProfiles.Get("nehalem-2009");
        CostProfile changed = profile.WithOverride(CostName.ExitEoiFast, CostUnit.Cycles, 2_800);
        Assert.Equal(1_000_000, changed.Ps(CostName.ExitEoiFast));
        Assert.Equal(3_100, profile.Constant(CostName.ExitEoiFast).Value);
        Assert.Equal("set", changed.Constant(CostName.ExitEoiFast).Confidence);
        Assert.Equal(2_500, changed.Constant(CostName.ExitEoiFast).Low);
        Assert.All(Enum.GetValues<CostName>().Where(n => n != CostName.ExitEoiFast && profile.Has(n)), n => Assert.Equal(profile.Ps(n), changed.Ps(n)));
        CostProfile timed = profile.WithOverride(CostName.ExitEoiFast, CostUnit.Picoseconds, 123);
        Assert.Equal(123, timed.Ps(CostName.ExitEoiFast));
        Assert.Equal(123, timed.Constant(CostName.ExitEoiFast).High);
    }

    [Fact]
    public void A_missing_constant_is_named_when_asked_for()
    {
        var profile = new CostProfile("partial", "", 1_000, [new CostConstant(CostName.IpiSend, CostUnit.Cycles, 1, 1, 1, "A", "test")]);
        Assert.Equal(1_000_000_000, profile.Ps(CostName.IpiSend));
        Assert.Contains("exit-bare", Assert.Throws<KeyNotFoundException>(() => profile.Ps(CostName.ExitBare)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_given_twice_is_refused()
    {
        var constant = new CostConstant(CostName.IpiSend, CostUnit.Cycles, 1, 1, 1, "A", "test");
        Assert.Contains("ipi-send", Assert.Throws<ArgumentException>(() => new CostProfile("p", "", 1, [constant, constant])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_profile_is_answered_with_those_there_are()
    {
        Assert.Null(CostProfiles.TryGet("pentium"));
        Assert.Contains("nehalem-2009", Assert.Throws<KeyNotFoundException>(() => CostProfiles.Get("pentium")).Message, StringComparison.Ordinal);
    }
}
