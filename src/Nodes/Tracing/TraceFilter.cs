using System.IO.Enumeration;

namespace IoScale.Nodes.Tracing;

/// <summary>Which events a trace holds.</summary>
/// <param name="Entities">Patterns for the target's name with * and ?; empty for all.</param>
/// <param name="FromPs">First virtual time, included.</param>
/// <param name="ToPs">Last virtual time, excluded.</param>
internal sealed record TraceFilter(IReadOnlyList<string> Entities, long FromPs, long ToPs)
{
    public static TraceFilter Everything { get; } = new([], 0, long.MaxValue);

    public bool Covers(long timePs) => timePs >= FromPs && timePs < ToPs;

    public bool Names(string entity)
    {
        foreach (string pattern in Entities)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, entity, ignoreCase: false))
            {
                return true;
            }
        }

        return Entities.Count == 0;
    }
}
