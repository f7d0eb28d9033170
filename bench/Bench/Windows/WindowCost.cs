using System.Globalization;
using IoScale.Bench.Phold;
using IoScale.Nodes.Cluster.Planning;
using IoScale.VirtualTime;

namespace IoScale.Bench.Windows;

/// <summary>
/// What windows between processes cost, and what is left of the speed: PHOLD on one, two and three processes of one thread each, which exchange their
/// batches over Akka.Remote on loopback. Stops when the result is not that of one process.
/// </summary>
internal static class WindowCost
{
    private const int WarmUps = 5;

    private const int MostProcesses = 3;

    /// <summary>Entities, which are ten times the events in a window, and windows in a slice. The first has little more than nothing to do in a window.</summary>
    private static readonly (int Entities, int Windows)[] Sizes = [(6, 1_000), (1_000, 1_000), (10_000, 500), (100_000, 100)];

    public static async Task Print(int runs)
    {
        Console.WriteLine(
            $"PHOLD, {ShareOrder.Remote} % remote, lookahead 0.1 us, {ShareOrder.Partitions} partitions on 1 to {MostProcesses} processes of one thread; medians of {runs} runs (min..max)");
        Console.WriteLine();
        Console.WriteLine("| events a window | processes | events/s | us a window | CPU us a window and process | bytes a window and process | predicted events/s | measured / predicted | load |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach ((int entities, int windows) in Sizes)
        {
            ulong? hash = null;
            double eventUs = 0;
            for (int processes = 1; processes <= MostProcesses; processes++)
            {
                (ShareSlice[][] slices, ulong own) = await ShareGroup.Run(processes, entities, windows * PholdModel.Lookahead, WarmUps, runs);
                hash ??= own;
                if (own != hash)
                {
                    throw new InvalidOperationException($"One process and {processes} gave different results.");
                }

                WindowFigures figures = new(slices);
                eventUs = processes == 1 ? figures.FastestEventUs : eventUs;
                PrintRow(processes, figures, Predict(processes, figures, eventUs, runs * windows * PholdModel.Lookahead));
            }
        }

        Console.WriteLine();
    }

    /// <param name="eventUs">Time of an event in one process at its best, which is what <c>submit</c> finds out before it predicts.</param>
    private static double Predict(int processes, WindowFigures figures, double eventUs, long virtualPs) => CostModel.Predict(new CostInputs(
        EventsPerUs: figures.Events / (virtualPs / (double)VirtualDuration.Microsecond),
        EventCpuUs: eventUs,
        CrossingShare: ShareOrder.Remote / 100.0 * (processes - 1) / processes,
        LookaheadPs: PholdModel.Lookahead,
        ThreadLookaheadPs: long.MaxValue,
        Nodes: processes,
        Threads: Math.Min(processes, Environment.ProcessorCount),
        Imbalance: figures.Imbalance)).EventsPerSecond;

    private static void PrintRow(int processes, WindowFigures figures, double predicted) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {figures.EventsInWindow:N1} | {processes} | {figures.EventsPerSecond.Text("N0")} | {figures.WindowUs.Text("N1")} | {figures.WindowProcessorUs.Text("N1")}"
        + $" | {figures.WindowBytes:N0} | {predicted:N0} | {figures.EventsPerSecond.Median / predicted:N2} | {MachineHeader.Load()} |"));
}
