using System.CommandLine;
using System.Globalization;
using IoScale.Cluster.Harness.Trials;
using IoScale.Tests.Shared;
using IoScale.Trials;

Option<int> count = new("--count") { Description = "Number of trials.", DefaultValueFactory = _ => 30 };
Option<int?> seed = new("--seed") { Description = "Seed of the first trial; the next has the next one. Default: of the clock." };
Option<string> store = new("--store") { Description = "Where the nodes keep journal and checkpoints.", DefaultValueFactory = _ => "sqlite" };
store.AcceptOnlyFromAmong("sqlite", "postgresql");
Option<int> milliseconds = new("--virtual-ms") { Description = "Virtual time of the run.", DefaultValueFactory = _ => TrialPrinter.DefaultVirtualMs };
RootCommand root = new("Crash trials: nodes of a cluster of three die in the middle of a run, and the result must be that of an undisturbed run.")
{
    count, seed, store, milliseconds,
};
root.SetAction(async (parsed, _) =>
{
    bool postgresql = parsed.GetValue(store) == "postgresql";
    if (postgresql && PostgresServer.Missing is { } missing)
    {
        Console.Error.WriteLine(missing);
        return 2;
    }

    using PostgresServer? server = postgresql ? PostgresServer.Start() : null;
    int first = parsed.GetValue(seed) ?? int.Parse(DateTime.UtcNow.ToString("MMddHHmmss", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    return await TrialPrinter.Run(parsed.GetValue(count), first, parsed.GetValue(milliseconds), server?.ConnectionString) ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();
