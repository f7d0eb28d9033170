using System.CommandLine;
using System.Text;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;
using IoScale.Hardware.Vectors.Replay;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Commands;

/// <summary><c>vectors replay --allocator NAME FILE</c>: recorded allocator operations in, one JSON line for each out.</summary>
internal static class VectorsCommand
{
    private const int BufferBytes = 1 << 16;

    public static Command Create(Terminal terminal)
    {
        Option<string> allocator = new("--allocator")
        {
            HelpName = "NAME",
            Description = $"One of {string.Join(", ", VectorAllocatorNames.All)}.",
            Required = true,
        };
        Argument<string> file = new("FILE") { Description = "Operations, one a line (a JSON object with \"op\", or the operation itself); - for standard input." };
        Command replay = new("replay", "Replay allocator operations: one JSON line each.") { allocator, file };
        replay.SetAction(parsed =>
        {
            string name = parsed.GetValue(allocator) ?? "";
            if (!VectorAllocatorNames.TryParse(name, out VectorAllocatorKind kind))
            {
                throw new InputException($"--allocator: '{name}' is not an allocator; one of {string.Join(", ", VectorAllocatorNames.All)}");
            }

            Replay(kind, parsed.GetValue(file) ?? "", terminal);
            return ExitCode.Ok;
        });
        return new Command("vectors", "Vector allocators on their own.") { replay };
    }

    private static void Replay(VectorAllocatorKind kind, string file, Terminal terminal)
    {
        string name = file == "-" ? "standard input" : file;
        using StreamReader input = Open(file);
        using StreamWriter output = new(terminal.OpenOutput(), new UTF8Encoding(false), BufferBytes) { NewLine = "\n" };
        try
        {
            foreach (string answer in VectorReplay.Run(kind, LinesOf(input, name)))
            {
                output.WriteLine(answer);
            }
        }
        catch (ReplayException e)
        {
            throw new InputException($"{name}: {e.Message}", e);
        }
    }

    private static StreamReader Open(string file)
    {
        if (Directory.Exists(file))
        {
            throw new InputException($"{file}: is a folder; name a file of operations, or - for standard input");
        }

        try
        {
            Stream stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            return new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, BufferBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file}: cannot be read ({e.Message.TrimEnd('.')}); name a file of operations, or - for standard input", e);
        }
    }

    private static IEnumerable<string> LinesOf(StreamReader input, string name)
    {
        while (true)
        {
            string? line;
            try
            {
                line = input.ReadLine();
            }
            catch (IOException e)
            {
                throw new InputException($"{name}: cannot be read ({e.Message.TrimEnd('.')})", e);
            }

            if (line is null)
            {
                yield break;
            }

            yield return line;
        }
    }
}
