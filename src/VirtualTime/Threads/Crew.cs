using System.Runtime.ExceptionServices;

namespace IoScale.VirtualTime.Threads;

/// <summary>The threads of a run, given one job at a time.</summary>
internal sealed class Crew : IDisposable
{
    private readonly Run _run;
    private readonly string _runId;
    private readonly CountdownEvent _busy = new(0);
    private int _taken;

    public Crew(Run run, string runId)
    {
        _run = run;
        _runId = runId;
    }

    public void Start()
    {
        foreach (Worker worker in _run.Workers)
        {
            worker.Start($"ioscale {_runId} {worker.Index}");
        }
    }

    /// <summary>Runs the job on every thread, and waits. What a job throws ends the run and is thrown here, first thread first.</summary>
    public void Do(Action<Worker> job)
    {
        if (Interlocked.Exchange(ref _taken, 1) != 0)
        {
            throw new InvalidOperationException("The simulation is in use by another thread.");
        }

        Exception?[] thrown = new Exception?[_run.Workers.Count];
        _busy.Reset(_run.Workers.Count);
        foreach (Worker worker in _run.Workers)
        {
            worker.Assign(() =>
            {
                try
                {
                    job(worker);
                }
                catch (Exception cause)
                {
                    thrown[worker.Index] = cause;
                    _run.Abort(cause);
                }
                finally
                {
                    _busy.Signal();
                }
            });
        }

        _busy.Wait();
        Volatile.Write(ref _taken, 0);
        Exception? first = Array.Find(thrown, cause => cause is not null);
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        foreach (Worker worker in _run.Workers)
        {
            worker.Stop();
        }

        _busy.Dispose();
    }
}
