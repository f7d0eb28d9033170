namespace IoScale.Bench.Checkpoints;

/// <summary>A row of equal hosts of 134 entities, full of VMs, all of them with frames on their way.</summary>
/// <param name="Hosts">At least 1.</param>
/// <param name="Linked">By a fabric, over which nothing goes: the hosts go through windows together.</param>
internal sealed record FullHosts(int Hosts, bool Linked = false)
{
    public const string Name = "full-hosts";

    /// <summary>Hosts that have 100,000 entities together.</summary>
    public const int HundredThousand = 747;

    private const int VmsPerHost = 60;

    public string Text => $$"""
        apiVersion: ioscale/v1
        name: {{Name}}
        seed: 1
        duration: 1s
        hosts:
          - {name: "h[0..{{Hosts - 1}}]", pcpus: 8, nics: [{name: nic0, model: "82599", vfs: [60, 0]}]}
        {{(Linked ? "fabric: {name: spine, latency: 50us}" : "")}}
        vms:
        {{string.Join('\n', Enumerable.Range(0, Hosts).Select(h => $"  - {{name: \"v{h}x[0..{VmsPerHost - 1}]\", host: h{h}, vf: \"nic0.p0.vf[0..{VmsPerHost - 1}]\"}}"))}}
        traffic:
          - {name: rx, from: external, to: "*", rate: 100Mbps, frame: 1518B, arrival: poisson}
        """;
}
