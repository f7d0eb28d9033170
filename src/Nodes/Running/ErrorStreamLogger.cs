using Akka.Actor;
using Akka.Event;

namespace IoScale.Nodes.Running;

/// <summary>Akka's warnings and errors as one line each on stderr; stdout belongs to the report.</summary>
internal sealed class ErrorStreamLogger : ReceiveActor
{
    public ErrorStreamLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(e => Console.Error.WriteLine(Line(e)));
    }

    /// <summary>An event as one line.</summary>
    public static string Line(LogEvent e) =>
        $"ioscale: {Level(e)}: {e.LogSource}: {e.Message}{(e.Cause is { } cause ? ": " + cause.Message : "")}".ReplaceLineEndings(" ");

    private static string Level(LogEvent e) => e.LogLevel() == LogLevel.WarningLevel ? "warning" : "error";
}
