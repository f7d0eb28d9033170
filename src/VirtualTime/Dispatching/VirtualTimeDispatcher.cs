using Akka.Configuration;
using Akka.Dispatch;
using IoScale.VirtualTime.Threads;

namespace IoScale.VirtualTime.Dispatching;

/// <summary>
/// The dispatcher of the actors on one thread of a run. Events do not pass through it: the partition's loop hands them straight to the instances. Whatever
/// reaches a mailbox from outside waits here for the thread, which runs it between two events.
/// </summary>
internal sealed class VirtualTimeDispatcher : MessageDispatcher
{
    private Worker? _worker;

    public VirtualTimeDispatcher(MessageDispatcherConfigurator configurator, string id)
        : base(configurator) => Id = id;

    /// <summary>The thread it works for; null while no run has rented it.</summary>
    public Worker? Worker
    {
        get => Volatile.Read(ref _worker);
        set => Volatile.Write(ref _worker, value);
    }

    protected override void ExecuteTask(IRunnable run)
    {
        Worker? worker = Worker;
        if (worker is not null)
        {
            worker.Post(run);
        }
        else
        {
            // Only the last breath of actors whose run is over.
            ThreadPool.UnsafeQueueUserWorkItem(static mail => mail.Run(), run, preferLocal: false);
        }
    }

    /// <summary>The thread belongs to the run, and the dispatcher will be rented again.</summary>
    protected override void Shutdown()
    {
    }
}

/// <summary>Akka asks a configurator for the dispatcher of an actor; this one has just its own.</summary>
internal sealed class VirtualTimeDispatcherConfigurator : MessageDispatcherConfigurator
{
    public VirtualTimeDispatcherConfigurator(IDispatcherPrerequisites prerequisites, string id)
        : base(Config.Empty, prerequisites) => Instance = new VirtualTimeDispatcher(this, id);

    public VirtualTimeDispatcher Instance { get; }

    public override MessageDispatcher Dispatcher() => Instance;
}
