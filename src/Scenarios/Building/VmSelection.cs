using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>The VMs that a name, range or pattern stands for.</summary>
/// <param name="Several">Written as a range or pattern.</param>
internal readonly record struct VmSelection(IReadOnlyList<VmSpec> All, bool Several)
{
    /// <returns>Null where a mistake was reported.</returns>
    public static VmSelection? Find(BuildContext context, CheckedMap map, string key, string text)
    {
        if (NamePattern.IsPattern(text))
        {
            VmSpec[] matching = [.. context.Vms.All.Where(v => NamePattern.Matches(text, v.Name))];
            if (matching.Length == 0)
            {
                context.Wrong(map, key, $"no VM matches {Show.Value(text)}; VMs: {Show.Names(context.Vms.All.Select(v => v.Name))}");
                return null;
            }

            return new(matching, true);
        }

        if (NameRange.Expand(text, out IReadOnlyList<string> names) is { } mistake)
        {
            context.Wrong(map, key, mistake);
            return null;
        }

        VmSpec?[] found = [.. names.Select(n => context.Vms.Find(context, map, key, n))];
        return found.Contains(null) ? null : new([.. found.OfType<VmSpec>()], NameRange.IsRange(text));
    }
}
