using IoScale.Hardware.Data;

namespace IoScale.Hardware.Costs;

/// <summary>The cost profiles that come with the program.</summary>
public static class CostProfiles
{
    private const string Folder = "profiles";

    /// <summary>Constants of what not every processor has.</summary>
    private static readonly CostName[] Optional = [CostName.EoiApicv, CostName.ExitEoiBitmap, CostName.PostedDelivery, CostName.PostedNotification];

    private static readonly Lazy<IReadOnlyList<CostProfile>> All = new(() =>
        [.. EmbeddedYaml.Files(Folder).Select(f => Parse($"{Folder}/{f}.yaml", EmbeddedYaml.Text(Folder, f)))]);

    /// <summary>Names in ordinal order.</summary>
    public static IReadOnlyList<string> Names => [.. All.Value.Select(p => p.Name)];

    /// <exception cref="KeyNotFoundException">No such profile; the message names those there are.</exception>
    public static CostProfile Get(string name) =>
        TryGet(name) ?? throw new KeyNotFoundException($"no cost profile {name}; there are {string.Join(", ", Names)}");

    /// <summary>The profile, or null.</summary>
    public static CostProfile? TryGet(string name) => All.Value.FirstOrDefault(p => p.Name == name);

    /// <summary>Reads a profile.</summary>
    /// <param name="file">Name for messages.</param>
    /// <exception cref="InvalidDataException">A constant is missing, unknown, given twice, or its figures are not in order; the message names it.</exception>
    public static CostProfile Parse(string file, string text)
    {
        ProfileFile profile = EmbeddedYaml.Parse<ProfileFile>(file, text);
        List<CostConstant> constants = [];
        foreach ((string name, ConstantFile figures) in profile.Constants)
        {
            if (!CostNames.Names.TryParse(name, out CostName cost))
            {
                throw new InvalidDataException($"{file}: unknown constant {name}");
            }

            constants.Add(Constant(file, name, cost, figures));
        }

        constants.Sort((a, b) => a.Name.CompareTo(b.Name));
        foreach (string name in CostNames.Names.All)
        {
            if (!profile.Constants.ContainsKey(name) && !Optional.Any(o => CostNames.Names.Of(o) == name))
            {
                throw new InvalidDataException($"{file}: constant {name} is missing");
            }
        }

        return new CostProfile(profile.Name, profile.Description, profile.ClockHz, constants);
    }

    private static CostConstant Constant(string file, string name, CostName cost, ConstantFile figures)
    {
        (CostUnit unit, long scale) = figures.Unit switch
        {
            "cycles" => (CostUnit.Cycles, 1L),
            "ns" => (CostUnit.Picoseconds, 1_000L),
            "us" => (CostUnit.Picoseconds, 1_000_000L),
            _ => throw new InvalidDataException($"{file}: {name}: unit {figures.Unit} is none of cycles, ns, us"),
        };
        if (figures.Low < 0 || figures.Value < figures.Low || figures.Value > figures.High)
        {
            throw new InvalidDataException($"{file}: {name}: {figures.Value} is not within {figures.Low} to {figures.High}");
        }

        return new CostConstant(cost, unit, figures.Value * scale, figures.Low * scale, figures.High * scale, figures.Confidence, figures.Source);
    }

    private sealed class ProfileFile
    {
        public required string Name { get; init; }

        public required string Description { get; init; }

        public required long ClockHz { get; init; }

        public required Dictionary<string, ConstantFile> Constants { get; init; }
    }

    private sealed class ConstantFile
    {
        public required long Value { get; init; }

        public required string Unit { get; init; }

        public required long Low { get; init; }

        public required long High { get; init; }

        public required string Confidence { get; init; }

        public required string Source { get; init; }
    }
}
