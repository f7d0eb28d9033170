using System.Runtime.CompilerServices;
using CliWrap;
using CliWrap.Buffered;

namespace IoScale.EndToEnd.Tests;

/// <summary>The built program, started the way a user starts it, in a folder of its own.</summary>
public sealed class Ioscale : IDisposable
{
    /// <summary>Two hosts' worth of work in a few milliseconds of virtual time.</summary>
    public const string Small = """
        apiVersion: ioscale/v1
        name: small
        seed: 7
        duration: 20ms
        warmUp: 5ms
        hosts:
          - name: "h[0..1]"
            pcpus: 2
            nics: [{name: nic0, model: "82599", vfs: 4}]
        vms:
          - {name: "a[0..3]", host: h0, vf: "nic0.p0.vf[0..3]"}
          - {name: "b[0..3]", host: h1, vf: "nic0.p0.vf[0..3]"}
        traffic:
          - {name: rx, from: external, to: "a[0..3]", rate: 100Mbps, frame: 1518B, arrival: poisson}
          - {name: ry, from: external, to: "b[0..3]", rate: 100Mbps, frame: 1518B, arrival: poisson}
        variants:
          - {name: emulate, set: {"hosts[*].eoi": emulate}}
          - {name: fast, set: {"hosts[*].eoi": fast}}
        expect:
          - vectors_refused_total == 0
        """;

    /// <summary>Longer than any test waits.</summary>
    public static string Endless { get; } = Small
        .Replace("name: small", "name: endless", StringComparison.Ordinal)
        .Replace("duration: 20ms", "duration: 86400s", StringComparison.Ordinal);

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "ioscale");

    public string Folder { get; } = Directory.CreateTempSubdirectory("ioscale-e2e").FullName;

    /// <summary>A file of the tests' source tree.</summary>
    public static string Source(string relative, [CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, relative));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public Command Command(params string[] arguments) =>
        Cli.Wrap(Path).WithArguments(arguments).WithWorkingDirectory(Folder).WithValidation(CommandResultValidation.None);

    public async Task<BufferedCommandResult> Run(params string[] arguments) => await Command(arguments).ExecuteBufferedAsync();

    public string Write(string name, string text)
    {
        string file = System.IO.Path.Combine(Folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    public byte[] Read(params string[] parts) => File.ReadAllBytes(System.IO.Path.Combine([Folder, .. parts]));

    /// <summary>Names of everything directly in the folder, sorted.</summary>
    public IEnumerable<string> Entries(params string[] parts) =>
        Directory.GetFileSystemEntries(System.IO.Path.Combine([Folder, .. parts])).Select(e => System.IO.Path.GetFileName(e)).Order(StringComparer.Ordinal);
}
