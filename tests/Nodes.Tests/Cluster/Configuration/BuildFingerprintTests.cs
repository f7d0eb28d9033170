using System.Reflection;
using System.Reflection.PortableExecutable;
using IoScale.Nodes.Cluster.Configuration;

namespace IoScale.Nodes.Tests.Cluster.Configuration;

public class BuildFingerprintTests
{
    [Fact]
    public void The_fingerprint_is_sixteen_digits() => Assert.Matches("^[0-9a-f]{16}$", BuildFingerprint.Value);

    [Theory]
    [InlineData("IoScale.VirtualTime")]
    [InlineData("IoScale.Hardware")]
    [InlineData("IoScale.Protocol")]
    [InlineData("IoScale.Actors")]
    [InlineData("IoScale.Scenarios")]
    public void No_folder_and_no_commit_enters_an_assembly_of_the_model(string name)
    {
        Assembly assembly = Assembly.Load(name);
        Assert.DoesNotContain('+', assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
        using PEReader reader = new(File.OpenRead(assembly.Location));
        DebugDirectoryEntry symbols = reader.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.CodeView);
        Assert.StartsWith("/src/", reader.ReadCodeViewDebugDirectoryData(symbols).Path, StringComparison.Ordinal);
    }
}
