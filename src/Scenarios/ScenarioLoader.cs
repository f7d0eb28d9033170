using System.Text;
using IoScale.Scenarios.Values;
using IoScale.Scenarios.Yaml;

namespace IoScale.Scenarios;

/// <summary>Reads scenario files: strict YAML in, one checked system for each variant out.</summary>
public static class ScenarioLoader
{
    private const long LargestFile = 64_000_000;

    /// <summary>Reads and checks a scenario file.</summary>
    /// <param name="sets">Overrides from the command line, each <c>path=value</c>; they win over what variants set.</param>
    /// <param name="seed">Replaces the scenario's seed.</param>
    /// <param name="untilPs">Ends the run at this time; what the timeline and the traffic do later is left out.</param>
    /// <exception cref="ScenarioException">The file cannot be read, or holds mistakes: all of them at once.</exception>
    public static Scenario Load(
        string path,
        IReadOnlyList<string>? sets = null,
        ulong? seed = null,
        long? untilPs = null,
        IHardwareCatalogue? hardware = null) => Parse(path, ReadText(path), sets, seed, untilPs, hardware);

    /// <summary>Checks scenario text; <paramref name="file"/> is the name that errors give.</summary>
    /// <exception cref="ScenarioException">The text holds mistakes: all of them at once.</exception>
    public static Scenario Parse(
        string file,
        string text,
        IReadOnlyList<string>? sets = null,
        ulong? seed = null,
        long? untilPs = null,
        IHardwareCatalogue? hardware = null)
    {
        ErrorList errors = new();
        YamlMap? tree = YamlReader.Read(file, text, errors);
        IReadOnlyList<CommandLineOverride> overrides = CommandLine(sets ?? [], seed, untilPs, errors);
        Scenario? scenario = tree is null ? null : new ScenarioChecker(hardware ?? StandardHardware.Instance, errors, overrides, untilPs is not null).Check(tree);
        errors.ThrowIfAny();
        return scenario!;
    }

    private static List<CommandLineOverride> CommandLine(IReadOnlyList<string> sets, ulong? seed, long? untilPs, ErrorList errors)
    {
        List<CommandLineOverride> overrides = [];
        foreach (string set in sets)
        {
            Source option = new("--set", 0);
            int equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                errors.Add(option, "", $"{Show.Value(set)} is not path=value; write for example --set hosts[*].pcpus=8");
                continue;
            }

            string value = set[(equals + 1)..].Trim();
            YamlNode? node = value.Length > 0 && "[{\"'".Contains(value[0], StringComparison.Ordinal)
                ? YamlReader.ReadValue("--set", value, errors)
                : new YamlScalar(option, value, false);
            if (node is not null)
            {
                overrides.Add(new(set[..equals].Trim(), node, option));
            }
        }

        if (seed is { } s)
        {
            overrides.Add(new("seed", new YamlScalar(new("--seed", 0), $"{s}", false), new("--seed", 0)));
        }

        if (untilPs is { } until)
        {
            overrides.Add(new("duration", new YamlScalar(new("--until", 0), Quantity.Format(until, Dimension.Time), false), new("--until", 0)));
        }

        return overrides;
    }

    private static string ReadText(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw Unreadable(path, "is a directory; name a scenario file");
            }

            FileInfo info = new(path);
            if (info.Exists && info.Length > LargestFile)
            {
                throw Unreadable(path, $"is larger than {LargestFile / 1_000_000} MB; use ranges such as vm[0..62]");
            }

            return new UTF8Encoding(false, true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unreadable(path, "does not exist; name a scenario file");
        }
        catch (DecoderFallbackException)
        {
            throw Unreadable(path, "is not UTF-8 text, so it is not a scenario");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, $"cannot be read: {e.Message}");
        }
    }

    private static ScenarioException Unreadable(string path, string why) => new([new(path, 0, "", why)]);
}

/// <summary>A value that the command line puts in place of the file's.</summary>
/// <param name="At">The option.</param>
internal sealed record CommandLineOverride(string Path, YamlNode Value, Source At);
