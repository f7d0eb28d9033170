using CsCheck;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Tests;

public class QuantityTests
{
    [Theory]
    [InlineData("200ms", 200_000_000_000)]
    [InlineData("1.5ms", 1_500_000_000)]
    [InlineData("0.001ns", 1)]
    [InlineData("2 us", 2_000_000)]
    [InlineData("9223372.036854775807s", long.MaxValue)]
    public void Times_are_exact(string text, long ps)
    {
        Assert.Null(Quantity.Parse(text, Dimension.Time, "1ms", out long value));
        Assert.Equal(ps, value);
    }

    [Theory]
    [InlineData("9223372.036854775808s")]
    [InlineData("1.ms")]
    [InlineData(".5ms")]
    [InlineData("1e3ms")]
    [InlineData("+1ms")]
    [InlineData("1,5ms")]
    [InlineData("ms")]
    [InlineData("")]
    [InlineData("1ms 2ms")]
    public void What_is_not_a_time_is_refused(string text) => Assert.NotNull(Quantity.Parse(text, Dimension.Time, "1ms", out _));

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[0, 5]).Sample((value, dimension) =>
        {
            string text = Quantity.Format(value, (Dimension)dimension);
            return Quantity.Parse(text, (Dimension)dimension, text, out long again) is null && again == value;
        });

    [Theory]
    [InlineData(1_500_000_000, "1500us")]
    [InlineData(2_000_000_000_000, "2s")]
    [InlineData(0, "0ps")]
    public void The_largest_unit_without_a_fraction_is_written(long ps, string text) => Assert.Equal(text, Quantity.Format(ps, Dimension.Time));
}
