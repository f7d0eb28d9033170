using Akka.Actor;
using Akka.Event;
using Google.Protobuf;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Nodes.Cluster.Planning;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>Epochs: one plan, one set of nodes, from one checkpoint on.</summary>
internal sealed partial class RunCoordinator
{
    /// <summary>Unreachable for so long, a node is taken for lost; less is a hiccup, and going back to the checkpoint costs more.</summary>
    private const long PatienceMs = 2_000;

    private const long RepeatMs = 2_000;

    /// <summary>So often in a row an epoch may fail without any progress.</summary>
    private const int MostFailures = 5;

    private readonly HashSet<int> _prepared = [];
    private RunModel? _model;
    private string _loading = "";
    private EpochStarted? _starting;
    private EpochProgress? _epoch;
    private IReadOnlyList<Address> _epochNodes = [];
    private IReadOnlyList<IActorRef> _agents = [];
    private string _lost = "";
    private long _orderedMs;
    private long _readyMs;
    private long _retryMs;
    private int _failures;
    private int _threads;

    private bool IsRunning => _epoch is not null && _prepared.Count == _agents.Count;

    private void CommandEpochs()
    {
        Command<RunModel>(model =>
        {
            _model = model;
            _loading = "";
            Drive();
        });
        Command<ModelTrouble>(trouble => Fail(trouble.Run, trouble.Reason));
        Command<SharePrepared>(IsCurrent, OnPrepared);
        Command<Reached>(IsCurrent, reached => InEpoch(epoch => epoch.On(reached, NowMs)));
        Command<ShareCaptured>(IsCurrent, captured => InEpoch(epoch => epoch.On(captured, NowMs)));
        Command<ShareDurable>(IsCurrent, OnDurable);
        Command<ShareDelayed>(IsCurrent, OnDelayed);
        Command<ShareFailed>(IsCurrent, OnFailed);
        Command<IShareAnswer>(_ => { });
    }

    private bool IsCurrent(IShareAnswer answer) => _starting is not null && answer.Epoch == _starting.Epoch && answer.Slot >= 0 && answer.Slot < _agents.Count;

    /// <summary>Does the next thing for the run whose turn it is.</summary>
    private void Drive()
    {
        RunRecord? run = _book.Active;
        if (run is null || _closing.Length > 0)
        {
            return;
        }

        if (run.Variant == run.Submitted.Variants.Count)
        {
            Close(run);
        }
        else if (_model?.Run != run.Run || _model.Variant != run.Variant)
        {
            LoadModel(run);
        }
        else if (_starting is null && NowMs >= _retryMs)
        {
            StartEpoch(run, _model);
        }
        else if (_starting is not null && !IsRunning && NowMs - _orderedMs >= RepeatMs)
        {
            OrderShares(run, _model);
            _waitingFor = _waitingFor.Length > 0 ? _waitingFor : $"waiting for {string.Join(", ", _epochNodes.Where((_, slot) => !_prepared.Contains(slot)).Select(NodeRegistry.Short))} to get ready";
        }
    }

    private void LoadModel(RunRecord run)
    {
        (int variant, RunModel? known) = (run.Variant, _model);
        string loading = $"{run.Run}/{variant}";
        if (_loading == loading)
        {
            return;
        }

        _loading = loading;
        IActorRef self = Self;
        Task.Run(() => RunModel.Of(run, variant, known)).ContinueWith<object>(
            load => load.IsCompletedSuccessfully ? load.Result : new ModelTrouble(run.Run, load.Exception!.GetBaseException().Message), TaskScheduler.Default).PipeTo(self);
    }

    private void StartEpoch(RunRecord run, RunModel model)
    {
        IReadOnlyList<KnownNode> workers = _nodes.Workers(_cluster.State, NowMs, out _waitingFor);
        if (workers.Count == 0)
        {
            return;
        }

        int nodes = Math.Min(Math.Min(workers.Count, run.Submitted.Nodes > 0 ? run.Submitted.Nodes : int.MaxValue), model.Topology.Partitions.Count);
        int[] slots = PartitionPlan.Lay(model.Topology, nodes);
        nodes = slots.Max() + 1;
        EpochStarted epoch = new()
        {
            Run = run.Run,
            Epoch = _book.Epoch + 1,
            Variant = run.Variant,
            Checkpoint = run.CheckpointOf(run.Variant)?.Number ?? 0,
            Reason = _lost.Length > 0 ? _lost : run.Epoch is { } last && last.Variant == run.Variant ? "the coordinator started again" : "",
            AtUnixMs = UnixMs,
        };
        KnownNode[] chosen = [.. workers.Take(nodes)];
        epoch.Nodes.AddRange(chosen.Select(node => node.Hello.Address));
        epoch.SlotOfPartition.AddRange(slots);
        _starting = epoch;
        // Nobody hears of an epoch that is not in the journal yet.
        _orderedMs = NowMs;
        _prepared.Clear();
        _threads = chosen.Sum(node => node.Hello.Threads);
        _agents = [.. chosen.Select(node => node.Agent)];
        _epochNodes = [.. chosen.Select(node => node.Address)];
        Record(epoch, _ =>
        {
            if (_starting == epoch)
            {
                _lost = "";
                _log.Info("run {0}, epoch {1}: variant {2} on {3} nodes, {4}{5}", run.Run, epoch.Epoch, model.Spec.Name, nodes,
                    epoch.Checkpoint == 0 ? "from the start" : $"from checkpoint {epoch.Checkpoint}", epoch.Reason.Length > 0 ? $"; {epoch.Reason}" : "");
                OrderShares(run, model);
            }
        });
    }

    /// <summary>Tells nodes and partitions what they have to do with the epoch; again, until all nodes have said that they are ready.</summary>
    private void OrderShares(RunRecord run, RunModel model)
    {
        EpochStarted epoch = _starting!;
        _orderedMs = NowMs;
        CommittedCheckpoint? checkpoint = run.CheckpointOf(epoch.Variant);
        for (int slot = 0; slot < _agents.Count; slot++)
        {
            if (_prepared.Contains(slot))
            {
                continue;
            }

            PrepareShare order = new()
            {
                Run = run.Run,
                Epoch = epoch.Epoch,
                Variant = epoch.Variant,
                ScenarioHash = model.Hash,
                ScenarioBytes = model.Packed.Length,
                Slot = slot,
                Checkpoint = epoch.Checkpoint,
            };
            order.Nodes.AddRange(epoch.Nodes);
            order.SlotOfPartition.AddRange(epoch.SlotOfPartition);
            _agents[slot].Tell(order);
        }

        for (int partition = 0; partition < epoch.SlotOfPartition.Count; partition++)
        {
            int slot = epoch.SlotOfPartition[partition];
            if (!_prepared.Contains(slot))
            {
                _partitions.Tell(new ToPartition
                {
                    Shard = NodeRegistry.Short(_epochNodes[slot]),
                    Run = run.Run,
                    Variant = epoch.Variant,
                    Partition = partition,
                    Host = new HostPartition { Epoch = epoch.Epoch, Checkpoint = epoch.Checkpoint, Hash = checkpoint?.Hashes[partition] ?? 0 },
                });
            }
        }
    }

    private void OnPrepared(SharePrepared prepared)
    {
        if (_epoch is not null || _model is not { } model || _book.Active is not { } run)
        {
            return;
        }

        if (prepared.TopologyHash != model.Topology.Fingerprint)
        {
            // What it would emulate is not this run; without it the others can go on.
            string node = NodeRegistry.Short(_epochNodes[prepared.Slot]);
            _agents[prepared.Slot].Tell(new NodeRefused { Reason = $"it makes another topology of the scenario of run {run.Run}; start all nodes from the same build" });
            AbandonEpoch($"node {node} makes another topology of the scenario");
            return;
        }

        _prepared.Add(prepared.Slot);
        if (_prepared.Count < _agents.Count)
        {
            return;
        }

        _readyMs = NowMs;
        EpochStarted epoch = _starting!;
        CommittedCheckpoint? checkpoint = run.CheckpointOf(epoch.Variant);
        EpochPlan plan = new(
            run.Run,
            epoch.Epoch,
            epoch.Variant,
            EpochPlan.ComponentsOf(model.Topology, epoch.SlotOfPartition),
            model.Topology.Partitions.Count,
            checkpoint?.TimePs ?? 0,
            model.Spec.System.DurationPs,
            epoch.Checkpoint,
            run.Submitted.EveryWallMs > 0 || run.Submitted.EveryVirtual > 0 ? run.Submitted.EveryWallMs : (long)_settings.CheckpointEvery.TotalMilliseconds,
            run.Submitted.EveryVirtual,
            _settings.Step);
        _epoch = new EpochProgress(plan, (slot, order) => _agents[slot].Tell(order), NowMs);
        _rate.Begin(checkpoint?.Events ?? 0, NowMs);
        _epoch.Begin(NowMs);
    }

    private sealed record ModelTrouble(string Run, string Reason);
}
