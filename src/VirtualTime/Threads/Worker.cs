using System.Collections.Concurrent;
using Akka.Dispatch;

namespace IoScale.VirtualTime.Threads;

/// <summary>
/// A dedicated thread and the partitions on it. It runs jobs (windows, captures) that the simulation gives to all its threads at once, and in between,
/// within and without jobs, what Akka wants to be run for the actors of its partitions: mailboxes with messages from outside.
/// </summary>
internal sealed class Worker
{
    /// <summary>About 15 us: longer than a light window's imbalance, short enough not to take a core from others.</summary>
    private const int SpinRounds = 400;

    private readonly ConcurrentQueue<IRunnable> _mail = new();
    private readonly object _gate = new();
    private readonly List<IslandShare> _shares = [];
    private Thread? _thread;
    private bool _parked;
    private bool _needsAttention;
    private bool _stopping;
    private bool _ended;
    private Action? _job;

    public Worker(int index) => Index = index;

    public int Index { get; }

    /// <summary>Its part of each island it serves.</summary>
    public IReadOnlyList<IslandShare> Shares => _shares;

    /// <summary>Times it waited at a window border, and those of them in which it slept.</summary>
    public long Waits { get; private set; }

    public long Parks { get; private set; }

    /// <summary>Mail arrived, or the run stops early. Read once an event.</summary>
    public bool NeedsAttention => Volatile.Read(ref _needsAttention);

    public void Add(IslandShare share) => _shares.Add(share);

    public void Start(string name)
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>From any thread: run this between two events.</summary>
    public void Post(IRunnable mail)
    {
        _mail.Enqueue(mail);
        CallAttention();
    }

    public void CallAttention()
    {
        Volatile.Write(ref _needsAttention, true);
        WakeIfParked();
    }

    /// <summary>Wakes the thread if it sleeps. What it waits for must have been written before.</summary>
    public void WakeIfParked()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _parked))
        {
            lock (_gate)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    public void Assign(Action job)
    {
        Interlocked.Exchange(ref _job, job);
        if (Volatile.Read(ref _ended))
        {
            // The run was disposed meanwhile: the job ends at once, but somebody waits for its end.
            Interlocked.Exchange(ref _job, null)?.Invoke();
            return;
        }

        WakeIfParked();
    }

    /// <summary>Runs what waited when it was called; what arrives meanwhile waits for the next event, so that a flood of queries can not stop a run.</summary>
    public void Drain()
    {
        Volatile.Write(ref _needsAttention, false);
        Interlocked.MemoryBarrier();
        for (int left = _mail.Count; left > 0 && _mail.TryDequeue(out IRunnable? mail); left--)
        {
            mail.Run();
        }

        if (!_mail.IsEmpty)
        {
            Volatile.Write(ref _needsAttention, true);
        }
    }

    /// <summary>Waits at a window border, and meanwhile runs what arrives for its actors. False when the run was aborted.</summary>
    /// <param name="maySpin">Looks a while before it sleeps.</param>
    public bool Await<T>(Run run, T condition, bool maySpin)
        where T : struct, ICondition
    {
        if (condition.Holds)
        {
            return true;
        }

        Waits++;
        int left = maySpin ? SpinRounds : 0;
        while (!condition.Holds)
        {
            if (NeedsAttention)
            {
                Drain();
            }

            // Looked at each time: who drained the call for attention may have been somebody else.
            if (run.Fault is not null)
            {
                return false;
            }

            if (left > 0)
            {
                left--;
                Thread.SpinWait(1);
            }
            else
            {
                Parks++;
                PreparePark();
                Park(ready: condition.Holds);
            }
        }

        return true;
    }

    /// <summary>
    /// First half of going to sleep: from here on whoever writes what the caller waits for also wakes it. The caller looks once more, then calls
    /// <see cref="Park"/>.
    /// </summary>
    public void PreparePark()
    {
        Monitor.Enter(_gate);
        Volatile.Write(ref _parked, true);
        Interlocked.MemoryBarrier();
    }

    /// <summary>Second half: sleeps unless the caller saw what it waits for, or mail arrived.</summary>
    public void Park(bool ready)
    {
        if (!ready && !NeedsAttention)
        {
            Monitor.Wait(_gate);
        }

        Volatile.Write(ref _parked, false);
        Monitor.Exit(_gate);
    }

    /// <summary>Ends the thread after its mail. From any other thread.</summary>
    public void Stop()
    {
        Volatile.Write(ref _stopping, true);
        CallAttention();
        _thread?.Join();
    }

    private void Loop()
    {
        while (true)
        {
            if (NeedsAttention)
            {
                Drain();
            }

            Action? job = Interlocked.Exchange(ref _job, null);
            if (job is not null)
            {
                job();
                continue;
            }

            if (Volatile.Read(ref _stopping))
            {
                break;
            }

            PreparePark();
            Park(ready: Volatile.Read(ref _job) is not null || Volatile.Read(ref _stopping));
        }

        while (_mail.TryDequeue(out IRunnable? mail))
        {
            mail.Run();
        }

        Volatile.Write(ref _ended, true);
        Interlocked.Exchange(ref _job, null)?.Invoke();
    }
}
