using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>All runs, as the journal tells them: the coordinator's state, a pure function of its events.</summary>
internal sealed class RunBook
{
    private readonly List<RunRecord> _runs = [];

    /// <summary>In order of submission.</summary>
    public IReadOnlyList<RunRecord> Runs => _runs;

    /// <summary>The last epoch that any run began.</summary>
    public long Epoch { get; private set; }

    /// <summary>The run whose turn it is; null when all are over.</summary>
    public RunRecord? Active => _runs.Find(run => !run.IsOver);

    public RunRecord? Find(string run) => _runs.Find(r => r.Run == run);

    public RunRecord? WithTicket(string ticket) => _runs.Find(r => r.Submitted.Ticket == ticket);

    /// <summary>The name of the next run of a scenario.</summary>
    public string NextName(string scenario) => $"{scenario}-{_runs.Count(r => r.Submitted.Scenario == scenario) + 1}";

    public void Apply(object e)
    {
        switch (e)
        {
            case RunSubmitted submitted:
                _runs.Add(new RunRecord(submitted));
                break;
            case EpochStarted epoch:
                Epoch = Math.Max(Epoch, epoch.Epoch);
                Find(epoch.Run)?.Apply(epoch);
                break;
            case CheckpointCommitted committed:
                Find(committed.Run)?.Apply(committed);
                break;
            case RunFinished finished:
                Find(finished.Run)?.Apply(finished);
                break;
            case RunFailed failed:
                Find(failed.Run)?.Apply(failed);
                break;
            case RunCancelled cancelled:
                Find(cancelled.Run)?.Apply(cancelled);
                break;
            default:
                throw new InvalidOperationException($"{e.GetType().Name} is no event of the coordinator");
        }
    }
}
