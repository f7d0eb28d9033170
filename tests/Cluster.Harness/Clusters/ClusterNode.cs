using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Processes;

namespace IoScale.Cluster.Harness.Clusters;

/// <summary>A node's place in a cluster: its address stays, its processes come and go.</summary>
public sealed class ClusterNode
{
    private readonly Lock _lock = new();
    private readonly Func<ClusterNode, IReadOnlyDictionary<string, string?>, GuardedProcess> _start;
    private readonly TimeSpan? _restartAfter;
    private readonly List<int> _exitCodes = [];
    private GuardedProcess? _process;
    private bool _supervised = true;

    internal ClusterNode(int index, string host, int port, TimeSpan? restartAfter, Func<ClusterNode, IReadOnlyDictionary<string, string?>, GuardedProcess> start)
    {
        Index = index;
        Host = host;
        Port = port;
        _restartAfter = restartAfter;
        _start = start;
    }

    public int Index { get; }

    public string Host { get; }

    public int Port { get; }

    /// <summary>As in <c>--node</c>.</summary>
    public string Endpoint => $"{Host}:{Port}";

    /// <summary>The program, for the next start.</summary>
    public string Program { get; set; } = ClientProgram.Path;

    /// <summary>Arguments of <c>node</c> beyond those of the cluster; for the next start.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    public bool Running => Process is { Running: true };

    /// <summary>It stands still.</summary>
    public bool Suspended { get; private set; }

    /// <summary>Of its processes so far, oldest first; 137 after a kill.</summary>
    public IReadOnlyList<int> ExitCodes
    {
        get
        {
            lock (_lock)
            {
                return [.. _exitCodes];
            }
        }
    }

    /// <summary>What its present or last process has written.</summary>
    public IReadOnlyList<string> Lines => Process?.Lines ?? [];

    private GuardedProcess? Process
    {
        get
        {
            lock (_lock)
            {
                return _process;
            }
        }
    }

    /// <param name="environment">Variables of this process alone.</param>
    public void Start(IReadOnlyDictionary<string, string?>? environment = null)
    {
        lock (_lock)
        {
            if (_process is { Running: true })
            {
                throw new InvalidOperationException($"node {Index} runs");
            }

            _supervised = true;
            Suspended = false;
            GuardedProcess process = _start(this, environment ?? new Dictionary<string, string?>());
            _process = process;
            process.Ended.ContinueWith(ended => AfterEnd(process, ended.Result), TaskScheduler.Default);
        }
    }

    /// <summary>kill -9. A supervisor starts it again.</summary>
    public void Kill() => Process?.Kill();

    /// <summary>kill -9, and no supervisor.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            _supervised = false;
        }

        Process?.Dispose();
    }

    /// <summary>SIGTERM, and no supervisor.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _supervised = false;
        }

        Process?.Terminate();
    }

    public void Suspend()
    {
        Suspended = true;
        Process?.Suspend();
    }

    public void Resume()
    {
        Process?.Resume();
        Suspended = false;
    }

    /// <summary>The exit code of the present process.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task<int> WaitForEnd(TimeSpan bound) => await Process!.Ended.WaitAsync(bound);

    private void AfterEnd(GuardedProcess process, int exitCode)
    {
        lock (_lock)
        {
            _exitCodes.Add(exitCode);
            if (_restartAfter is not { } pause || !_supervised)
            {
                return;
            }

            Task.Delay(pause).ContinueWith(_ => StartAgain(process), TaskScheduler.Default);
        }
    }

    private void StartAgain(GuardedProcess ended)
    {
        lock (_lock)
        {
            if (_supervised && _process == ended)
            {
                Start();
            }
        }
    }
}
