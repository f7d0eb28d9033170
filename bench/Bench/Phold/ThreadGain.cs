using Akka.Actor;
using IoScale.VirtualTime;

namespace IoScale.Bench.Phold;

/// <summary>Two partitions over a link whose latency is the lookahead: one thread against two.</summary>
internal static class ThreadGain
{
    private const ulong Seed = 1;

    public static void Print(PholdOptions options)
    {
        Console.WriteLine($"PHOLD, {options.Remote} % remote, two partitions, lookahead 0.1 us; medians of {options.Runs} runs in turn");
        Console.WriteLine(
            $"{"entities",10}{"1 thread ev/s",15}{"2 threads ev/s",16}{"ratio",7}{"min",6}{"max",6}{"ev/window",11}{"waits",9}{"parks",9}   load");
        foreach (int entities in options.Entities)
        {
            PholdModel model = new(entities, options.Remote);
            using ActorSystem system = BenchSystem.Create();
            using Simulation one = new(system, "one", PholdActor.Topology(model, 2, Seed), new SimulationOptions { Threads = 1 });
            using Simulation two = new(system, "two", PholdActor.Topology(model, 2, Seed), new SimulationOptions { Threads = 2 });
            Series a = new(one.RunUntil, () => one.EventsHandled);
            Series b = new(two.RunUntil, () => two.EventsHandled);
            Series.InTurn(options.Runs, Math.Max(1, options.Events / entities) * PholdModel.MeanDelay, a, b);
            if (one.ResultHash() != two.ResultHash())
            {
                throw new InvalidOperationException("One thread and two gave different results.");
            }

            RunStatistics statistics = two.Statistics;
            (double median, double min, double max) = b.Over(a);
            Console.WriteLine(
                $"{entities,10}{a.Rate,15:N0}{b.Rate,16:N0}{median,7:0.00}{min,6:0.00}{max,6:0.00}{(double)statistics.Events / statistics.Windows,11:N0}"
                + $"{statistics.WaitsByThread.Sum(),9:N0}{statistics.ParksByThread.Sum(),9:N0}   {MachineHeader.Load()}");
        }
    }
}
