using System.Globalization;
using IoScale.Hardware.Data;

namespace IoScale.Hardware.Nics;

/// <summary>Reads a NIC model. Each figure stands in the file with its confidence and source, so none can be without them.</summary>
public static class NicModelFile
{
    /// <param name="file">Name for messages.</param>
    /// <exception cref="InvalidDataException">A figure is missing, unknown, given twice or no number; the message names it.</exception>
    public static NicModel Parse(string file, string text)
    {
        ModelFile model = EmbeddedYaml.Parse<ModelFile>(file, text);
        var figures = new Figures(file, model.Figures);
        var parsed = new NicModel(
            model.Name,
            model.Aliases,
            model.Description,
            figures.Int("ports"),
            figures.Long("port-rate-bps"),
            figures.Int("max-vfs-per-port"),
            figures.Int("max-vfs-per-device"),
            figures.Int("pf-vectors"),
            figures.Int("default-pf-vectors"),
            figures.Int("vf-vectors"),
            figures.Int("default-vf-vectors"),
            figures.Int("device-vectors"),
            figures.List("vf-vector-tiers"),
            figures.Int("first-vf-offset"),
            figures.Int("vf-stride"),
            figures.Int("ring-min"),
            figures.Int("ring-default"),
            figures.Int("ring-max"),
            figures.Long("moderation-step-ps"),
            figures.Long("moderation-max-ps"),
            figures.Long("default-vf-rate-hz"),
            figures.Long("rx-latency-ps"),
            figures.Long("loopback-bps"),
            [.. model.Figures.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new NicFact(f.Key, f.Value.Confidence, f.Value.Source))]);
        figures.CheckAllRead();
        return parsed;
    }

    private sealed class Figures(string file, Dictionary<string, FigureFile> figures)
    {
        private readonly HashSet<string> _read = [];

        public long Long(string name) => Number(name, Text(name));

        public int Int(string name) => checked((int)Long(name));

        /// <summary>Numbers separated by commas; "none" for no number.</summary>
        public IReadOnlyList<int> List(string name)
        {
            string text = Text(name);
            return text == "none" ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(t => checked((int)Number(name, t)))];
        }

        public void CheckAllRead()
        {
            foreach (string name in figures.Keys.Order(StringComparer.Ordinal))
            {
                if (!_read.Contains(name))
                {
                    throw new InvalidDataException($"{file}: unknown figure {name}");
                }
            }
        }

        private string Text(string name)
        {
            _read.Add(name);
            return figures.TryGetValue(name, out FigureFile? figure)
                ? figure.Value
                : throw new InvalidDataException($"{file}: figure {name} is missing");
        }

        private long Number(string name, string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new InvalidDataException($"{file}: {name}: {text} is not a number");
    }

    private sealed class ModelFile
    {
        public required string Name { get; init; }

        public required List<string> Aliases { get; init; }

        public required string Description { get; init; }

        public required Dictionary<string, FigureFile> Figures { get; init; }
    }

    private sealed class FigureFile
    {
        public required string Value { get; init; }

        public required string Confidence { get; init; }

        public required string Source { get; init; }
    }
}
