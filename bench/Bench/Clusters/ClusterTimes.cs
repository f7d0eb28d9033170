using IoScale.Bench.Phold;

namespace IoScale.Bench.Clusters;

/// <summary>How long a cluster of three real nodes on this machine takes for what a user waits for.</summary>
internal static class ClusterTimes
{
    public static readonly string[] Parts = ["start", "checkpoint", "recovery"];

    /// <param name="parts">Of <see cref="Parts"/>.</param>
    /// <param name="runs">Of each.</param>
    public static async Task Print(IReadOnlyCollection<string> parts, int runs)
    {
        Console.WriteLine($"3 nodes of one thread on this machine, SQLite, default configuration; medians of {runs} (min..max)");
        Console.WriteLine();
        Console.WriteLine("| what | seconds | load |");
        Console.WriteLine("|---|---|---|");
        if (parts.Contains("start"))
        {
            await Starts.Print(runs);
        }

        if (parts.Contains("checkpoint"))
        {
            await ClusterCheckpoints.Print(runs);
        }

        if (parts.Contains("recovery"))
        {
            await Recoveries.Print(runs);
        }

        Console.WriteLine();
    }

    public static void Row(string what, IEnumerable<double> seconds) => Console.WriteLine($"| {what} | {Spread.Of(seconds).Text("0.00")} | {MachineHeader.Load()} |");
}
