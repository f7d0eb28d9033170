using System.Text;
using Spectre.Console;

namespace IoScale.Nodes.Running;

/// <summary>Where the program prints: reports to standard output, errors and progress to standard error.</summary>
internal sealed class Terminal
{
    /// <summary>Width of a report that goes to a file or a pipe, and the most that one takes on a terminal.</summary>
    public const int ReportWidth = 120;

    private readonly Func<Stream> _openOutput;

    public Terminal(TextWriter output, TextWriter error, Func<Stream> openOutput, bool errorIsTerminal)
    {
        Out = output;
        Err = error;
        _openOutput = openOutput;
        ErrorIsTerminal = errorIsTerminal;
    }

    public TextWriter Out { get; }

    public TextWriter Err { get; }

    public bool ErrorIsTerminal { get; }

    /// <summary>Standard error for live progress; only where it is a terminal.</summary>
    public IAnsiConsole ErrConsole => field ??= AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Err) });

    public static Terminal OfProcess() =>
        new(System.Console.Out, System.Console.Error, System.Console.OpenStandardOutput, !System.Console.IsErrorRedirected);

    /// <summary>Standard output as bytes, for JSON.</summary>
    public Stream OpenOutput() => _openOutput();

    /// <summary>One line to standard error.</summary>
    public void Error(string message) => Err.WriteLine($"ioscale: {message.ReplaceLineEndings(" ")}");

    /// <summary>Prints a report to standard output: in colour on a terminal that shows it, as plain text without trailing blanks elsewhere.</summary>
    /// <param name="blankAfter">A blank line follows, so that several reports stand apart.</param>
    public void Print(Action<IAnsiConsole> report, bool blankAfter = true)
    {
        AnsiConsoleOutput output = new(Out);
        if (output.IsTerminal)
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
            console.Profile.Width = Math.Clamp(console.Profile.Width, 100, ReportWidth);
            report(console);
            return;
        }

        Out.Write(Plain(report, blankAfter));
        Out.Flush();
    }

    /// <summary>A report as plain text without trailing blanks, lines ended with a line feed.</summary>
    /// <param name="blankAfter">A blank line follows.</param>
    public static string Plain(Action<IAnsiConsole> report, bool blankAfter)
    {
        StringWriter text = new() { NewLine = "\n" };
        IAnsiConsole plain = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        plain.Profile.Capabilities.Unicode = true;
        plain.Profile.Width = ReportWidth;
        report(plain);
        StringBuilder lines = new();
        bool blank = false;
        string printed = blankAfter ? text.ToString() : text.ToString().TrimEnd('\n');
        foreach (string line in printed.Split('\n').Select(l => l.TrimEnd()))
        {
            if (line.Length > 0 || !blank)
            {
                lines.Append(line).Append('\n');
            }

            blank = line.Length == 0;
        }

        return lines.ToString();
    }
}
