using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using IoScale.Actors.Running;
using IoScale.Scenarios;

namespace IoScale.Bench.Scenarios;

/// <summary>Events a second and virtual time per wall time of a scenario's variants, one thread, one variant after the other.</summary>
internal static class ScenarioSpeed
{
    public static void Print(string path, int runs)
    {
        Scenario scenario = ScenarioLoader.Load(path);
        Console.WriteLine($"{scenario.Name}: one thread, median of {runs} runs after one warm-up");
        Console.WriteLine();
        Console.WriteLine("| variant | events | events/s (min..max) | virtual / wall time | bytes allocated per event |");
        Console.WriteLine("|---|---|---|---|---|");
        using ActorSystem system = ActorSystem.Create("bench", "akka { loglevel = ERROR, stdout-loglevel = OFF }");
        int id = 0;
        foreach (Variant variant in scenario.Variants)
        {
            double[] rates = new double[runs];
            long events = 0;
            double bytes = 0;
            for (int i = -1; i < runs; i++)
            {
                using SystemRun run = new(system, $"bench-{id++}", variant.System, new SystemRunOptions());
                run.RunUntil(0);
                long allocated = GC.GetTotalAllocatedBytes(precise: true);
                long start = Stopwatch.GetTimestamp();
                run.RunUntil(run.DurationPs);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                events = run.EventsHandled;
                bytes = (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / events;
                if (i >= 0)
                {
                    rates[i] = events / seconds;
                }
            }

            Array.Sort(rates);
            double median = rates[runs / 2];
            double pace = variant.System.DurationPs / 1e12 / (events / median);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {variant.Name} | {events:N0} | {median / 1e6:F2} M ({rates[0] / 1e6:F2}..{rates[^1] / 1e6:F2}) | {pace:F3} | {bytes:F0} |"));
        }

        Console.WriteLine();
    }
}
