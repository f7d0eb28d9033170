using System.Diagnostics;

namespace IoScale.Cluster.Harness.Processes;

/// <summary>
/// A process whose output is kept, and which ends with <see cref="Dispose"/> or, whatever happens, with the process that started it. Signals go to it alone:
/// there is no shell between.
/// </summary>
public sealed class GuardedProcess : IDisposable
{
    /// <summary>
    /// Leaves a watcher behind that reads from what is our end of a pipe, and becomes the program. A line means that the program has ended in an orderly way;
    /// the end of the pipe without one means that we have died, and the program with us.
    /// </summary>
    private const string Guarded = "exec 3<&0; (read -r _ <&3 && exit; kill -KILL $$) >/dev/null 2>&1 & exec 3<&-; exec \"$@\" </dev/null";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _log;
    private bool _over;

    /// <param name="command">Program and arguments.</param>
    /// <param name="folder">Where it starts.</param>
    /// <param name="environment">Variables that differ from ours.</param>
    /// <param name="log">File that its output is added to.</param>
    public GuardedProcess(IEnumerable<string> command, string folder, IReadOnlyDictionary<string, string?>? environment = null, string? log = null)
    {
        _log = log;
        ProcessStartInfo start = new("/bin/sh")
        {
            ArgumentList = { "-c", Guarded, "sh" },
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in command)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => End();
        _process.Start();
        Id = _process.Id;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id { get; }

    public bool Running => !_ended.Task.IsCompleted;

    /// <summary>The exit code, once it has ended.</summary>
    public Task<int> Ended => _ended.Task;

    /// <summary>What it has written so far, standard output and error as they came.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Ends it as a power failure would.</summary>
    public void Kill() => Send(Signals.Kill);

    /// <summary>It stands still, its connections stay.</summary>
    public void Suspend() => Send(Signals.Stop);

    public void Resume() => Send(Signals.Continue);

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => Send(Signals.Interrupt);

    /// <summary>What a supervisor sends first.</summary>
    public void Terminate() => Send(Signals.Terminate);

    public void Dispose()
    {
        Kill();
        if (!_ended.Task.Wait(Bound))
        {
            throw new InvalidOperationException($"process {Id} does not end");
        }
    }

    /// <summary>Does nothing to one that has ended: its number may be another's by now.</summary>
    private void Send(int signal)
    {
        lock (_lock)
        {
            if (!_over && !_process.HasExited)
            {
                Signals.Send(Id, signal);
            }
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _lines.Add(line);
            if (_log is not null)
            {
                File.AppendAllText(_log, line + "\n");
            }
        }
    }

    private void End()
    {
        int code;
        lock (_lock)
        {
            _over = true;
        }

        // Until the last line of output is here.
        _process.WaitForExit();
        code = _process.ExitCode;
        try
        {
            _process.StandardInput.WriteLine();
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program could not be started, nor its watcher.
        }

        _process.Dispose();
        _ended.TrySetResult(code);
    }
}
