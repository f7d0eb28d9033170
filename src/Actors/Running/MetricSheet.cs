using IoScale.Protocol.Metrics;

namespace IoScale.Actors.Running;

/// <summary>Collects metric values: values for the same labels add up, and the result is in the catalogue's order, then in the order of first mention.</summary>
internal sealed class MetricSheet
{
    private readonly Dictionary<(MetricDefinition, string), int> _index = [];
    private readonly Dictionary<MetricDefinition, List<MetricSample>> _samples = [];

    public void Add(MetricDefinition metric, double value, params string[] labels)
    {
        if (!_samples.TryGetValue(metric, out List<MetricSample>? samples))
        {
            _samples.Add(metric, samples = []);
        }

        (MetricDefinition, string) key = (metric, string.Join('\n', labels));
        if (_index.TryGetValue(key, out int at))
        {
            samples[at] = samples[at] with { Value = samples[at].Value + value };
        }
        else
        {
            _index.Add(key, samples.Count);
            samples.Add(new MetricSample(metric, labels, value));
        }
    }

    public IReadOnlyList<MetricSample> Samples() => [.. MetricCatalogue.All.SelectMany(m => _samples.GetValueOrDefault(m) ?? [])];
}
