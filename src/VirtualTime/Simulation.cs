using System.Buffers;
using Akka.Actor;
using IoScale.VirtualTime.Dispatching;
using IoScale.VirtualTime.Queues;
using IoScale.VirtualTime.Snapshots;
using IoScale.VirtualTime.Threads;

namespace IoScale.VirtualTime;

/// <summary>
/// One run: a topology brought to life as actors of an actor system, and the virtual time they live in. Its members are called from one thread at a time,
/// except where they say otherwise. Between calls the run is at a <em>border</em>: everything before <see cref="Now"/> is handled, nothing is in flight.
/// </summary>
public sealed class Simulation : IDisposable
{
    private readonly Run _run;
    private readonly RunActors _actors;
    private readonly Crew _crew;
    private readonly TraceWriter? _trace;
    private ulong _injected = EventKey.FirstOrigin(EntityId.Engine);
    private bool _started;
    private int _disposed;

    /// <summary>Spawns the actors under <c>/user/run-ID</c> and waits until they are there. An entity that can not be made fails the first <see cref="RunUntil"/>.</summary>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="InvalidActorNameException">A run of this id lives in the actor system.</exception>
    public Simulation(ActorSystem system, string runId, Topology topology, SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentException.ThrowIfNullOrEmpty(runId);
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(options);
        _run = new Run(topology, options);
        _crew = new Crew(_run, runId);
        _actors = new RunActors(system, _run);
        _trace = options.Trace is null ? null : new TraceWriter(_run, options.Trace);
        try
        {
            _crew.Start();
            _actors.Spawn(runId);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The border: every event before this time is handled.</summary>
    public long Now { get; private set; }

    /// <summary>Time of the next event in this process; <see cref="VirtualDuration.Never"/> when nothing waits.</summary>
    public long NextEventTime =>
        _started ? _run.Local.Min(partition => partition.NextTime) : _run.Entities.Length == 0 ? VirtualDuration.Never : 0;

    /// <summary>Events of the partitions in this process, from the start of the run. From any thread; exact at borders.</summary>
    public long EventsHandled => _run.Local.Sum(partition => partition.Handled);

    /// <summary>About where virtual time is. From any thread.</summary>
    public long ProgressTime => _run.Workers.SelectMany(worker => worker.Shares).Min(share => share.Reached);

    /// <summary>How the run went so far.</summary>
    public RunStatistics Statistics => new()
    {
        Threads = _run.Workers.Count,
        Islands = _run.Islands,
        Windows = _run.Workers.SelectMany(worker => worker.Shares).Where(share => share.Seat == 0).Sum(share => share.Windows),
        Events = EventsHandled,
        EventsByPartition = [.. _run.Partitions.Select(partition => partition?.Handled ?? 0)],
        CrossPartitionSends = _run.Local.Sum(partition => partition.CrossPartitionSends),
        CrossThreadSends = _run.Local.Sum(partition => partition.CrossThreadSends),
        Ties = _run.Local.Sum(partition => partition.Ties),
        WaitsByThread = [.. _run.Workers.Select(worker => worker.Waits)],
        ParksByThread = [.. _run.Workers.Select(worker => worker.Parks)],
    };

    /// <summary>
    /// Handles every event before <paramref name="timePs"/>; nothing if that is past already. How a run is cut into calls changes no result.
    /// </summary>
    /// <exception cref="ModelErrorException">An entity failed: of all failures the one with the smallest time, then entity id. Thrown again by each later call.</exception>
    /// <exception cref="ObjectDisposedException">Disposed, before or meanwhile.</exception>
    public void RunUntil(long timePs)
    {
        ThrowIfUnusable();
        if (!_started)
        {
            _started = true;
            _crew.Do(worker =>
            {
                foreach (Partition partition in worker.Shares.SelectMany(share => share.Partitions))
                {
                    partition.StartEntities();
                }
            });
        }

        if (_trace is null)
        {
            Advance(timePs);
        }
        else
        {
            _trace.RunSlices(Now, timePs, () => NextEventTime, Advance);
        }

        Now = Math.Max(Now, timePs);
        ThrowIfUnusable();
    }

    /// <summary>Queues an event from <see cref="EntityId.Engine"/>: control that is recorded with the run, and precedes the entities' own events of its time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is past, or there is no such entity.</exception>
    public void Inject(long timePs, EntityId target, VirtualMessage message)
    {
        ThrowIfUnusable();
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(timePs, Now);
        ArgumentOutOfRangeException.ThrowIfEqual(timePs, VirtualDuration.Never);
        ArgumentOutOfRangeException.ThrowIfNegative(target.Value);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(target.Value, _run.Entities.Length);

        // Counted in each process of a run, whoever has the target: the number is part of the event's key.
        ulong origin = _injected++;
        _run.Partitions[_run.PartitionOf[target.Value]]?.Queue.Push(timePs, origin, target.Value, message);
    }

    /// <summary>The entities' digests and event counts, combined in entity-id order: equal for the same topology, seed and control, and for nothing else.</summary>
    /// <exception cref="InvalidOperationException">This process has only a share of the run.</exception>
    public ulong ResultHash()
    {
        ThrowIfUnusable();
        if (_run.Local.Count < _run.Partitions.Length)
        {
            throw new InvalidOperationException("A share of a run has no result hash; the whole has.");
        }

        Digest digest = default;
        foreach (EntityActor entity in _run.Entities)
        {
            (_, ulong own, long handled) = entity.Ledger;
            digest.Add(own);
            digest.Add(handled);
        }

        return digest.Finish();
    }

    /// <summary>Each partition at this border as bytes, by index; nothing for those in other processes.</summary>
    /// <exception cref="InvalidOperationException">Events wait, and <see cref="SimulationOptions.Codec"/> is missing.</exception>
    public IReadOnlyList<byte[]> Capture()
    {
        ThrowIfUnusable();
        byte[][] parts = [.. _run.Partitions.Select(_ => Array.Empty<byte>())];
        SnapshotHeader header = new(Now, _injected, _started);
        _crew.Do(worker =>
        {
            ArrayBufferWriter<byte> scratch = new();
            foreach (Partition partition in worker.Shares.SelectMany(share => share.Partitions))
            {
                parts[partition.Index] = SnapshotWriter.Write(_run, partition, header, scratch);
            }
        });
        return parts;
    }

    /// <summary>
    /// Continues where <see cref="Capture"/> was called, in this process or others, on any number of threads. The partitions may have been captured at
    /// different times where no links connect them; <see cref="Now"/> is then the smallest.
    /// </summary>
    /// <param name="parts">By index of the partition; those of other processes are not looked at.</param>
    /// <exception cref="InvalidDataException">Not a snapshot, a damaged one, or one of another topology.</exception>
    /// <exception cref="InvalidOperationException">This simulation is not fresh, or <see cref="SimulationOptions.Codec"/> is missing.</exception>
    public void Restore(IReadOnlyList<byte[]> parts)
    {
        ThrowIfUnusable();
        ArgumentNullException.ThrowIfNull(parts);
        if (_started || _run.Local.Any(partition => partition.Queue.Count > 0))
        {
            throw new InvalidOperationException("A snapshot is restored into a simulation that has not run.");
        }

        if (parts.Count != _run.Partitions.Length)
        {
            throw new InvalidDataException($"The snapshot has {parts.Count} partitions; the topology has {_run.Partitions.Length}.");
        }

        // All are checked before the first is taken over.
        SnapshotReader?[] readers = [.. _run.Partitions.Select(partition => partition is null ? null : SnapshotReader.Open(_run, partition, parts[partition.Index]))];
        _crew.Do(worker =>
        {
            foreach (Partition partition in worker.Shares.SelectMany(share => share.Partitions))
            {
                readers[partition.Index]!.Restore();
            }
        });
        SnapshotHeader[] headers = [.. readers.OfType<SnapshotReader>().Select(reader => reader.Header)];
        Now = headers.Min(header => header.Now);
        _injected = headers.Max(header => header.Injected);
        _started = headers[0].Started;
    }

    /// <summary>Shows each event that waits, in key order.</summary>
    public void ForEachPending(Action<PendingEvent> action)
    {
        ThrowIfUnusable();
        ArgumentNullException.ThrowIfNull(action);
        foreach ((EventKey key, VirtualMessage message) in PendingByKey())
        {
            action(new PendingEvent(
                key.Time, new EntityId(key.Target), EventKey.SenderOf(key.Origin), EventKey.SequenceOf(key.Origin), message));
        }
    }

    /// <summary>The entity's instance, to read results at a border.</summary>
    public EntityActor Entity(EntityId id) => _run.Entities[id.Value];

    /// <summary>The entity's actor, to ask it while the run goes on. From any thread.</summary>
    public IActorRef ActorOf(EntityId id) => _run.Refs[id.Value];

    /// <summary><see cref="Topology.Fingerprint"/> of what it runs.</summary>
    public ulong TopologyHash => _run.TopologyHash;

    /// <summary>Stops the actors, then the threads. From any thread; a <see cref="RunUntil"/> in progress ends with an exception.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _run.Abort(new ObjectDisposedException(nameof(Simulation)));
        _actors.Stop();
        _crew.Dispose();
        _actors.Dispose();
        foreach (IslandBorder border in _run.Borders)
        {
            border.Dispose();
        }
    }

    private void Advance(long timePs) => _crew.Do(worker =>
    {
        foreach (IslandShare share in worker.Shares)
        {
            share.RunTo(timePs);
        }
    });

    private List<(EventKey Key, VirtualMessage Message)> PendingByKey() =>
    [
        .. _run.Local.SelectMany(partition => partition.Queue.Pending()).OrderBy(e => (e.Key.Time, e.Key.Origin)),
    ];

    private void ThrowIfUnusable()
    {
        if (_run.Fault is { } fault)
        {
            throw fault is ObjectDisposedException ? new ObjectDisposedException(nameof(Simulation)) : new InvalidOperationException(fault.Message, fault);
        }

        if (_run.Failure is { } failure)
        {
            throw failure.ToException(_run.Topology);
        }
    }
}
