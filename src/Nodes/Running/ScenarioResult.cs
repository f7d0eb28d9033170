using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Claims;
using IoScale.Scenarios.Expectations;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Running;

/// <summary>What running a scenario gave; everything that the result files and the report are made from.</summary>
/// <param name="Interrupted">The run was stopped before every variant reached its end.</param>
internal sealed record ScenarioResult(string Name, ulong Seed, string ResolvedYaml, bool Interrupted, IReadOnlyList<VariantResult> Variants)
{
    /// <summary>Null for a scenario without a claim.</summary>
    public ClaimResult? Claim { get; init; }

    /// <summary>Combines the variants' hashes in their order.</summary>
    public ulong ResultHash
    {
        get
        {
            Digest digest = default;
            foreach (VariantResult variant in Variants)
            {
                digest.Add(variant.Outcome?.ResultHash ?? 0);
            }

            return digest.Finish();
        }
    }

    public long Events => Variants.Sum(v => v.Outcome?.Events ?? 0);

    /// <summary>Virtual time that every variant reached.</summary>
    public long VirtualTimePs => Variants.Min(v => v.Outcome?.VirtualTimePs ?? 0);

    public bool ExpectationsHold => Variants.All(v => v.Expectations.All(e => e.Passed));

    /// <summary>"interrupted", "failed" (an expectation) or "ok".</summary>
    public string Verdict => Interrupted ? "interrupted" : ExpectationsHold ? "ok" : "failed";

    /// <summary>What the program returns for this result.</summary>
    public int ExitCode => Interrupted ? Commands.ExitCode.Interrupted : ExpectationsHold ? Commands.ExitCode.Ok : Commands.ExitCode.ExpectationFailed;
}

/// <param name="Outcome">Null when the run was interrupted before this variant started.</param>
/// <param name="Expectations">Empty when the run was interrupted: they speak of the whole run.</param>
internal sealed record VariantResult(string Name, SystemSpec System, RunOutcome? Outcome, IReadOnlyList<ExpectationResult> Expectations);
