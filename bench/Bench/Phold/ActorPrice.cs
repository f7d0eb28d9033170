using Akka.Actor;
using IoScale.VirtualTime;

namespace IoScale.Bench.Phold;

/// <summary>
/// What it costs that entities are actors: the engine on one thread and one partition, against a plain loop over the same queue; and, for
/// comparison, the plain loop with delivery through every actor's cell.
/// </summary>
internal static class ActorPrice
{
    private const ulong Seed = 1;

    public static void Print(PholdOptions options)
    {
        Console.WriteLine($"PHOLD, {options.Remote} % remote, one thread, one partition; medians of {options.Runs} runs in turn; cpu = processor ns an event");
        Console.WriteLine(
            $"{"entities",10}{"plain ev/s",13}{"cpu",6}{"engine ev/s",13}{"cpu",6}{"B/event",9}{"ratio",7}{"min",6}{"max",6}{"by cell ev/s",14}{"ratio",7}   load");
        foreach (int entities in options.Entities)
        {
            PholdModel model = new(entities, options.Remote);
            using ActorSystem system = BenchSystem.Create();
            PlainLoop plain = new(model, Seed);
            CellLoop cells = new(system, model, Seed);
            using Simulation simulation = new(system, "phold", PholdActor.Topology(model, 1, Seed), new SimulationOptions());
            Series a = new(plain.RunUntil, () => plain.EventsHandled);
            Series b = new(simulation.RunUntil, () => simulation.EventsHandled);
            Series c = new(cells.RunUntil, () => cells.EventsHandled);
            Series.InTurn(options.Runs, Math.Max(1, options.Events / entities) * PholdModel.MeanDelay, a, b, c);
            if (plain.EventsHandled != simulation.EventsHandled || plain.EventsHandled != cells.EventsHandled)
            {
                throw new InvalidOperationException("The loops did not handle the same events.");
            }

            (double median, double min, double max) = b.Over(a);
            Console.WriteLine(
                $"{entities,10}{a.Rate,13:N0}{a.ProcessorNanoseconds,6:0}{b.Rate,13:N0}{b.ProcessorNanoseconds,6:0}{b.BytesPerEvent,9:0.000}"
                + $"{median,7:0.00}{min,6:0.00}{max,6:0.00}{c.Rate,14:N0}{c.Over(a).Median,7:0.00}   {MachineHeader.Load()}");
        }

        Console.WriteLine();
    }
}
