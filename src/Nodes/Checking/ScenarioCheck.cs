using IoScale.Hardware.Platform;
using IoScale.Scenarios;

namespace IoScale.Nodes.Checking;

/// <summary>What a check found for one variant.</summary>
internal sealed record VariantCheck(string Name, IReadOnlyList<HostGroup> Groups)
{
    public bool Fits => Groups.All(g => g.Budget.Fits);
}

/// <summary>What a check found for a scenario.</summary>
internal sealed record ScenarioCheck(string Name, IReadOnlyList<VariantCheck> Variants)
{
    /// <summary>Checks every host of every variant; equal hosts are looked at once.</summary>
    /// <param name="threads">Threads to use at most; does not change what is found.</param>
    public static ScenarioCheck Of(Scenario scenario, int threads)
    {
        List<HostSpec> distinct = [];
        Dictionary<string, int> indexOfKey = new(StringComparer.Ordinal);
        List<(string Variant, List<(int Index, List<string> Names)> Groups)> variants = [];
        foreach (Variant variant in scenario.Variants)
        {
            List<(int Index, List<string> Names)> groups = [];
            Dictionary<int, List<string>> namesOf = [];
            foreach (HostSpec host in variant.System.Hosts)
            {
                string key = HostGroup.KeyOf(host);
                if (!indexOfKey.TryGetValue(key, out int index))
                {
                    indexOfKey.Add(key, index = distinct.Count);
                    distinct.Add(host);
                }

                if (!namesOf.TryGetValue(index, out List<string>? names))
                {
                    namesOf.Add(index, names = []);
                    groups.Add((index, names));
                }

                names.Add(host.Name);
            }

            variants.Add((variant.Name, groups));
        }

        HostBudget[] budgets = new HostBudget[distinct.Count];
        Lazy<IReadOnlyList<string>>[] fixes = [.. distinct.Select(h => new Lazy<IReadOnlyList<string>>(() => Fixes.Of(h)))];
        Parallel.For(0, distinct.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => budgets[i] = HostCheck.Of(distinct[i]));
        return new ScenarioCheck(scenario.Name, [.. variants.Select(v =>
            new VariantCheck(v.Variant, [.. v.Groups.Select(g => new HostGroup(g.Names, distinct[g.Index], budgets[g.Index], fixes[g.Index]))]))]);
    }
}
