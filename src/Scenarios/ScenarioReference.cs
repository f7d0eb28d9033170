using System.Text;
using IoScale.Scenarios.Language;

namespace IoScale.Scenarios;

/// <summary>The reference page of the scenario language. The tables are made from the keys that the checker uses.</summary>
public static class ScenarioReference
{
    private const string Introduction = """
        # Scenario files

        <!-- Made from the key tables in src/Scenarios/Language; a test fails when this page is stale. -->

        A scenario is strict YAML: an unknown key, a missing unit or a name that does not exist is a mistake, and all mistakes of a file are
        reported at once with file, line and key. `scenarios/first.yaml` explains itself line by line; `scenario.schema.json` beside this page
        gives an editor completion and checks.

        ## Values

        - Units stand in the value and are required: `200ms`, `10Gbps`, `8kHz`, `1518B`, `7600cycles`, `120%`. Decimals are exact: `1.5ms`.
          Units are `ps ns us ms s`, `bps kbps Mbps Gbps Tbps`, `Hz kHz MHz`, `B kB`, `cycles`, `%`.
        - Counts are plain whole numbers. Words are lower case.
        - Names have letters, digits, `-` and `_`, begin with a letter and end with a letter or digit; names that differ only in case count as
          the same, and names that Windows reserves are refused.
        - A range stands for several names: `vm[0..62]` is vm0 to vm62, `vm[00..62]` keeps leading zeros. In a VM entry `host`, `domid`, `vf`, `vfs`
          and `vif` may be ranges of the same length, taken element by element; `domid: "[1..6]0"` is 10, 20, ... 60.
        - A VF is written `nic0.p1.vf3`: card, port, number, each counted from 0; a port that vifs are bridged to `nic0.p1`.
        - YAML anchors, aliases and tags are refused. Quote text that holds `{`, `[`, `*` or `#`.

        ## Variants and overrides

        `variants` run the same scenario with some values replaced; the scenario must be right without them, too. The paths of `set`, and of `--set path=value` on the command line, name keys
        and select elements of lists by name, pattern, range or index:

            hosts[*].vectors.allocator      vms[vm3].busy      vms[vm[0..7]].weight      traffic[rx].rate      timeline[0].at      seed

        A path that matches nothing is a mistake. A key that is left to its default may be set; the value `null` goes back to the default. The
        command line wins over variants, and what it sets holds in every variant. `--seed` and `--until` replace `seed` and `duration`; what
        the timeline and the traffic do after `--until` is left out.

        ## Expectations

            expect:
              - functions_up == 128
              - after.ipis_delivery_total <= 6
              - max(packet_latency_seconds{vm=vm*, quantile=0.99}) < 200us
              - near.throughput_bits_per_second == far.throughput_bits_per_second +- 1%

        - Compare with `==`, `!=`, `<`, `<=`, `>`, `>=`. `+- 0.5` or `+- 1%` (of the right side) after `==` or `!=` allows a difference.
        - Sides are numbers, with a unit where you like, and metrics, joined by `+`, ` - ` (with spaces: a dash belongs to a name), `*`, `/` and
          parentheses.
        - `metric{label=value}` selects series; `*` in a value stands for any run of characters. `variant.metric` takes another variant's.
          Several series are joined as the metric catalogue says (sum, maximum or mean), or by `sum`, `max`, `min`, `mean`, `count`.
        - `abs(value)` drops the sign; `min` and `max` of several values, with commas between them, take the smallest or largest.
        - A counter without a series is 0. Any other metric without a series fails the expectation.
        - Under `expect` of the scenario, an expectation with a metric that names no variant must hold in every variant; one that names variants
          throughout is judged once. Under `expect` of a variant, it must hold there.

        ## Claims

        A scenario that is evidence for a claim says so under `claim`: what is claimed and on what basis, what is expected and what was measured,
        what was calibrated and what is predicted. `ioscale run` on a folder of such scenarios prints one table of them, and `ioscale claims` writes it
        to `docs/claims.md`.

            claim:
              id: 15
              claim: Affinity tracking removes the IPIs of delivery
              basis: D
              expected: 2 IPIs per interrupt before, 0 after
              measured:
                - {label: before, value: before.ipis_delivery_total / before.interrupts_total, unit: IPIs per interrupt}
                - {label: after, value: after.ipis_delivery_total / after.interrupts_total, unit: IPIs per interrupt}
              calibrated: nothing
              predicted: the IPIs, from where the vCPUs run

        ## Keys
        """;

    /// <summary>The page as text, ending in a line break.</summary>
    public static string ToMarkdown()
    {
        ScenarioLanguage language = new(StandardHardware.Instance);
        StringBuilder page = new(Introduction.ReplaceLineEndings("\n"));
        page.Append('\n');
        foreach (Shape shape in language.Shapes)
        {
            string meaning = shape == StepKinds.Step ? "Something done to the system at a virtual time. Every step has `at` and `do`; the others depend on what is done." : shape.Meaning;
            page.Append($"\n### {shape.Name}\n\n{meaning}\n\n");
            if (shape == StepKinds.Step)
            {
                StepTable(page);
            }

            page.Append("| key | value | default | meaning |\n|---|---|---|---|\n");
            foreach (Key key in shape.Keys)
            {
                string byDefault = key.Required ? "required" : key.Default is { Length: > 0 } written ? $"`{written}`" : key.DefaultMeaning ?? "empty";
                page.Append($"| `{key.Name}` | {Describe(key.Type)} | {byDefault} | {key.Meaning} |\n");
            }
        }

        return page.ToString();
    }

    private static void StepTable(StringBuilder page)
    {
        page.Append("| do | does | needs | may have |\n|---|---|---|---|\n");
        foreach (StepKind kind in StepKinds.All)
        {
            page.Append($"| `{kind.Word}` | {kind.Meaning} | {Code(kind.Required)} | {Code(kind.Optional)} |\n");
        }

        page.Append('\n');
    }

    private static string Describe(KeyType type) => type switch
    {
        ShapeType t => $"mapping, see [{t.Shape.Name}](#{t.Shape.Name})",
        ListType { Element: ShapeType t } => $"list, see [{t.Shape.Name}](#{t.Shape.Name})",
        _ => type.Describe(),
    };

    private static string Code(IReadOnlyList<string> keys) => string.Join(", ", keys.Select(k => $"`{k}`"));
}
