using System.Runtime.CompilerServices;
using System.Text.Json;
using IoScale.Hardware.Platform;

namespace IoScale.Scenarios.Tests;

/// <summary>What the tests share: a small valid scenario, the examples, and systems as comparable text.</summary>
internal static class Text
{
    /// <summary>One host with 2 sockets of 4 pCPUs, one NIC with 4 VFs on port 0, two VMs with a VF and one without.</summary>
    public const string Small = """
        apiVersion: ioscale/v1
        name: small
        duration: 100ms
        warmUp: 10ms
        hosts:
          - name: h0
            sockets: 2
            pcpus: 8
            nics:
              - {name: nic0, model: 82599, vfs: [4, 0]}
        vms:
          - {name: vm0, vcpus: 2, vf: nic0.p0.vf0}
          - {name: vm1, vf: nic0.p0.vf1}
          - {name: lone}
        traffic:
          - {name: rx, to: "vm*", rate: 1Gbps}
        timeline:
          - {at: 50ms, do: migrate-vcpu, vm: vm0, vcpu: 1, pcpu: 3}
        expect:
          - functions_up == 6
        """;

    public static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    public static IReadOnlyList<string> ExamplePaths() =>
        [.. Directory.GetFiles(Path.Combine(Root(), "scenarios"), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public static Scenario Parse(string text, params string[] sets) => ScenarioLoader.Parse("test.yaml", text, sets);

    public static SystemSpec System(string text, params string[] sets) => Parse(text, sets).Variants[0].System;

    /// <summary>The mistakes of a text, as the user sees them.</summary>
    public static IReadOnlyList<string> Mistakes(string text, params string[] sets)
    {
        try
        {
            Parse(text, sets);
            return [];
        }
        catch (ScenarioException e)
        {
            return [.. e.Errors.Select(m => m.ToString())];
        }
    }

    /// <summary>A line of <see cref="Small"/> replaced.</summary>
    public static string With(string line, string replacement)
    {
        Assert.Contains(line, Small, StringComparison.Ordinal);
        return Small.Replace(line, replacement, StringComparison.Ordinal);
    }

    /// <summary>Everything a system holds, as text.</summary>
    public static string Dump(SystemSpec system) =>
        JsonSerializer.Serialize(system) + JsonSerializer.Serialize(system.Timeline.Select(s => (object)s));
}
