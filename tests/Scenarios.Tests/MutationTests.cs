using System.Text;
using CsCheck;

namespace IoScale.Scenarios.Tests;

/// <summary>Whatever is done to a scenario, it loads or is refused with reasons; nothing else.</summary>
public class MutationTests
{
    private const string Odd = "{}[],:*&!|>'\"%@`#-?~ \t\n\r\0\\.0123456789abmsGHz\u00e9\ud83d\udeab";

    private static readonly string[] Texts = [Text.Small, .. Text.ExamplePaths().Where(p => new FileInfo(p).Length < 2_500).Select(File.ReadAllText)];

    private static readonly Gen<(int Operation, int At, int Other)> Mutation = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 100_000], Gen.Int[0, 100_000]);

    private static readonly Gen<string> Mutated = Gen.Select(Gen.Int[0, Texts.Length - 1], Mutation.Array[1, 4]).Select((text, mutations) =>
        mutations.Aggregate(Texts[text], (t, m) => Mutate(t, m.Operation, m.At, m.Other)));

    [Fact]
    public void A_mutated_scenario_loads_or_is_refused_with_reasons() => Mutated.Sample(
        text =>
        {
            try
            {
                Scenario scenario = Text.Parse(text);
                return Text.Parse(scenario.ResolvedYaml).ResolvedYaml == scenario.ResolvedYaml;
            }
            catch (ScenarioException e)
            {
                return e.Errors.Count is > 0 and <= 102
                    && e.Errors.All(m => m.Message.Length is > 0 and < 1_000 && !m.ToString().Contains('\n', StringComparison.Ordinal))
                    && e.Errors.Where(m => m.Line > 0).Select(m => m.Line).SequenceEqual(e.Errors.Where(m => m.Line > 0).Select(m => m.Line).Order());
            }
        },
        iter: 2_000);

    [Fact]
    public void Any_override_loads_or_is_refused_with_reasons() => Gen.Select(Mutated, Gen.OneOf(Constants("hosts[*].pcpus=4", "vms[vm[0..3]].pin=[1]", "[]", "=", "a=b", "hosts[0].nics[0].vfs={a: b}"))).Sample(
        (text, set) =>
        {
            string mutated = Mutate(set, text.Length % 8, text.Length, text.GetHashCode(StringComparison.Ordinal) & 0xffff);
            return Text.Mistakes(Text.Small, mutated).All(m => m.Length > 0);
        },
        iter: 500);

    [Fact]
    public void Any_expectation_is_read_or_refused() => Gen.Select(Gen.OneOf(Constants(
            "functions_up == 6", "max(packet_latency_seconds{vm=vm*, quantile=0.99}) < 200us", "a.ipis_total - 3 * (b.ipis_total + 1) != 0 +- 5%")), Mutation.Array[1, 6]).Sample(
        (text, mutations) =>
        {
            string mutated = mutations.Aggregate(text, (t, m) => Mutate(t, m.Operation, m.At, m.Other));
            try
            {
                return Expectations.Expectation.Parse(mutated).Text == mutated;
            }
            catch (FormatException e)
            {
                return e.Message.Length > 0;
            }
        },
        iter: 2_000);

    private static IGen<string>[] Constants(params string[] texts) => [.. texts.Select(t => (IGen<string>)Gen.Const(t))];

    private static string Mutate(string text, int operation, int at, int other)
    {
        if (text.Length == 0)
        {
            return Odd;
        }

        int i = at % text.Length;
        int j = other % text.Length;
        (int first, int last) = (Math.Min(i, j), Math.Max(i, j));
        string[] lines = text.Split('\n');
        (int a, int b) = (at % lines.Length, other % lines.Length);
        switch (operation)
        {
            case 0:
                return text.Remove(i, 1);
            case 1:
                return text.Insert(i, Odd[other % Odd.Length].ToString());
            case 2:
                return text[..first] + text[last..];
            case 3:
                return text.Insert(i, text[first..Math.Min(last, first + 40)]);
            case 4:
                (lines[a], lines[b]) = (lines[b], lines[a]);
                return string.Join('\n', lines);
            case 5:
                return string.Join('\n', lines.Where((_, n) => n != a));
            case 6:
                return string.Join('\n', lines.Append(lines[a]));
            default:
                int digit = text.IndexOfAny("0123456789".ToCharArray(), i);
                StringBuilder changed = new(text);
                return digit < 0 ? text : changed.Insert(digit, other % 10_000).ToString();
        }
    }
}
