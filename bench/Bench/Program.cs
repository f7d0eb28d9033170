using IoScale.Bench.Checkpoints;
using IoScale.Bench.Clusters;
using IoScale.Bench.Phold;
using IoScale.Bench.Scenarios;
using IoScale.Bench.Windows;

const string Usage = """
    usage: phold [--entities N,N,...] [--remote PERCENT] [--threads 1|2] [--runs N] [--events N]
           scenario FILE [RUNS]
           checkpoint [HOSTS [THREADS [CONNECTION]]]
           windows [RUNS]
           cluster [start] [checkpoint] [recovery]
    """;

switch (args)
{
    case ["phold", ..] when PholdOptions.Parse(args.AsSpan(1)) is { } options:
        MachineHeader.Print();
        if (options.Threads == 1)
        {
            ActorPrice.Print(options);
        }

        ThreadGain.Print(options);
        return 0;
    case ["scenario", string file]:
        MachineHeader.Print();
        ScenarioSpeed.Print(file, 5);
        return 0;
    case ["scenario", string file, string count] when int.TryParse(count, out int runs) && runs is > 0 and <= 100:
        MachineHeader.Print();
        ScenarioSpeed.Print(file, runs);
        return 0;
    case ["checkpoint", .. { Length: <= 3 } rest] when Whole(rest, 0, FullHosts.HundredThousand) is { } hosts && Whole(rest, 1, 2) is { } threads:
        MachineHeader.Print();
        CheckpointCost.Print(hosts, runs: 3, threads, rest.ElementAtOrDefault(2));
        return 0;
    case ["windows", .. { Length: <= 1 } rest] when Whole(rest, 0, 5) is { } runs:
        MachineHeader.Print();
        await WindowCost.Print(runs);
        return 0;
    case ["cluster", .. string[] parts] when parts.All(ClusterTimes.Parts.Contains):
        MachineHeader.Print();
        await ClusterTimes.Print(parts.Length == 0 ? ClusterTimes.Parts : parts, runs: 3);
        return 0;
    case [ShareProcess.Command, string order]:
        ShareProcess.Run(order);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static int? Whole(string[] rest, int at, int otherwise) =>
    at >= rest.Length ? otherwise : int.TryParse(rest[at], out int number) && number > 0 ? number : null;
