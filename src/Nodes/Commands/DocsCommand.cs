using System.CommandLine;
using IoScale.Nodes.Documentation;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Commands;

/// <summary><c>docs</c>: writes the generated documentation pages. For those who change the program, so not in its help.</summary>
internal static class DocsCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<string> folder = new("--out") { HelpName = "DIR", Description = "Folder for the pages.", DefaultValueFactory = _ => "docs" };
        Command command = new("docs", "Write the documentation that is generated from the code.") { folder };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            string place = parsed.GetValue(folder) ?? "docs";
            try
            {
                Directory.CreateDirectory(place);
                foreach ((string name, string text) in GeneratedPages.All())
                {
                    string file = Path.Combine(place, name);
                    File.WriteAllText(file, text);
                    terminal.Out.WriteLine(file);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"--out {place}: cannot be written to ({e.Message.TrimEnd('.')})", e);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
