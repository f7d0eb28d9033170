using System.IO.Hashing;
using Akka.Actor;
using Akka.Event;
using Google.Protobuf;
using IoScale.Actors.Running;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running;
using IoScale.Nodes.Store;
using IoScale.Protocol.Wire;
using IoScale.Scenarios;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>
/// Makes the result of a run from the last states of its variants, as one process would: all states come to this node, variant after variant, are
/// read like at the end of an embedded run, and the files go into the database.
/// </summary>
internal static class RunClosing
{
    /// <param name="known">The scenario, if it has been read already.</param>
    /// <param name="threads">On all nodes together, for the facts about the host.</param>
    /// <exception cref="EmulationException">A conservation law is broken.</exception>
    /// <exception cref="InvalidDataException">A state is missing or is not the one that was committed.</exception>
    /// <exception cref="StoreException">The database does not give the states or take the result.</exception>
    public static async Task<RunFinished> Close(ActorSystem system, StateStore store, RunRecord run, Scenario? known, int threads, long wallMs)
    {
        byte[] packed = run.Submitted.Resolved.ToByteArray();
        Scenario scenario = known ?? ScenarioFetch.Parse(packed, ScenarioFetch.HashOf(packed));
        Dictionary<string, RunOutcome?> outcomes = new(StringComparer.Ordinal);
        for (int variant = 0; variant < scenario.Variants.Count; variant++)
        {
            IReadOnlyList<byte[]> states = await Load(store, run, variant).ConfigureAwait(false);
            (Variant spec, string id) = (scenario.Variants[variant], $"{run.Run}-{variant}-result-{Guid.NewGuid():N}");
            outcomes[spec.Name] = await Task.Factory.StartNew(
                () =>
                {
                    using SystemRun whole = SystemRun.Restore(system, id, spec.System, new SystemRunOptions(), states);
                    return whole.Outcome();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).ConfigureAwait(false);
        }

        ScenarioResult result = Judgement.Of(scenario, outcomes);
        HostFacts host = new(wallMs / 1000.0, result.Events, threads, run.Epoch!.Nodes.Count) { Recoveries = run.Recoveries, Checkpoints = run.Checkpoints };
        StoredResult stored = new();
        foreach (ResultFile file in ResultFiles.Of(result, host).Append(ResultFiles.ReportOf(result, host)))
        {
            stored.Files.Add(new StoredFile { Name = file.Name, Content = ByteString.CopyFrom(ScenarioFetch.Pack(file.Content)) });
        }

        await store.SaveAsync(PartitionKeys.ResultOf(run.Run), 1, SealedMessage.Write(stored)).ConfigureAwait(false);
        return new RunFinished
        {
            Run = run.Run,
            ResultHash = SummaryJson.Hash(result.ResultHash),
            Verdict = result.Verdict,
            ExitCode = result.ExitCode,
            WallMs = wallMs,
        };
    }

    /// <summary>Drops every state of a run that is over. What can not be dropped stays, and is only dead weight.</summary>
    public static async Task DropStates(StateStore store, RunRecord run, ILoggingAdapter log)
    {
        try
        {
            for (int variant = 0; variant < run.Submitted.Variants.Count; variant++)
            {
                for (int partition = 0; partition < (run.CheckpointOf(variant)?.Hashes.Count ?? run.Epoch!.SlotOfPartition.Count); partition++)
                {
                    await store.DeleteAsync(PartitionKeys.StateOf(run.Run, variant, partition)).ConfigureAwait(false);
                }
            }
        }
        catch (StoreException e)
        {
            log.Warning("states of run {0} stay in the database: {1}", run.Run, e.Message);
        }
    }

    private static async Task<IReadOnlyList<byte[]>> Load(StateStore store, RunRecord run, int variant)
    {
        CommittedCheckpoint checkpoint = run.CheckpointOf(variant)!;
        byte[][] states = new byte[checkpoint.Hashes.Count][];
        for (int partition = 0; partition < states.Length; partition++)
        {
            string key = PartitionKeys.StateOf(run.Run, variant, partition);
            states[partition] = await store.LoadAsync(key, checkpoint.Number).ConfigureAwait(false)
                ?? throw new InvalidDataException($"the state of {key} at checkpoint {checkpoint.Number} is not in the database any more");
            if (XxHash3.HashToUInt64(states[partition]) != checkpoint.Hashes[partition])
            {
                throw new InvalidDataException($"the state of {key} at checkpoint {checkpoint.Number} is not what was committed");
            }
        }

        return states;
    }
}
