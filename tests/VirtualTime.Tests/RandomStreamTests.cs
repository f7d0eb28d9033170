using CsCheck;

namespace IoScale.VirtualTime.Tests;

public sealed class RandomStreamTests
{
    [Fact]
    public void The_bits_are_those_of_splitmix64()
    {
        // First outputs for seed 1234567, as published with the generator (prng.di.unimi.it, splitmix64.c).
        RandomStream stream = new(1234567);
        Assert.Equal(
            [6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL],
            [stream.Next(), stream.Next(), stream.Next(), stream.Next(), stream.Next()]);
    }

    [Fact]
    public void Streams_differ_by_seed_and_path_and_name()
    {
        (ulong Seed, string Path, string Name)[] keys =
            [(1, "a/b", "c"), (2, "a/b", "c"), (1, "a/c", "c"), (1, "a/b", "d"), (1, "a/bc", ""), (1, "", "a/bc")];
        Assert.Equal(keys.Length, keys.Select(key => RandomStream.Create(key.Seed, key.Path, key.Name).Next()).Distinct().Count());
    }

    [Fact]
    public void Every_value_below_the_bound_is_as_likely_as_the_next() =>
        Gen.Select(Gen.ULong, Gen.Int[1, 20]).Sample(
            (seed, bound) =>
            {
                const int draws = 2_000;
                RandomStream stream = new(seed);
                int[] counts = new int[bound];
                for (int i = 0; i < draws * bound; i++)
                {
                    counts[stream.Next(bound)]++;
                }

                // Eight standard deviations.
                Assert.All(counts, count => Assert.InRange(count, draws - (8 * Math.Sqrt(draws)), draws + (8 * Math.Sqrt(draws))));
            },
            iter: 50);

    [Fact]
    public void A_bound_of_one_gives_zero_and_none_is_refused()
    {
        RandomStream stream = new(1);
        Assert.Equal(0, stream.Next(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Next(0));
    }

    [Theory]
    [InlineData(0UL, 44_361_419_555_836L)]
    [InlineData((1UL << 63) - 1, 693_147_180_559L)]
    [InlineData((1UL << 62) - 1, 1_386_294_361_119L)]
    [InlineData(0xDEADBEEFDEADBEEFUL, 138_984_000_000L)]
    [InlineData(ulong.MaxValue, 0L)]
    public void The_exponential_is_the_logarithm(ulong bits, long expected)
    {
        // Expected: -ln((bits + 1) / 2^64) * 10^12.
        long actual = ExponentialTable.Scale(bits, 1_000_000_000_000);
        double exact = -Math.Log(((double)bits + 1) / 18446744073709551616.0) * 1e12;
        Assert.InRange(actual, exact - 5e5, exact + 5e5);
        Assert.InRange(actual, expected - 1e9, expected + 1e9);
    }

    [Fact]
    public void The_exponential_falls_as_its_argument_grows_and_is_exact_to_half_a_millionth_of_the_mean() =>
        Gen.Select(Gen.ULong, Gen.ULong).Sample((a, b) =>
        {
            const long mean = 1_000_000_000_000;
            long low = ExponentialTable.Scale(Math.Min(a, b), mean);
            Assert.True(low >= ExponentialTable.Scale(Math.Max(a, b), mean));
            double exact = -Math.Log((Math.Min(a, b) + 1.0) / 18446744073709551616.0) * mean;
            Assert.InRange(low, exact - 5e5, exact + 5e5);
        });

    [Fact]
    public void Mean_and_variance_of_the_exponential_are_right()
    {
        const int draws = 1_000_000;
        const long mean = 1_000_000;
        RandomStream stream = new(42);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < draws; i++)
        {
            double value = stream.NextExponential(mean);
            sum += value;
            squares += value * value;
        }

        double average = sum / draws;
        // Five standard errors: mean/1000 each for the mean, sqrt(8) times that for the variance.
        Assert.InRange(average, mean * 0.995, mean * 1.005);
        Assert.InRange((squares / draws) - (average * average), mean * (double)mean * 0.985, mean * (double)mean * 1.015);
    }

    [Fact]
    public void The_largest_mean_does_not_overflow() =>
        Assert.InRange(ExponentialTable.Scale(0, 1_000_000_000_000_000), 44_361_000_000_000_000, 44_362_000_000_000_000);
}
