using System.IO.Hashing;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using IoScale.Nodes.Store;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>
/// A partition of a run, as an entity of cluster sharding on the node that the plan has chosen: brings its state from the database to the node's agent,
/// and puts new states there. The events themselves do not pass through it.
/// </summary>
internal sealed class PartitionEntity : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly StateStore _store;
    private readonly IActorRef _agent;
    private string _run = "";
    private int _variant;
    private int _partition;
    private long _epoch;
    private bool _loading;

    public PartitionEntity(StateStore store, IActorRef agent)
    {
        _store = store;
        _agent = agent;
        Receive<ToPartition>(Obey);
        Receive<PartitionArrived>(arrived => arrived.Epoch == _epoch, OnLoaded);
        Receive<StateSaved>(saved => saved.Epoch == _epoch, _agent.Tell);
        Receive<HostPartition>(IsCurrent, Bring);
        Receive<NotLoaded>(failed => IsCurrent(failed.Order), OnNotLoaded);
        Receive<SaveState>(save => save.Epoch == _epoch, Keep);
        Receive<NotSaved>(failed => failed.Order.Epoch == _epoch, OnNotSaved);
        Receive<LeaveEpoch>(leave => leave.Epoch >= _epoch, _ => OnLeave());
        Receive<Idle>(idle => idle.Epoch == _epoch, _ => Context.Parent.Tell(new Passivate(PoisonPill.Instance)));

        // What an older epoch still wanted.
        ReceiveAny(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private string Key => PartitionKeys.StateOf(_run, _variant, _partition);

    private void Obey(ToPartition message)
    {
        if (message.OrderCase == ToPartition.OrderOneofCase.Host && message.Host.Epoch >= _epoch)
        {
            if (message.Host.Epoch > _epoch)
            {
                (_run, _variant, _partition, _epoch) = (message.Run, message.Variant, message.Partition, message.Host.Epoch);
                _loading = false;
                Timers.CancelAll();
            }

            // Asked again for the same epoch, it answers again: the agent may not have been ready. What is under way is not begun twice.
            if (!_loading)
            {
                Bring(message.Host);
            }
        }
    }

    private void Bring(HostPartition order)
    {
        if (order.Checkpoint == 0)
        {
            _agent.Tell(new PartitionArrived(_run, _epoch, _partition, null, Self));
            return;
        }

        _loading = true;
        (string run, int partition, IActorRef self) = (_run, _partition, Self);
        Load(Key, order).ContinueWith<object>(
            load => load.IsCompletedSuccessfully
                ? new PartitionArrived(run, order.Epoch, partition, load.Result, self)
                : new NotLoaded(order, load.Exception!.GetBaseException().Message),
            TaskScheduler.Default).PipeTo(self);
    }

    private void OnLoaded(PartitionArrived arrived)
    {
        _loading = false;
        _agent.Tell(arrived);
    }

    private void OnNotLoaded(NotLoaded failed)
    {
        _agent.Tell(new PartitionDelayed(_run, _epoch, _partition, failed.Order.Checkpoint, failed.Reason));
        Timers.StartSingleTimer(nameof(NotLoaded), failed.Order, Retry);
    }

    private bool IsCurrent(HostPartition order) => order.Epoch == _epoch;

    private async Task<byte[]> Load(string key, HostPartition order)
    {
        byte[] state = await _store.LoadAsync(key, order.Checkpoint).ConfigureAwait(false)
            ?? throw new StoreException($"the state of {key} at checkpoint {order.Checkpoint} is not in the database");
        return XxHash3.HashToUInt64(state) == order.Hash
            ? state
            : throw new StoreException($"the state of {key} at checkpoint {order.Checkpoint} is not what was committed");
    }

    private void Keep(SaveState save)
    {
        int partition = _partition;
        Keep(Key, save).ContinueWith<object>(
            keep => keep.IsCompletedSuccessfully
                ? new StateSaved(save.Run, save.Epoch, save.Checkpoint, partition, keep.Result, save.State.Length)
                : new NotSaved(save, keep.Exception!.GetBaseException().Message),
            TaskScheduler.Default).PipeTo(Self);
    }

    private void OnNotSaved(NotSaved failed)
    {
        _agent.Tell(new PartitionDelayed(_run, _epoch, _partition, failed.Order.Checkpoint, failed.Reason));
        Timers.StartSingleTimer(nameof(NotSaved), failed.Order, Retry);
    }

    private async Task<ulong> Keep(string key, SaveState save)
    {
        await _store.SaveAsync(key, save.Checkpoint, save.State).ConfigureAwait(false);
        try
        {
            await _store.DeleteBelowAsync(key, save.Committed).ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            // The next checkpoint drops it as well.
            _log.Debug("an old state of {0} stays for now: {1}", key, e.Message);
        }

        return XxHash3.HashToUInt64(save.State);
    }

    /// <summary>
    /// Not at once: the order of the next epoch may be here already, and a partition that has taken it must not go. The share watches it all the same.
    /// </summary>
    private void OnLeave()
    {
        Timers.CancelAll();
        Timers.StartSingleTimer(nameof(Idle), new Idle(_epoch), IdleTime);
    }

    private sealed record Idle(long Epoch);

    private sealed record NotLoaded(HostPartition Order, string Reason);

    private sealed record NotSaved(SaveState Order, string Reason);
}

/// <summary>Which shard and which entity an order is for: the shard is the node, so that who names the shard places the partition.</summary>
internal sealed class PartitionExtractor : IMessageExtractor
{
    public string? EntityId(object message) =>
        message is ToPartition order ? PartitionKeys.EntityOf(order.Run, order.Variant, order.Partition) : null;

    public object? EntityMessage(object message) => message as ToPartition;

    public string? ShardId(object message) => (message as ToPartition)?.Shard;

    public string ShardId(string entityId, object? messageHint = null) => (messageHint as ToPartition)?.Shard ?? "";
}
