using System.Diagnostics;

namespace IoScale.Cluster.Harness.Networks;

/// <summary>
/// A network for the nodes of one cluster: each in a namespace of its own, with a cable to a switch that can be cut and mended; this process has a cable,
/// too. Needs root on Linux and iproute2. Everything in it goes with <see cref="Dispose"/>.
/// </summary>
public sealed class CableLab : IDisposable
{
    private static int _made;

    private readonly string _name;
    private readonly string _prefix;
    private readonly List<string> _namespaces = [];

    /// <param name="nodes">Namespaces, at most 8.</param>
    public CableLab(int nodes)
    {
        // Interfaces have at most 15 letters, all in this process's namespace need names of their own.
        int number = Interlocked.Increment(ref _made);
        _name = $"ios{Environment.ProcessId}n{number}";
        _prefix = $"10.{200 + number % 50}.{Environment.ProcessId % 250}";
        try
        {
            string hub = Namespace("hub");
            Ip("-n", hub, "link", "add", "hub", "type", "bridge");
            Ip("-n", hub, "link", "set", "hub", "up");
            Ip("link", "add", _name, "type", "veth", "peer", "name", "us", "netns", hub);
            Ip("addr", "add", $"{_prefix}.254/24", "dev", _name);
            Ip("link", "set", _name, "up");
            Plug(hub, "us");
            for (int i = 0; i < nodes; i++)
            {
                string own = Namespace($"{i}");
                Ip("-n", own, "link", "set", "lo", "up");
                Ip("-n", own, "link", "add", "cable", "type", "veth", "peer", "name", $"port{i}", "netns", hub);
                Ip("-n", own, "addr", "add", $"{AddressOf(i)}/24", "dev", "cable");
                Ip("-n", own, "link", "set", "cable", "up");
                Plug(hub, $"port{i}");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why none can be made here, or null.</summary>
    public static string? Missing { get; } = Try();

    private string Hub => _namespaces[0];

    public string AddressOf(int node) => $"{_prefix}.{node + 1}";

    /// <summary>Starts a program in the namespace of a node.</summary>
    public IReadOnlyList<string> CommandPrefix(int node) => ["ip", "netns", "exec", _namespaces[node + 1]];

    /// <summary>Nothing goes to or from the node any more; it does not notice otherwise.</summary>
    public void Cut(int node) => Ip("-n", Hub, "link", "set", $"port{node}", "down");

    public void Mend(int node) => Ip("-n", Hub, "link", "set", $"port{node}", "up");

    public void Dispose()
    {
        // The cables end with the namespaces that they lead to.
        foreach (string name in _namespaces)
        {
            Ip("netns", "delete", name);
        }

        _namespaces.Clear();
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "network namespaces need root on Linux";
        }

        try
        {
            using CableLab lab = new(1);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"network namespaces cannot be made here: {e.Message}";
        }
    }

    private static void Ip(params string[] arguments)
    {
        ProcessStartInfo start = new("ip", arguments) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {errors}");
        }
    }

    private static void Plug(string hub, string port)
    {
        Ip("-n", hub, "link", "set", port, "master", "hub");
        Ip("-n", hub, "link", "set", port, "up");
    }

    private string Namespace(string part)
    {
        string name = $"{_name}-{part}";
        Ip("netns", "add", name);
        _namespaces.Add(name);
        return name;
    }
}
