using IoScale.Bench.Phold;
using IoScale.Bench.Scenarios;

const string Usage = """
    usage: phold [--entities N,N,...] [--remote PERCENT] [--threads 1|2] [--runs N] [--events N]
           scenario FILE [RUNS]
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
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
