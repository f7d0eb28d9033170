using System.Globalization;
using CliWrap;
using CliWrap.Buffered;

namespace IoScale.EndToEnd.Tests;

/// <summary>Runs with checkpoints, killed as a machine that loses power kills them, or stopped by Ctrl-C; each ends as if nothing had happened.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private static readonly string[] SameForEver = ["metrics.prom", "resolved.yaml", "summary.json"];

    private readonly Ioscale _ioscale = new();

    private string Checkpoint => Path.Combine(_ioscale.Folder, "out", "small", "checkpoint");

    public void Dispose() => _ioscale.Dispose();

    /// <summary>With 1 ms between checkpoints the process nearly always dies while it writes one.</summary>
    [Theory]
    [InlineData(1, "--checkpoint-every-virtual", "1ms")]
    [InlineData(2, "--checkpoint-every-virtual", "40ms")]
    [InlineData(3, "--checkpoint-every", "100ms")]
    public async Task A_run_killed_again_and_again_ends_with_the_same_files(int seed, string option, string interval)
    {
        await Undisturbed();
        Random random = new(seed);
        string[] next = ["run", "small.yaml", "--threads", "2", option, interval];
        for (int i = 0; i < 3 && (i == 0 || Directory.Exists(Checkpoint)); i++)
        {
            await Signal("KILL", TimeSpan.FromMilliseconds(random.Next(1500)), next);
            next = ["resume", Path.Combine("out", "small"), "--threads", $"{1 + (i % 2)}"];
        }

        if (Directory.Exists(Checkpoint))
        {
            BufferedCommandResult last = await _ioscale.Run(next);
            Assert.Equal(0, last.ExitCode);
        }

        AssertSameFiles();
    }

    [Fact]
    public async Task A_run_stopped_by_Ctrl_C_says_how_to_go_on_and_does()
    {
        // Long enough to be still under way when the signal comes on a busy machine.
        await Undisturbed("8s");
        BufferedCommandResult stopped = await Signal("INT", TimeSpan.Zero, "run", "small.yaml", "--checkpoint-every", "100s");
        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains("ioscale: small: stopped; go on with: ioscale resume out/small", stopped.StandardError, StringComparison.Ordinal);
        BufferedCommandResult resumed = await _ioscale.Run("resume", "out/small", "--format", "json");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(_ioscale.Read("undisturbed", "summary.json"), System.Text.Encoding.UTF8.GetBytes(resumed.StandardOutput));
        AssertSameFiles();
    }

    private async Task Undisturbed(string duration = "1500ms")
    {
        _ioscale.Write("small.yaml", Ioscale.Small.Replace("duration: 20ms", $"duration: {duration}", StringComparison.Ordinal));
        Assert.Equal(0, (await _ioscale.Run("run", "small.yaml", "--out", "undisturbed")).ExitCode);
    }

    /// <summary>Starts the program, and sends it a signal some time after it has begun to keep its run.</summary>
    private async Task<BufferedCommandResult> Signal(string signal, TimeSpan after, params string[] arguments)
    {
        using CancellationTokenSource bound = new(Bound);
        CommandTask<BufferedCommandResult> running = _ioscale.Command(arguments).ExecuteBufferedAsync(bound.Token);
        while (!HasBegun() && !running.Task.IsCompleted)
        {
            await Task.Delay(10, bound.Token);
        }

        await Task.WhenAny(running.Task, Task.Delay(after, bound.Token));
        await Cli.Wrap("kill").WithArguments(["-s", signal, running.ProcessId.ToString(CultureInfo.InvariantCulture)])
            .WithValidation(CommandResultValidation.None).ExecuteAsync(bound.Token);
        return await running;
    }

    private bool HasBegun() => Directory.Exists(Path.Combine(Checkpoint, "results"));

    private void AssertSameFiles()
    {
        Assert.Equal(["host.json", .. SameForEver], _ioscale.Entries("out", "small"));
        Assert.Equal(["small"], _ioscale.Entries("out"));
        foreach (string name in SameForEver)
        {
            Assert.Equal(_ioscale.Read("undisturbed", name), _ioscale.Read("out", "small", name));
        }
    }
}
