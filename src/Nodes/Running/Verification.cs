using IoScale.Nodes.Commands;
using IoScale.Nodes.Results;

namespace IoScale.Nodes.Running;

/// <summary>Runs every variant a second time, on another number of threads, and compares the hashes.</summary>
internal static class Verification
{
    /// <summary>Two threads inside each variant against one, or one against many.</summary>
    public static int OtherThreads(int threads, int variants) => threads <= variants ? 2 * variants : 1;

    /// <exception cref="EmulationException">A variant gave another result; exit code 4.</exception>
    public static void Check(ScenarioExecution first, IVariantRunner runner, Action<ScenarioExecution> run)
    {
        VariantExecution[] again = [.. first.Variants.Select(v => new VariantExecution(v.Name, v.System, null))];
        ScenarioExecution second = new($"{first.Name}-again", again, OtherThreads(first.Threads, again.Length));
        run(second);
        foreach ((VariantExecution a, VariantExecution b) in first.Variants.Zip(again))
        {
            // Without an outcome the second run was interrupted: nothing to compare.
            if (a.Outcome is { } one && b.Outcome is { } other && one.VirtualTimePs == other.VirtualTimePs && one.ResultHash != other.ResultHash)
            {
                throw new EmulationException(
                    $"{first.Name}: {a.Name}: two runs differ: {SummaryJson.Hash(one.ResultHash)} on {first.Threads} threads, {SummaryJson.Hash(other.ResultHash)} on {second.Threads}; no results written",
                    exitCode: ExitCode.DeterminismViolated);
            }
        }
    }
}
