using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;

namespace IoScale.Hardware.Tests.Vectors;

/// <summary>A million random steps of a small machine in which irqs move all the time.</summary>
public class MoveStormTests
{
    private const int Steps = 1_000_000;

    [Theory]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Physical)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Flat)]
    [InlineData(VectorAllocatorKind.Xen, DestinationMode.Physical)]
    [InlineData(VectorAllocatorKind.Linux2632, DestinationMode.Physical)]
    [InlineData(VectorAllocatorKind.Linux, DestinationMode.Physical)]
    public void Moving_irqs_lose_no_interrupt_and_leak_no_vector(VectorAllocatorKind kind, DestinationMode destination)
    {
        var machine = new StormMachine(kind, destination, seed: 20090819);
        for (var step = 0; step < Steps; step++)
        {
            machine.Step();
            if (step % 5_000 == 0)
            {
                machine.CheckTables();
            }
        }

        machine.Drain();
        machine.CheckTables();
        machine.CheckNothingHeldTwice();
        Assert.Equal(machine.Raised, machine.Handled + machine.Merged);
        Assert.True(machine.Moves > Steps / 200, $"only {machine.Moves} moves");
        Assert.True(machine.Cleanups > (destination == DestinationMode.Flat ? -1 : Steps / 400), $"only {machine.Cleanups} cleanups");
        Assert.True(machine.Resends > (destination == DestinationMode.Flat ? -1 : 100), $"only {machine.Resends} cleanup interrupts sent again");
        Assert.True(machine.Departures > 100, $"only {machine.Departures} pCPUs left");
        Assert.True(machine.Forwarded > (destination == DestinationMode.Flat ? -1 : 10), $"only {machine.Forwarded} interrupts forwarded");
    }
}
