using IoScale.Actors.Assembly;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Scenarios;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>The scenario of a run and the topology of one of its variants, as far as the coordinator needs them: to plan, to name, to judge.</summary>
internal sealed record RunModel(string Run, int Variant, Scenario Scenario, byte[] Packed, ulong Hash, Topology Topology)
{
    public Variant Spec => Scenario.Variants[Variant];

    /// <param name="known">The model of another variant of the run, which spares reading the scenario again.</param>
    public static RunModel Of(RunRecord run, int variant, RunModel? known)
    {
        byte[] packed = run.Submitted.Resolved.ToByteArray();
        ulong hash = ScenarioFetch.HashOf(packed);
        Scenario scenario = known?.Run == run.Run ? known.Scenario : ScenarioFetch.Parse(packed, hash);
        return new RunModel(run.Run, variant, scenario, packed, hash, SystemAssembly.Of(scenario.Variants[variant].System).Topology);
    }
}
