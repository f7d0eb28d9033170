using CsCheck;
using IoScale.Hardware.Vectors;
using MemoryPack;

namespace IoScale.Hardware.Tests.Vectors;

public class CpuMaskTests
{
    private static readonly Gen<int[]> Members = Gen.OneOf(Gen.Int[0, 63], Gen.Int[0, 1100]).Array[0, 20];

    [Fact]
    public void A_mask_behaves_like_a_sorted_set() => Gen.Select(Members, Members).Sample((left, right) =>
    {
        var a = CpuMask.Of(left);
        var b = CpuMask.Of(right);
        Assert.Equal(left.Distinct().Order(), List(a));
        Assert.Equal(left.Intersect(right).Order(), List(a.And(b)));
        Assert.Equal(left.Union(right).Order(), List(a.Or(b)));
        Assert.Equal(left.Except(right).Order(), List(a.AndNot(b)));
        Assert.Equal(left.Intersect(right).Any(), a.Intersects(b));
        Assert.Equal(!left.Except(right).Any(), a.IsSubsetOf(b));
        Assert.Equal(left.Distinct().Count(), a.Count);
        Assert.Equal(left.Length == 0, a.IsEmpty);
        Assert.Equal(left.ToHashSet().SetEquals(right), a == b);
        Assert.Equal(a, CpuMask.Of(left.Reverse().ToArray()));
        Assert.Equal(left.Distinct().Aggregate(System.Numerics.BigInteger.Zero, (sum, cpu) => sum + System.Numerics.BigInteger.Pow(2, cpu)), a.ToInteger());
        Assert.Equal(a, MemoryPackSerializer.Deserialize<CpuMask>(MemoryPackSerializer.Serialize(a)));
    });

    [Fact]
    public void Taking_the_high_members_away_gives_an_equal_mask()
    {
        Assert.Equal(CpuMask.Single(3), CpuMask.Of(3, 1000).Without(1000));
        Assert.Equal(CpuMask.None, CpuMask.Single(4095).Without(4095));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1024)]
    public void The_first_pCPUs_are_the_lowest(int count) => Assert.Equal(Enumerable.Range(0, count), List(CpuMask.FirstCpus(count)));

    [Fact]
    public void A_pCPU_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuMask.Single(CpuMask.MaxCpus));
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuMask.Single(-1));
        Assert.False(CpuMask.FirstCpus(4).Contains(-1));
        Assert.False(CpuMask.FirstCpus(4).Contains(9999));
    }

    private static List<int> List(CpuMask mask)
    {
        var members = new List<int>();
        foreach (var cpu in mask)
        {
            members.Add(cpu);
        }

        return members;
    }
}
