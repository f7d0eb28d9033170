using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using IoScale.Scenarios.Values;

namespace IoScale.Nodes.Commands;

/// <summary>How results are printed.</summary>
internal enum OutputFormat
{
    Text,
    Json,
}

/// <summary>The options that several verbs share, read strictly: an error names the option, what it got, and what would be right.</summary>
internal sealed class CommonOptions
{
    public const int MostThreads = 256;

    public Argument<string[]> Paths { get; } = new("PATH")
    {
        Description = "Scenario files, or folders of them (*.yaml).",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<ulong?> Seed { get; } = Read<ulong?>("--seed", "N", "Seed of all randomness; replaces the scenario's.", text =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : null, "a whole number from 0 to 18446744073709551615");

    public Option<long?> Until { get; } = Time("--until", "Virtual time at which the run ends; replaces the scenario's.");

    public Option<int?> Threads { get; } = Read<int?>("--threads", "N", "Threads to use; does not change a result. Default: one for each processor.", text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= MostThreads ? threads : null, "a whole number from 1 to 256");

    public Option<string[]> Sets { get; } = new("--set")
    {
        HelpName = "path=value",
        Description = "Overrides one value of the scenario, as in hosts[h0].pcpus=8; may be repeated.",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public Option<string> Out { get; } = new("--out")
    {
        HelpName = "DIR",
        Description = "Folder for the results. Default: out/NAME; with several scenarios DIR/NAME each.",
    };

    public Option<OutputFormat?> Format { get; } = Read<OutputFormat?>("--format", "text|json", "What to print.", text => text switch
    {
        "text" => OutputFormat.Text,
        "json" => OutputFormat.Json,
        _ => null,
    }, "text or json");

    /// <summary>Threads asked for, or one for each processor.</summary>
    public int ThreadsOf(ParseResult parsed) => parsed.GetValue(Threads) ?? Math.Min(Environment.ProcessorCount, MostThreads);

    /// <summary>An option that takes a virtual time with its unit.</summary>
    public static Option<long?> Time(string name, string description) =>
        new(name)
        {
            HelpName = "TIME",
            Description = description,
            CustomParser = result =>
            {
                string? problem = Quantity.Parse(TextOf(result), Dimension.Time, "200ms", out long ps) ?? (ps < 0 ? "is negative; write for example 200ms" : null);
                if (problem is not null)
                {
                    result.AddError($"{name}: {problem}");
                }

                return ps;
            },
        };

    private static Option<T?> Read<T>(string name, string helpName, string description, Func<string, T?> read, string right) =>
        new(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = result =>
            {
                T? value = read(TextOf(result));
                if (value is null)
                {
                    result.AddError($"{name}: '{TextOf(result)}' is not {right}");
                }

                return value;
            },
        };

    private static string TextOf(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
}
