using System.CommandLine;
using IoScale.Nodes.Claims;

namespace IoScale.Nodes.Commands;

/// <summary><c>claims [PATH]</c></summary>
internal static class ClaimsCommand
{
    public static Command Create(Func<ClaimsRequest, int> run)
    {
        CommonOptions common = new();
        Argument<string> path = new("PATH")
        {
            Description = "Scenario file that makes a claim, or a folder of them. Default: scenarios/claims.",
            DefaultValueFactory = _ => "scenarios/claims",
        };
        Option<string> page = new("--out") { HelpName = "FILE", Description = "Page to write.", DefaultValueFactory = _ => "docs/claims.md" };
        Option<bool> sensitivity = new("--sensitivity") { Description = "Also runs all claims with each cost constant 20 % lower and higher, and says which verdicts flip. Takes minutes." };
        Option<bool> check = new("--check") { Description = "Writes nothing; exit code 5 if the page is not what the claims give now." };
        Command command = new("claims", "Run the claims and write the page of their verdicts.") { path, page, sensitivity, check, common.Threads };
        command.SetAction(parsed => run(new ClaimsRequest(
            parsed.GetValue(path) ?? "",
            parsed.GetValue(page) is { Length: > 0 } file ? file : throw new InputException("--out: is empty; name a file"),
            parsed.GetValue(sensitivity),
            parsed.GetValue(check),
            common.ThreadsOf(parsed))));
        return command;
    }
}
