using System.Globalization;
using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.EventStream;

namespace IoScale.EndToEnd.Tests;

/// <summary>Ctrl-C, as a terminal sends it, once the program shows by its progress line that it runs.</summary>
public sealed class InterruptionTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly Ioscale _ioscale = new();

    public void Dispose() => _ioscale.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task The_first_signal_ends_the_run_with_a_valid_partial_result(string signal)
    {
        (int exitCode, string output, List<string> progress) = await Interrupt(signal, times: 1);
        Assert.Equal(130, exitCode);
        Assert.StartsWith("endless: INTERRUPTED", output, StringComparison.Ordinal);
        JsonElement summary = JsonDocument.Parse(_ioscale.Read("out", "endless", "summary.json")).RootElement;
        Assert.Equal("interrupted", summary.GetProperty("verdict").GetString());
        JsonElement variant = summary.GetProperty("variants")[0];
        Assert.InRange(variant.GetProperty("virtualTimePs").GetInt64(), 1, variant.GetProperty("durationPs").GetInt64() - 1);
        Assert.NotEqual(0, variant.GetProperty("events").GetInt64());
        Assert.Empty(variant.GetProperty("expectations").EnumerateArray());
        Assert.All(progress, line => Assert.StartsWith("endless: 0 of 2 done; ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_signals_end_at_once_and_leave_no_broken_file()
    {
        (int exitCode, _, _) = await Interrupt("INT", times: 3);
        Assert.Equal(130, exitCode);

        // The run may have had the time to write its partial result; then it is whole.
        bool written = Directory.Exists(Path.Combine(_ioscale.Folder, "out", "endless"));
        Assert.Equal(written ? ["endless"] : [], _ioscale.Entries("out"));
        if (written)
        {
            Assert.Equal(4, _ioscale.Entries("out", "endless").Count());
        }
    }

    private async Task<(int ExitCode, string Output, List<string> Errors)> Interrupt(string signal, int times)
    {
        _ioscale.Write("endless.yaml", Ioscale.Endless);
        using CancellationTokenSource bound = new(Bound);
        StringBuilder output = new();
        List<string> errors = [];
        int process = 0;
        bool signalled = false;
        await foreach (CommandEvent e in _ioscale.Command("run", "endless.yaml", "--threads", "2").ListenAsync(bound.Token))
        {
            switch (e)
            {
                case StartedCommandEvent started:
                    process = started.ProcessId;
                    break;
                case StandardErrorCommandEvent error:
                    errors.Add(error.Text);
                    bool running = error.Text.Contains("emulate ", StringComparison.Ordinal) && !error.Text.Contains("emulate 0.0 % (0 s", StringComparison.Ordinal);
                    for (int i = 0; i < times && running && !signalled; i++)
                    {
                        await Cli.Wrap("kill").WithArguments(["-s", signal, process.ToString(CultureInfo.InvariantCulture)]).WithValidation(CommandResultValidation.None).ExecuteAsync(bound.Token);
                    }

                    signalled |= running;
                    break;
                case StandardOutputCommandEvent text:
                    output.AppendLine(text.Text);
                    break;
                case ExitedCommandEvent exited:
                    return (exited.ExitCode, output.ToString(), errors);
            }
        }

        throw new InvalidOperationException("the program did not say that it ended");
    }
}
