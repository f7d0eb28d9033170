using System.Text.Json;
using Akka.Actor;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Running;
using IoScale.Nodes.Store;
using IoScale.Nodes.Tests.Store;
using IoScale.Protocol.Wire;
using IoScale.Tests.Shared;
using Microsoft.Data.Sqlite;

namespace IoScale.Nodes.Tests.Checkpoints;

/// <summary>Runs that die, and go on.</summary>
public sealed class ResumeTests : IDisposable
{
    private const long Ms = 1_000_000_000;

    private const string Scenario = """
        apiVersion: ioscale/v1
        name: small
        seed: 7
        duration: 10ms
        warmUp: 1ms
        hosts:
          - {name: "h[0..1]", pcpus: 2, nics: [{name: nic0, model: "82599", vfs: 2}]}
        vms:
          - {name: a, host: h0, vf: nic0.p0.vf0}
          - {name: b, host: h1, vf: nic0.p0.vf0}
        traffic:
          - {name: rx, from: external, to: "a", rate: 500Mbps, frame: 1518B, arrival: poisson}
          - {name: ry, from: external, to: "b", rate: 500Mbps, frame: 1518B, arrival: poisson}
        variants:
          - {name: first}
          - {name: second, set: {"hosts[*].eoi": fast}}
        """;

    private static readonly string[] SameForEver = ["metrics.prom", "resolved.yaml", "summary.json"];

    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-resume").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _err = new();

    private string Out => Path.Combine(_folder, "out");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_run_with_checkpoints_gives_the_same_files_and_leaves_no_checkpoint()
    {
        Assert.Equal(0, Run(new ActorVariantRunner(), "run", File(), "--out", Out, "--checkpoint-every-virtual", "1ms"));
        Assert.Equal(["host.json", .. SameForEver], Entries(Out));
        Assert.Equal(Undisturbed(), Files(Out));
        JsonElement figures = JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(Out, "host.json"))).RootElement;

        // So short a run may be over before the first is written.
        Assert.InRange(figures.GetProperty("checkpoints").GetInt32(), 0, 20);
        Assert.InRange(figures.GetProperty("largestCheckpointBytes").GetInt64(), 1000, 10_000_000);
    }

    [Theory]
    [InlineData("1", 2)]
    [InlineData("2", 9)]
    public void A_run_that_died_goes_on_to_the_same_files(string variant, long diesAtMs)
    {
        Assert.Equal(3, Run(new MortalRunner(new ActorVariantRunner(), variant, diesAtMs * Ms), "run", File(), "--out", Out, "--threads", "1", "--checkpoint-every-virtual", "1ms"));
        Assert.Equal(["checkpoint"], Entries(Out));
        Assert.Equal(0, Run(new ActorVariantRunner(), "resume", Out, "--threads", "3"));
        Assert.Equal(["host.json", .. SameForEver], Entries(Out));
        Assert.Equal(Undisturbed(), Files(Out));
    }

    [Fact]
    public void Only_what_came_after_the_last_checkpoint_is_emulated_again()
    {
        Assert.Equal(3, Die("2", 7 * Ms));
        List<long> steps = [];
        FakeRunner second = new() { Step = (_, timePs) => steps.Add(timePs) };
        Assert.Equal(0, Run(second, "resume", Out, "--threads", "1"));

        // The first variant had ended; of the second, at least the copy at 2 ms was written before the process was gone.
        Assert.Equal(10 * Ms, second.StartedFromPs["small-1"]);
        Assert.Contains(second.StartedFromPs["small-2"], new[] { 2 * Ms, 4 * Ms, 6 * Ms });
        Assert.All(steps, step => Assert.InRange(step, second.StartedFromPs["small-2"] + 1, 10 * Ms));
    }

    [Fact]
    public async Task A_checkpoint_without_its_record_does_not_count()
    {
        Assert.Equal(3, Die("1", 5 * Ms));
        await InStore(async store =>
        {
            // As if the process had died between the parts and the record.
            NumberedState committed = (await store.LoadLastAsync("0/commit"))!;
            await store.SaveAsync("0/0", committed.Number + 1, [1, 2, 3]);
        });
        Assert.Equal(0, Run(new FakeRunner(), "resume", Out));
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_one_line_and_changes_nothing()
    {
        foreach ((string key, string line) in new[] { ("0/0", "partition 0 of checkpoint"), ("0/commit", "its checksum does not match"), ("run", "its checksum does not match") })
        {
            Assert.Equal(3, Die("1", 5 * Ms));
            await InStore(async store =>
            {
                NumberedState content = (await store.LoadLastAsync(key))!;
                content.Content[^1] ^= 1;
                await store.SaveAsync(key, content.Number, content.Content);
            });
            RefusesToResume($"its checkpoint is damaged: {line}");
            Directory.Delete(Path.Combine(Out, "checkpoint"), recursive: true);
        }
    }

    [Fact]
    public void A_file_that_is_cut_off_is_one_line()
    {
        Assert.Equal(3, Die("1", 5 * Ms));
        string states = Path.Combine(Out, "checkpoint", "states.sqlite");
        System.IO.File.WriteAllBytes(states, [.. System.IO.File.ReadAllBytes(states).Take(4096), .. new byte[100]]);
        RefusesToResume("damaged");
    }

    [Fact]
    public async Task A_checkpoint_of_another_build_is_one_line()
    {
        Assert.Equal(3, Die("1", 5 * Ms));
        await InStore(async store =>
        {
            LocalRun run = SealedMessage.Read(LocalRun.Parser, (await store.LoadLastAsync("run"))!.Content);
            run.Build = "0123456789abcdef";
            await store.SaveAsync("run", 1, SealedMessage.Write(run));
        });
        RefusesToResume($"was written by another build of ioscale (0123456789abcdef; this one is {BuildFingerprint.Value})");
    }

    [Fact]
    public void A_folder_in_use_or_with_an_unfinished_run_is_left_alone()
    {
        Assert.Equal(3, Die("1", 5 * Ms));
        Assert.Equal(2, Run(new FakeRunner(), "run", File(), "--out", Out, "--checkpoint-every", "10s"));
        Assert.Contains("holds the checkpoint of an unfinished run; go on with ioscale resume", _err.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, Run(new FakeRunner(), "run", File(), "--out", Out));
        using (new FileStream(Path.Combine(Out, "checkpoint", "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            RefusesToResume("is being used by another process");
        }

        Assert.Equal(0, Run(new FakeRunner(), "resume", Out));
    }

    [Fact]
    public void Without_a_checkpoint_there_is_nothing_to_resume()
    {
        RefusesToResume("no such folder");
        Assert.Equal(0, Run(new FakeRunner(), "run", File(), "--out", Out));
        RefusesToResume("holds no checkpoint; its run is complete");
    }

    [Fact]
    public void An_error_of_the_model_leaves_nothing_to_resume()
    {
        FakeRunner broken = new() { Step = (_, timePs) => throw new EmulationException($"broke at {timePs}") };
        Assert.Equal(3, Run(broken, "run", File(), "--out", Out, "--checkpoint-every", "10s"));
        Assert.False(Directory.Exists(Out));
    }

    [SmallDiskFact]
    public void A_full_disk_costs_the_checkpoint_and_not_the_run()
    {
        Directory.CreateDirectory(Out);
        using SmallDisk disk = new(Out, megabytes: 8);
        Assert.Equal(0, Run(new FakeRunner { StateBytes = 20_000_000 }, "run", File(), "--out", Out, "--checkpoint-every-virtual", "3ms"));
        Assert.Contains("ioscale: a checkpoint is not written: ", _err.ToString(), StringComparison.Ordinal);
        Assert.Contains("disk", _err.ToString(), StringComparison.Ordinal);
        Assert.Equal(["host.json", .. SameForEver], Entries(Out));
    }

    [Theory]
    [InlineData("--checkpoint-every", "50ms", "shorter than 100ms")]
    [InlineData("--checkpoint-every-virtual", "0s", "is zero")]
    public void An_interval_that_makes_no_sense_is_one_line(string option, string value, string line)
    {
        Assert.Equal(2, Run(new FakeRunner(), "run", File(), "--out", Out, option, value));
        Assert.Contains(line, _err.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_looks_at_a_run_from_its_start_does_not_go_with_checkpoints() =>
        Assert.Equal(2, Run(new FakeRunner(), "run", File(), "--out", Out, "--checkpoint-every", "10s", "--trace", Path.Combine(_folder, "trace")));

    private static IEnumerable<string> Entries(string folder) => Directory.GetFileSystemEntries(folder).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal);

    private static List<string> Files(string folder) => [.. SameForEver.Select(name => System.IO.File.ReadAllText(Path.Combine(folder, name)))];

    /// <summary>Runs until a variant passes a time and the process with it, with checkpoints every 2 ms.</summary>
    private int Die(string variant, long diesAtPs) =>
        Run(new MortalRunner(new FakeRunner(), variant, diesAtPs), "run", File(), "--out", Out, "--threads", "1", "--checkpoint-every-virtual", "2ms");

    private void RefusesToResume(string line)
    {
        _err.GetStringBuilder().Clear();
        List<string> before = Directory.Exists(Out) ? [.. Directory.GetFiles(Out).Order(StringComparer.Ordinal)] : [];
        Assert.Equal(2, Run(new FakeRunner(), "resume", Out));
        Assert.Contains(line, _err.ToString(), StringComparison.Ordinal);
        Assert.Single(_err.ToString().TrimEnd().Split('\n'));
        Assert.Equal(before, Directory.Exists(Out) ? Directory.GetFiles(Out).Order(StringComparer.Ordinal) : []);
    }

    private async Task InStore(Func<StateStore, Task> change)
    {
        using ActorSystem system = Stores.Open(StoreSettings.Sqlite(Path.Combine(Out, "checkpoint")));
        await change(StateStore.Of(system));
        await system.Terminate();
        SqliteConnection.ClearAllPools();
    }

    private List<string> Undisturbed()
    {
        string place = Path.Combine(_folder, "undisturbed");
        Assert.Equal(0, Run(new ActorVariantRunner(), "run", File(), "--out", place));
        return Files(place);
    }

    private int Run(IVariantRunner runner, params string[] arguments) =>
        CommandLine.Run(arguments, () => runner, new Terminal(_out, _err, () => new MemoryStream(), errorIsTerminal: false));

    private string File()
    {
        string file = Path.Combine(_folder, "small.yaml");
        System.IO.File.WriteAllText(file, Scenario);
        return file;
    }
}
