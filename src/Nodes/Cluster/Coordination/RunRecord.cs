using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>A checkpoint of a variant that is in the database, whole.</summary>
/// <param name="TimePs">That every partition had reached at least.</param>
/// <param name="Hashes">Of the states, by partition.</param>
internal sealed record CommittedCheckpoint(long Number, long TimePs, long Events, IReadOnlyList<ulong> Hashes, bool Final);

/// <summary>What the journal says of a run.</summary>
internal sealed class RunRecord
{
    private const int KeptIncidents = 20;

    private readonly CommittedCheckpoint?[] _checkpoints;
    private readonly List<string> _incidents = [];

    public RunRecord(RunSubmitted submitted)
    {
        Submitted = submitted;
        _checkpoints = new CommittedCheckpoint?[submitted.Variants.Count];
    }

    public RunSubmitted Submitted { get; }

    public string Run => Submitted.Run;

    /// <summary>The last epoch that began; null before the first.</summary>
    public EpochStarted? Epoch { get; private set; }

    /// <summary>Epochs that began because one before could not go on.</summary>
    public int Recoveries { get; private set; }

    /// <summary>Checkpoints committed.</summary>
    public int Checkpoints { get; private set; }

    /// <summary>Exactly one of these is set once the run is over.</summary>
    public RunFinished? Finished { get; private set; }

    public RunFailed? Failed { get; private set; }

    public bool IsCancelled { get; private set; }

    public bool IsOver => Finished is not null || Failed is not null || IsCancelled;

    /// <summary>What went wrong on the way, newest last.</summary>
    public IReadOnlyList<string> Incidents => _incidents;

    /// <summary>Index of the variant that is to be run; the number of variants when all have been.</summary>
    public int Variant
    {
        get
        {
            int open = Array.FindIndex(_checkpoints, checkpoint => checkpoint is not { Final: true });
            return open < 0 ? _checkpoints.Length : open;
        }
    }

    public CommittedCheckpoint? CheckpointOf(int variant) => variant < _checkpoints.Length ? _checkpoints[variant] : null;

    public void Apply(EpochStarted epoch)
    {
        if (epoch.Reason.Length > 0)
        {
            Recoveries++;
            _incidents.Add($"epoch {epoch.Epoch}: {epoch.Reason}");
            if (_incidents.Count > KeptIncidents)
            {
                _incidents.RemoveAt(0);
            }
        }

        Epoch = epoch;
    }

    public void Apply(CheckpointCommitted committed)
    {
        Checkpoints++;
        _checkpoints[committed.Variant] = new CommittedCheckpoint(
            committed.Checkpoint, committed.Time, committed.Events, [.. committed.Hashes], committed.Final);
    }

    public void Apply(RunFinished finished) => Finished = finished;

    public void Apply(RunFailed failed) => Failed = failed;

    public void Apply(RunCancelled _) => IsCancelled = true;
}
