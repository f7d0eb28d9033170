using System.Globalization;
using System.Text;
using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Processes;

namespace IoScale.Cluster.Harness.Clusters;

/// <summary>Nodes of the built program on this machine, each a process, with a folder of their own for everything they write.</summary>
public sealed class LocalCluster : IDisposable
{
    private readonly ClusterSetup _setup;
    private readonly List<ClusterNode> _nodes = [];
    private readonly int[] _ports;

    /// <summary>Starts nothing yet.</summary>
    public LocalCluster(ClusterSetup setup)
    {
        _setup = setup;
        Folder = Directory.CreateTempSubdirectory("ioscale-cluster").FullName;
        _ports = setup.Network is null ? FreePorts.Take(MostNodes) : [.. Enumerable.Repeat(7600, MostNodes)];
        while (_nodes.Count < setup.Nodes)
        {
            Add();
        }

        Desk = new DeskClient(this);
    }

    /// <summary>More are never needed on one machine.</summary>
    private const int MostNodes = 8;

    public string Folder { get; }

    /// <summary>Where SQLite keeps journal and checkpoints.</summary>
    public string Data => Path.Combine(Folder, "data");

    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    /// <summary>Asks the nodes how they are, without a process for each question.</summary>
    public DeskClient Desk { get; }

    /// <summary>A cluster whose nodes have all been started.</summary>
    public static LocalCluster Start(ClusterSetup setup)
    {
        LocalCluster cluster = new(setup);
        try
        {
            foreach (ClusterNode node in cluster.Nodes)
            {
                node.Start();
            }

            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>A client that is meant to be ended before it ends itself.</summary>
    public GuardedProcess StartClient(params string[] arguments) => new(
        [ClientProgram.Path, .. arguments], Folder, new Dictionary<string, string?> { ["IOSCALE_NODE"] = NodeToAsk()?.Endpoint });

    /// <summary>A place for one more node, which is no seed.</summary>
    public ClusterNode Add()
    {
        int index = _nodes.Count;
        ClusterNode node = new(index, HostOf(index), _ports[index], _setup.RestartAfter, StartProcess);
        _nodes.Add(node);
        return node;
    }

    public ClusterNode NodeAt(string endpoint) => _nodes.Single(node => node.Endpoint == endpoint);

    /// <summary>The program as a client of this cluster; asks the first node that runs unless the arguments name one.</summary>
    public Task<ClientResult> Client(params string[] arguments) => ClientProgram.Run(Folder, NodeToAsk()?.Endpoint, [], arguments);

    /// <summary>What a reader of a failed test wants to see.</summary>
    public string Logs()
    {
        StringBuilder text = new();
        foreach (ClusterNode node in _nodes)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"--- node {node.Index} at {node.Endpoint}, running: {node.Running}, exit codes so far: {string.Join(' ', node.ExitCodes)}");
            foreach (string line in node.Lines.TakeLast(40))
            {
                text.AppendLine(line);
            }
        }

        return text.ToString();
    }

    public void Dispose()
    {
        Desk.Dispose();
        foreach (ClusterNode node in _nodes)
        {
            node.Remove();
        }

        Directory.Delete(Folder, recursive: true);
    }

    internal ClusterNode? NodeToAsk() => _nodes.FirstOrDefault(node => node is { Running: true, Suspended: false });

    private string HostOf(int index) => _setup.Network?.AddressOf(index) ?? "127.0.0.1";

    private GuardedProcess StartProcess(ClusterNode node, IReadOnlyDictionary<string, string?> environment)
    {
        string seeds = string.Join(',', Enumerable.Range(0, Math.Min(_setup.Seeds, _setup.Nodes)).Select(i => $"{HostOf(i)}:{_ports[i]}"));
        string[] store = _setup.ConnectionString is { } database ? ["--database", database] : ["--data", Data];
        IReadOnlyList<string> prefix = _setup.Network?.CommandPrefix(node.Index) ?? [];
        string[] command =
        [
            .. prefix, node.Program, "node", "--host", node.Host, "--port", $"{node.Port}", "--seeds", seeds, "--threads", "1", .. store, .. node.Arguments,
        ];
        Dictionary<string, string?> variables = new(_setup.Environment);
        foreach ((string name, string? value) in environment)
        {
            variables[name] = value;
        }

        return new GuardedProcess(command, Folder, variables, Path.Combine(Folder, $"node-{node.Index}.log"));
    }
}
