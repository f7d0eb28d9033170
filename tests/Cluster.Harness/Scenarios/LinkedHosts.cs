using System.Globalization;

namespace IoScale.Cluster.Harness.Scenarios;

/// <summary>
/// Hosts on one switch, with VM-to-VM flows around them and across them, and load from outside. The work grows with hosts and duration, the windows with
/// duration over latency.
/// </summary>
/// <param name="Hosts">At least 4, even.</param>
/// <param name="LatencyUs">Of each host's wire to the switch: a window.</param>
/// <param name="DurationUs">Virtual time, more than 1000.</param>
public sealed record LinkedHosts(int Hosts, int LatencyUs, int DurationUs)
{
    public string Name { get; init; } = "linked";

    /// <summary>Load of each flow around the hosts.</summary>
    public int RingMbps { get; init; } = 300;

    /// <summary>Milliseconds of wall time in one process, hundreds of windows.</summary>
    public static LinkedHosts Eight { get; } = new(8, 20, 10_000) { Name = "eight" };

    public static LinkedHosts SixtyFour { get; } = new(64, 50, 5_000) { Name = "sixty-four" };

    public static LinkedHosts Many { get; } = new(256, 50, 2_500) { Name = "many" };

    public int Windows => DurationUs / LatencyUs;

    public string Text
    {
        get
        {
            int last = Hosts - 1;
            int half = Hosts / 2;
            return string.Create(CultureInfo.InvariantCulture, $$$"""
                apiVersion: ioscale/v1
                name: {{{Name}}}
                seed: 4
                duration: {{{DurationUs}}}us
                warmUp: {{{DurationUs / 10}}}us
                hosts:
                  - name: "h[0..{{{last}}}]"
                    pcpus: 4
                    nics:
                      - {name: nic0, model: "82599", vfs: [4, 0], coalescing: {rate: 8kHz}}
                fabric: {name: spine, latency: {{{LatencyUs}}}us}
                vms:
                  - {name: "a[0..{{{last}}}]", host: "h[0..{{{last}}}]", vf: nic0.p0.vf0}
                  - {name: "b[0..{{{last}}}]", host: "h[0..{{{last}}}]", vf: nic0.p0.vf1}
                  - {name: "c[0..{{{last}}}]", host: "h[0..{{{last}}}]", vf: nic0.p0.vf2}
                traffic:
                  - {name: ring, from: "a[0..{{{last - 1}}}]", to: "b[1..{{{last}}}]", rate: {{{RingMbps}}}Mbps, arrival: poisson}
                  - {name: close, from: a{{{last}}}, to: b0, rate: {{{RingMbps}}}Mbps, arrival: poisson}
                  - {name: call, from: "c[0..{{{half - 1}}}]", to: "c[{{{half}}}..{{{last}}}]", transport: request-response, rate: 1Gbps, frame: 256B, window: 4}
                  - {name: rx, from: external, to: "c*", rate: 200Mbps, frame: 512B, arrival: on-off, on: 1ms, off: 1ms}
                expect:
                  - vectors_refused_total == 0
                """);
        }
    }

    /// <summary>Writes it to a file of its name.</summary>
    public string WriteTo(string folder)
    {
        string file = Path.Combine(folder, Name + ".yaml");
        File.WriteAllText(file, Text);
        return file;
    }
}
