using System.Globalization;

namespace IoScale.Bench.Phold;

/// <summary>What to measure.</summary>
internal sealed record PholdOptions
{
    public IReadOnlyList<int> Entities { get; private init; } = [1_024, 16_384, 65_536];

    /// <summary>Share of messages that go to another entity, in percent.</summary>
    public int Remote { get; private init; } = 25;

    /// <summary>1: everything; 2: only the comparison of one thread with two.</summary>
    public int Threads { get; private init; } = 1;

    /// <summary>Runs of each kind, in turn, after the warm-up.</summary>
    public int Runs { get; private init; } = 7;

    /// <summary>Events a run, about.</summary>
    public long Events { get; private init; } = 2_000_000;

    public static PholdOptions? Parse(ReadOnlySpan<string> args)
    {
        PholdOptions options = new();
        for (int i = 0; i < args.Length; i += 2)
        {
            int[]? values = i + 1 < args.Length ? Numbers(args[i + 1]) : null;
            if (values is null)
            {
                Console.Error.WriteLine($"{args[i]} needs a number (or several, with commas)");
                return null;
            }

            switch (args[i])
            {
                case "--entities":
                    options = options with { Entities = values };
                    break;
                case "--remote":
                    options = options with { Remote = values[0] };
                    break;
                case "--threads":
                    options = options with { Threads = values[0] };
                    break;
                case "--runs":
                    options = options with { Runs = values[0] };
                    break;
                case "--events":
                    options = options with { Events = values[0] };
                    break;
                default:
                    Console.Error.WriteLine($"unknown option {args[i]}");
                    return null;
            }
        }

        return options;
    }

    private static int[]? Numbers(string text)
    {
        List<int> numbers = [];
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }
}
