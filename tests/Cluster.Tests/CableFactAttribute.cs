using IoScale.Cluster.Harness.Networks;

namespace IoScale.Cluster.Tests;

/// <summary>A test that cuts cables between network namespaces; skipped with the reason where none can be made.</summary>
public sealed class CableFactAttribute : FactAttribute
{
    public CableFactAttribute() => Skip = CableLab.Missing;
}
