using IoScale.Nodes.Running;

namespace IoScale.Nodes.Tests;

public class StepPacerTests
{
    [Theory]
    [InlineData(1_000)]
    [InlineData(5_000_000)]
    public void Steps_settle_at_a_length_that_takes_50_to_100_milliseconds(long psPerMillisecond)
    {
        StepPacer pacer = new(1_000_000_000_000);
        for (int i = 0; i < 30; i++)
        {
            pacer.Took(TimeSpan.FromMilliseconds((double)pacer.StepPs / psPerMillisecond));
        }

        Assert.InRange(pacer.StepPs / psPerMillisecond, 50, 100);
    }

    [Fact]
    public void A_step_is_never_empty_nor_longer_than_a_hundredth_of_the_run()
    {
        StepPacer pacer = new(300);
        Assert.Equal(1, pacer.StepPs);
        for (int i = 0; i < 10; i++)
        {
            pacer.Took(TimeSpan.Zero);
        }

        Assert.Equal(3, pacer.StepPs);
        for (int i = 0; i < 10; i++)
        {
            pacer.Took(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(1, pacer.StepPs);
    }
}
