using System.Runtime.InteropServices;
using IoScale.Nodes.Commands;

namespace IoScale.Nodes.Running;

/// <summary>
/// Ctrl-C and SIGTERM. The first asks the run to stop at its next border and to write what it has; the second drops unfinished files and
/// ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Lock _lock = new();
    private readonly List<IDisposable> _unfinished = [];
    private int _signals;

    public Interruption()
    {
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    public CancellationToken Stop => _stop.Token;

    /// <summary>Names something whose disposal drops unfinished files, for an end at once.</summary>
    public void Guard(IDisposable unfinished)
    {
        lock (_lock)
        {
            _unfinished.Add(unfinished);
        }
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) == 1)
        {
            _stop.Cancel();
            return;
        }

        lock (_lock)
        {
            foreach (IDisposable unfinished in _unfinished)
            {
                unfinished.Dispose();
            }
        }

        Environment.Exit(ExitCode.Interrupted);
    }
}
