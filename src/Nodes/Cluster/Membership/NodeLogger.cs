using Akka.Actor;
using Akka.Event;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Cluster.Membership;

/// <summary>
/// Warnings and errors on the stderr of a node, one line each and the same line once in half a minute, and what our own actors tell on its stdout.
/// Connections that come and go are left to <see cref="MemberWatch"/>, which says what they mean.
/// </summary>
internal sealed class NodeLogger : ReceiveActor
{
    private const int MostRemembered = 256;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, DateTime> _printed = new(StringComparer.Ordinal);

    public NodeLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    private void Write(LogEvent e)
    {
        if (e.LogLevel() < LogLevel.WarningLevel)
        {
            if (e.LogClass.Assembly == typeof(NodeLogger).Assembly)
            {
                Console.Out.WriteLine($"{e.Message}");
            }
        }
        else if (LineOf(e) is { } line && IsNew(line, e.Timestamp))
        {
            Console.Error.WriteLine(line);
        }
    }

    /// <summary>The line, or null for what is told elsewhere.</summary>
    internal static string? LineOf(LogEvent e)
    {
        if (RemotingTrouble.Of(e) is { } trouble)
        {
            return trouble.IsToldElsewhere ? null : $"ioscale: warning: {trouble.Text}";
        }

        return ErrorStreamLogger.Line(e);
    }

    private bool IsNew(string line, DateTime now)
    {
        if (_printed.TryGetValue(line, out DateTime last) && now - last < Quiet)
        {
            return false;
        }

        if (_printed.Count >= MostRemembered)
        {
            _printed.Clear();
        }

        _printed[line] = now;
        return true;
    }
}
