using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Nics;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>Interrupt moderation of one direction.</summary>
internal static class CoalescingBuilder
{
    private static readonly string[] Directions = ["rx", "tx"];
    private static readonly string[] OfPolicy = ["policy", "rate", "redundancy", "applicationBuffers", "lowestRate", "sample"];
    private static readonly string[] OfAic = ["redundancy", "applicationBuffers", "lowestRate", "sample"];

    public static CoalescingSpec Build(BuildContext context, CheckedMap map, string direction, NicModel model)
    {
        if (!Directions.Any(map.Has))
        {
            return Policy(context, map, model);
        }

        foreach (string key in OfPolicy.Where(map.Has))
        {
            context.Wrong(map, key, "stands beside rx or tx; write it inside rx and tx, or remove those");
        }

        return Policy(context, map.Map(direction), model);
    }

    private static CoalescingSpec Policy(BuildContext context, CheckedMap map, NicModel model)
    {
        string? word = map.Text("policy");
        bool none = word == ChoiceNames.NoCoalescing;
        CoalescingPolicy policy = word is null || none ? CoalescingPolicy.Fixed : ChoiceNames.Policies.Choice(word);
        if (map.Has("rate") && word is not (null or "fixed"))
        {
            context.Wrong(map, "rate", $"belongs to the policy fixed; remove it, or write policy: fixed instead of {word}");
        }

        foreach (string key in OfAic.Where(k => map.Has(k) && word is not (null or "aic")))
        {
            context.Wrong(map, key, $"belongs to the policy aic; remove it, or write policy: aic instead of {word}");
        }

        return new(
            policy,
            none ? 0 : Rate(context, map, model, policy),
            (int)map.Number("redundancy"),
            (int)map.Number("applicationBuffers"),
            map.Number("lowestRate"),
            map.Number("sample"));
    }

    private static long Rate(BuildContext context, CheckedMap map, NicModel model, CoalescingPolicy policy)
    {
        if (policy != CoalescingPolicy.Fixed || map.GivenNumber("rate") is not { } rate)
        {
            return model.DefaultVfRateHz;
        }

        long slowest = (Types.Second + model.ModerationMaxPs - 1) / model.ModerationMaxPs;
        long fastest = Types.Second / model.ModerationStepPs;
        if (rate < slowest || rate > fastest)
        {
            string range = $"{Quantity.Format(slowest, Dimension.Frequency)} to {Quantity.Format(fastest, Dimension.Frequency)}";
            context.Wrong(map, "rate", $"{Quantity.Format(rate, Dimension.Frequency)} is beyond what a {model.Name} can set; its range is {range}, and policy none switches moderation off");
        }

        return rate;
    }
}
