using System.CommandLine;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Commands;

/// <summary><c>resume DIR</c></summary>
internal static class ResumeCommand
{
    public static Command Create(Func<ResumeRequest, int> resume)
    {
        CommonOptions common = new();
        Argument<string> folder = new("DIR") { Description = "Result folder of a run with --checkpoint-every that did not come to its end." };
        Command command = new("resume", "Go on from the last checkpoint of a run that was stopped or died; its result is the same.")
        {
            folder, common.Threads, common.Format,
        };
        command.SetAction(parsed => resume(new ResumeRequest(
            parsed.GetValue(folder) ?? "",
            common.ThreadsOf(parsed),
            parsed.GetValue(common.Format) ?? OutputFormat.Text)));
        return command;
    }
}
