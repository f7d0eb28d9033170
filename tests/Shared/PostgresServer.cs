using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace IoScale.Tests.Shared;

/// <summary>
/// A PostgreSQL server of the test's own: a new cluster of databases in a temporary folder, on a free port of the loopback interface. It ends with
/// <see cref="Dispose"/>, and with the test's process however that ends.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    /// <summary>Waits for its standard input to close, which happens with the death of who holds the other end too, and stops the server at once then.</summary>
    private const string Guarded = "\"$@\" </dev/null & read -r _; kill -INT $!; wait $!";

    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-pg").FullName;
    private readonly int _port = FreePort();
    private Process? _guard;

    private PostgresServer()
    {
    }

    /// <summary>Why there can be no server here, or null.</summary>
    public static string? Missing { get; } = Programs is null
        ? "PostgreSQL is not installed (looked in /usr/lib/postgresql/*/bin)"
        : Environment.IsPrivilegedProcess && !File.Exists("/usr/bin/setpriv") ? "PostgreSQL does not run as root, and setpriv is not installed" : null;

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Database=postgres;Username=ioscale;Password=unused";

    private static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(Directory.Exists).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    /// <summary>Makes a server and waits until it answers.</summary>
    public static PostgresServer Start()
    {
        PostgresServer server = new();
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                Wait(Process.Start("chown", ["nobody", server._folder]), "chown");
            }

            Wait(server.Run(["initdb", "-D", server.Data, "-U", "ioscale", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]), "initdb");
            server.StartAgain();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Stops the server as its administrator would: connections end, nothing is lost.</summary>
    public void Stop()
    {
        _guard!.StandardInput.Close();
        Wait(_guard, "postgres");
        _guard = null;
    }

    /// <summary>Starts a stopped server with the same data on the same port.</summary>
    public void StartAgain()
    {
        _guard = Run(["postgres", "-D", Data, "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _folder, "-c", "fsync=off"], guarded: true);
        Stopwatch waited = Stopwatch.StartNew();
        while (!Answers())
        {
            if (_guard.HasExited || waited.Elapsed > Bound)
            {
                throw new InvalidOperationException($"PostgreSQL did not start on port {_port}");
            }

            _guard.WaitForExit(TimeSpan.FromMilliseconds(50));
        }
    }

    public void Dispose()
    {
        if (_guard is { HasExited: false })
        {
            Stop();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Wait(Process process, string what)
    {
        using (process)
        {
            if (!process.WaitForExit(Bound) || process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{what} did not end well");
            }
        }
    }

    private bool Answers()
    {
        try
        {
            using NpgsqlConnection connection = new(ConnectionString + ";Pooling=false;Timeout=2");
            connection.Open();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private Process Run(string[] command, bool guarded = false)
    {
        command[0] = Path.Combine(Programs!, command[0]);
        ProcessStartInfo start = new("/bin/sh")
        {
            // Nothing reads what they say; a log that is looked at when a test fails is in the folder.
            ArgumentList = { "-c", $"exec >>\"$0/log\" 2>&1; cd \"$0\"; {(guarded ? Guarded : "exec \"$@\"")}", _folder },
            RedirectStandardInput = guarded,
        };
        // The server refuses to run as root.
        string[] user = Environment.IsPrivilegedProcess ? ["/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] : [];
        foreach (string argument in user.Concat(command))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
