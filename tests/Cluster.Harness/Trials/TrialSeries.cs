using System.Diagnostics;
using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Clusters;
using IoScale.Cluster.Harness.Processes;
using IoScale.Cluster.Harness.Scenarios;
using IoScale.Protocol.Wire;

namespace IoScale.Cluster.Harness.Trials;

/// <summary>What the trials are made with.</summary>
/// <param name="Scenario">What the cluster runs.</param>
/// <param name="CheckpointEvery">As for <c>submit</c>.</param>
/// <param name="ConnectionString">Of PostgreSQL; null for SQLite.</param>
public sealed record TrialSettings(LinkedHosts Scenario, string CheckpointEvery = "2s", string? ConnectionString = null);

/// <summary>
/// Crash trials: three nodes below a supervisor that starts what has ended again, one run after the other on them, and in each of them deaths as a
/// <see cref="Trial"/> says. Whatever happens, the result must be that of an undisturbed run in one process.
/// </summary>
public sealed class TrialSeries : IDisposable
{
    private const int Nodes = 3;

    private static readonly TimeSpan JoinBound = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan RunBound = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(1.5);

    private readonly TrialSettings _settings;
    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-trials").FullName;
    private readonly string _file;
    private LocalCluster? _cluster;

    public TrialSeries(TrialSettings settings)
    {
        _settings = settings;
        _file = settings.Scenario.WriteTo(_folder);
    }

    /// <summary>One run that nobody disturbs.</summary>
    /// <returns>Its wall time in seconds.</returns>
    /// <exception cref="InvalidOperationException">Even so its result is not that of one process.</exception>
    public async Task<double> RunUndisturbed()
    {
        LocalCluster cluster = await Ready();
        Stopwatch watch = Stopwatch.StartNew();
        string run = await Submit(cluster);
        await cluster.WaitForEnd(run, RunBound);
        double seconds = watch.Elapsed.TotalSeconds;
        return await Difference(cluster, run) is { } difference ? throw new InvalidOperationException($"undisturbed run: {difference}") : seconds;
    }

    /// <summary>Carries a trial out. A failure is told in the outcome, and the next trial gets a new cluster.</summary>
    public async Task<TrialOutcome> Run(Trial trial)
    {
        Stopwatch watch = Stopwatch.StartNew();
        double? recovery = null;
        RunStatus? end = null;
        string? trouble;
        try
        {
            LocalCluster cluster = await Ready();
            watch.Restart();
            string run = await Submit(cluster);
            recovery = await Disturb(cluster, run, trial);
            end = await cluster.WaitForEnd(run, RunBound);
            watch.Stop();
            trouble = end.State == RunState.Finished ? await Difference(cluster, run) : $"{end.State}: {end.Reason}";
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            trouble = e.Message;
        }

        if (trouble is not null)
        {
            trouble = $"{trouble}\n{_cluster?.Logs()}";
            _cluster?.Dispose();
            _cluster = null;
        }

        return new TrialOutcome(trial, recovery, watch.Elapsed.TotalSeconds, end is null ? 0 : end.Recoveries + 1, trouble);
    }

    public void Dispose()
    {
        _cluster?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<LocalCluster> Ready()
    {
        _cluster ??= LocalCluster.Start(new ClusterSetup { Nodes = Nodes, RestartAfter = RestartAfter, ConnectionString = _settings.ConnectionString });
        await _cluster.Desk.WaitForNodes(Nodes, JoinBound);
        return _cluster;
    }

    private Task<string> Submit(LocalCluster cluster) => cluster.Submit(_file, "--checkpoint-every", _settings.CheckpointEvery);

    private async Task<string?> Difference(LocalCluster cluster, string run) =>
        (await cluster.Fetch(run)).DifferenceFrom(await EmbeddedRun.Of(_settings.Scenario.Text));

    /// <summary>Does to the cluster what the trial says.</summary>
    /// <returns>Seconds from the last death to progress in a new epoch; null when the run ended without one.</returns>
    private async Task<double?> Disturb(LocalCluster cluster, string run, Trial trial)
    {
        RunStatus seen = await cluster.Desk.WaitForRun(run, $"{run} to be at {trial.At:P0}", RunBound, status => IsOver(status) || Progress(status) >= trial.At);
        long epoch = seen.Epoch;
        switch (trial.Moment)
        {
            case Moment.Checkpoint:
                await WaitForCheckpoint(cluster, run);
                break;
            case Moment.Recovery:
                await Strike(cluster, trial.First, Way.Kill, 0);
                await Task.Delay(TimeSpan.FromSeconds(trial.SecondAfterSeconds));
                epoch = (await cluster.Desk.Status())?.Runs.FirstOrDefault(r => r.Run == run)?.Epoch ?? epoch;
                break;
        }

        Stopwatch since = Stopwatch.StartNew();
        await Strike(cluster, trial.Victim, trial.Way, trial.HangSeconds);
        RunStatus after = await cluster.Desk.WaitForRun(
            run, $"{run} to go on after {trial}", RunBound, status => IsOver(status) || (status.Epoch > epoch && status.State == RunState.Running && status.Time > status.CheckpointTime));
        return after.Epoch > epoch ? since.Elapsed.TotalSeconds : null;
    }

    /// <summary>Until the first part of the next checkpoint is in the database, or the run is over.</summary>
    private async Task WaitForCheckpoint(LocalCluster cluster, string run)
    {
        await using CheckpointWatch watch = new(cluster.Data, _settings.ConnectionString);
        long before = await watch.NewestNumber(run);
        Stopwatch waited = Stopwatch.StartNew();
        await Waiting.For("a checkpoint", RunBound, async () =>
        {
            bool changed = await watch.NewestNumber(run) != before;
            if (!changed && waited.Elapsed > TimeSpan.FromSeconds(1))
            {
                waited.Restart();
                changed = (await cluster.Desk.Status())?.Runs.Any(r => r.Run == run && IsOver(r)) == true;
            }

            return changed ? run : null;
        }, TimeSpan.FromMilliseconds(5));
    }

    private static async Task Strike(LocalCluster cluster, Victim victim, Way way, double hangSeconds)
    {
        StatusReply status = await Waiting.For("a coordinator", JoinBound, cluster.Desk.Status);
        ClusterNode coordinator = cluster.NodeAt(status.Coordinator);
        ClusterNode worker = cluster.Nodes.First(node => node != coordinator && node.Running);
        ClusterNode[] victims = victim switch
        {
            Victim.Worker => [worker],
            Victim.Coordinator => [coordinator],
            _ => [coordinator, worker],
        };
        foreach (ClusterNode node in victims)
        {
            if (way == Way.Kill)
            {
                node.Kill();
            }
            else
            {
                node.Suspend();
                _ = Task.Delay(TimeSpan.FromSeconds(hangSeconds)).ContinueWith(_ => node.Resume(), TaskScheduler.Default);
            }
        }
    }

    private static bool IsOver(RunStatus status) => status.State is RunState.Finished or RunState.Failed or RunState.Cancelled;

    /// <summary>Of the last variant: the scenario of the trials has one.</summary>
    private static double Progress(RunStatus status) => status.Duration == 0 ? 0 : (double)status.Time / status.Duration;
}
