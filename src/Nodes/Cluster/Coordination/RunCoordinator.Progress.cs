using Akka.Actor;
using Akka.Event;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>What the nodes of an epoch answer: how far they are, what is in the database, why they can not go on.</summary>
internal sealed partial class RunCoordinator
{
    private void InEpoch(Action<EpochProgress> act)
    {
        if (_epoch is { } epoch)
        {
            act(epoch);
            _rate.Observe(epoch.Events, NowMs);
            if (epoch.Failure is { } failure)
            {
                Fail(_starting!.Run, $"{_book.Find(_starting.Run)!.Submitted.Scenario}: {failure.Reason}");
            }
        }
    }

    private void OnDurable(ShareDurable durable)
    {
        int[] own = [.. Enumerable.Range(0, _starting!.SlotOfPartition.Count).Where(p => _starting.SlotOfPartition[p] == durable.Slot)];
        if (!durable.Blobs.Select(blob => blob.Partition).Order().SequenceEqual(own))
        {
            _log.Warning("refused from {0}: a checkpoint of {1} partitions; slot {2} has {3}", Sender, durable.Blobs.Count, durable.Slot, own.Length);
            return;
        }

        if (_epoch is not { } epoch || !epoch.On(durable, NowMs))
        {
            return;
        }

        PendingCheckpoint pending = epoch.Pending!;
        CheckpointCommitted committed = new()
        {
            Run = _starting.Run,
            Epoch = _starting.Epoch,
            Variant = _starting.Variant,
            Checkpoint = pending.Number,
            Time = pending.TimePs,
            Events = epoch.Events,
            Final = pending.Final,
        };
        committed.Hashes.AddRange(pending.Hashes);
        Record(committed, _ =>
        {
            _failures = 0;
            _committedMs = NowMs;
            if (_epoch != epoch)
            {
                return;
            }

            if (pending.Final)
            {
                _log.Info("run {0}: variant {1} is at its end, {2} events", committed.Run, _model!.Spec.Name, committed.Events);
                EndEpoch();
                Drive();
            }
            else
            {
                epoch.Committed(NowMs);
            }
        });
    }

    private void OnDelayed(ShareDelayed delayed)
    {
        if (_epoch is { } epoch)
        {
            epoch.On(delayed);
        }
        else
        {
            _waitingFor = $"waiting for the database: {delayed.Reason}";
        }
    }

    private void OnFailed(ShareFailed failed)
    {
        if (failed.Entity > 0)
        {
            InEpoch(epoch => epoch.On(failed));
            return;
        }

        string reason = $"node {NodeRegistry.Short(_epochNodes[failed.Slot])} could not go on: {failed.Reason}";
        if (++_failures >= MostFailures)
        {
            Fail(_starting!.Run, $"{reason}; given up after {_failures} attempts without progress");
        }
        else
        {
            AbandonEpoch(reason);
        }
    }

    /// <summary>The epoch can not go on; another one begins when enough nodes are here.</summary>
    private void AbandonEpoch(string reason)
    {
        if (_starting is null)
        {
            return;
        }

        _log.Warning("run {0}, epoch {1}: {2}; back to the last checkpoint", _starting.Run, _starting.Epoch, reason);
        _lost = reason;
        _retryMs = NowMs + (_failures * 1_000);
        EndEpoch();
        Drive();
    }

    /// <summary>Lets the nodes drop their shares.</summary>
    private void EndEpoch()
    {
        if (_starting is { } epoch)
        {
            foreach (IActorRef agent in _agents)
            {
                agent.Tell(new DropShare { Run = epoch.Run, Epoch = epoch.Epoch });
            }
        }

        _starting = null;
        _epoch = null;
        _epochNodes = [];
        _agents = [];
        _prepared.Clear();
        _waitingFor = "";
    }

    private void Fail(string run, string reason)
    {
        if (_book.Find(run) is { IsOver: false })
        {
            EndEpoch();
            _log.Warning("run {0} failed: {1}", run, reason);
            Record(new RunFailed { Run = run, Reason = reason }, _ => Tidy(run));
        }
    }
}
