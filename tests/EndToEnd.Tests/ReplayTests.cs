using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace IoScale.EndToEnd.Tests;

public sealed class ReplayTests : IDisposable
{
    private readonly Ioscale _ioscale = new();

    public static TheoryData<string, string> Traces { get; } = Find();

    public void Dispose() => _ioscale.Dispose();

    [Theory]
    [MemberData(nameof(Traces))]
    public async Task A_recorded_run_is_answered_byte_for_byte(string allocator, string name)
    {
        string file = Ioscale.Source(Path.Combine("..", "Hardware.Tests", "Traces", name));
        BufferedCommandResult replay = await _ioscale.Run("vectors", "replay", "--allocator", allocator, file);
        Assert.Equal((0, ""), (replay.ExitCode, replay.StandardError));
        Assert.Equal(File.ReadAllText(file), replay.StandardOutput);
    }

    [Fact]
    public async Task Operations_come_from_standard_input_too()
    {
        BufferedCommandResult replay = await ("gassign\ngfree 32\n" | _ioscale.Command("vectors", "replay", "--allocator", "xen-2009-global", "-")).ExecuteBufferedAsync();
        Assert.Equal(0, replay.ExitCode);
        Assert.Equal("{\"i\": 0, \"op\": \"gassign\", \"rc\": 32}\n{\"i\": 1, \"op\": \"gfree 32\", \"rc\": 0}\n", replay.StandardOutput);
    }

    [Fact]
    public async Task A_bad_operation_names_file_and_line_after_the_answers_before_it()
    {
        _ioscale.Write("ops", "gassign\n\nbogus 1\n");
        BufferedCommandResult replay = await _ioscale.Run("vectors", "replay", "--allocator", "xen-2009-global", "ops");
        Assert.Equal(2, replay.ExitCode);
        Assert.StartsWith("ioscale: ops: line 3: ", replay.StandardError, StringComparison.Ordinal);
        Assert.Single(replay.StandardOutput.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_hundred_thousand_operations_are_answered()
    {
        StringBuilder operations = new("online 0\nonline 1\n");
        for (int i = 0; i < 50_000; i++)
        {
            operations.Append(System.Globalization.CultureInfo.InvariantCulture, $"assign {i % 100} {i % 2}\nclear {i % 100}\n");
        }

        _ioscale.Write("ops", operations.ToString());
        BufferedCommandResult replay = await _ioscale.Run("vectors", "replay", "--allocator", "xen", "ops");
        Assert.Equal(0, replay.ExitCode);
        Assert.Equal(100_002, replay.StandardOutput.Count(c => c == '\n'));
    }

    private static TheoryData<string, string> Find()
    {
        TheoryData<string, string> traces = [];
        foreach (string file in Directory.GetFiles(Ioscale.Source(Path.Combine("..", "Hardware.Tests", "Traces")), "*.jsonl").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(file);
            string allocator = name.StartsWith("matrix", StringComparison.Ordinal) ? "linux"
                : name.StartsWith("xen_global", StringComparison.Ordinal) ? "xen-2009-global"
                : "xen";
            traces.Add(allocator, name);
        }

        return traces;
    }
}
