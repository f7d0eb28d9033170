using IoScale.Scenarios;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>The scenario that this node ran last: an epoch that begins anew need not fetch and check it again.</summary>
internal sealed class ScenarioCache
{
    private readonly Lock _lock = new();
    private ulong _hash;
    private Scenario? _scenario;

    public Scenario? Find(ulong hash)
    {
        lock (_lock)
        {
            return hash == _hash ? _scenario : null;
        }
    }

    public Scenario Keep(ulong hash, Scenario scenario)
    {
        lock (_lock)
        {
            (_hash, _scenario) = (hash, scenario);
        }

        return scenario;
    }
}
