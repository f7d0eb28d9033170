using Akka.Configuration;
using Akka.Configuration.Hocon;
using IoScale.Nodes.Cluster.Configuration;

namespace IoScale.Nodes.Tests.Cluster.Configuration;

public class HoconFileTests
{
    private static string[] Names => [.. Directory.GetFiles(ConfigurationLayers.Folder, "*.conf").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Files => [.. Names];

    [Fact]
    public void There_is_a_file_for_all_nodes_and_one_for_each_role_and_profile() =>
        Assert.Equal(
            ConfigurationLayers.Roles.Select(r => $"role-{r}.conf").Concat(ConfigurationLayers.Profiles.Select(p => $"profile-{p}.conf")).Append("base.conf").Order(StringComparer.Ordinal),
            Names);

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_key_exists_in_a_reference_and_has_the_right_type(string file) =>
        Assert.Empty(new KeyCheck(ConfigurationLayers.Reference).Mistakes(ConfigurationLayers.OurFile(file), file));

    [Theory]
    [InlineData("akka.cluster.split-brain-resolver.stable-aftr = 5s", "did you mean stable-after?")]
    [InlineData("akka.cluster.split-brain-resolver = keep-majority", "is not a section")]
    [InlineData("akka.remote.dot-netty.tcp.backlog = many", "\"many\" is not a number")]
    [InlineData("akka.cluster.seed-node-timeout = soon", "\"soon\" is not a time")]
    [InlineData("akka.remote.dot-netty.tcp.maximum-frame-size = 5s", "is not a size")]
    [InlineData("akka.loggers = one", "is not a list")]
    [InlineData("akka.loglevel = [WARNING]", "a list [a, b] is not a single value")]
    [InlineData("akka.cluster.roles = [worker]", "use ioscale.node.roles")]
    [InlineData("akka.cluster.seed-nodes = []", "use ioscale.node.seeds")]
    [InlineData("akka.remote.dot-netty.tcp.ssl.certificate.path = x", "use ioscale.tls")]
    [InlineData("ioscale.node.prot = 1", "did you mean port?")]
    [InlineData("ioscale.node.port = high", "\"high\" is not a number")]
    [InlineData("ioscale.node.join-timeout = off", "\"off\" is not a time")]
    [InlineData("ioscale.node.join-timeout = 500us", "\"500us\" is not a time")]
    [InlineData("ioscale.node.seeds = \"a:1\"", "is not a list")]
    [InlineData("ioscale.window { part-bytes = big }", "\"big\" is not a size")]
    [InlineData("ioscale.window = 5", "is not a section")]
    [InlineData("ioscal.node.port = 1", "did you mean ioscale?")]
    public void A_key_that_nobody_reads_or_a_value_of_the_wrong_kind_is_found(string text, string message)
    {
        string mistake = Assert.Single(new KeyCheck(ConfigurationLayers.Reference).Mistakes(ConfigurationFactory.ParseString(text), "f.conf"));
        Assert.StartsWith("f.conf: ", mistake, StringComparison.Ordinal);
        Assert.Contains(message, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("akka.cluster.down-removal-margin = 3s")]
    [InlineData("akka.cluster.sharding.passivate-idle-entity-after = off")]
    [InlineData("akka.cluster.role.worker.min-nr-of-members = 2")]
    [InlineData("akka.coordinated-shutdown.phases.service-stop.timeout = 1s")]
    [InlineData("ioscale.window.part-bytes = 4096")]
    public void What_is_right_is_left_alone(string text) =>
        Assert.Empty(new KeyCheck(ConfigurationLayers.Reference).Mistakes(ConfigurationFactory.ParseString(text), "f.conf"));

    [Fact]
    public void Every_key_of_ours_is_explained()
    {
        string[] lines = File.ReadAllLines(Path.Combine(ConfigurationLayers.Folder, "base.conf"));
        int start = Array.IndexOf(lines, "ioscale {");
        int end = Array.IndexOf(lines, "}", start);
        Assert.InRange(end, start + 20, lines.Length);
        for (int i = start; i < end; i++)
        {
            if (lines[i].Contains(" = ", StringComparison.Ordinal) && !lines[i].TrimStart().StartsWith('#'))
            {
                Assert.StartsWith("#", lines[i - 1].TrimStart(), StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Values other than the defaults, by key.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["node.roles"] = "worker",
        ["node.host"] = "127.0.0.2",
        ["node.port"] = "7700",
        ["node.public-host"] = "outside",
        ["node.seeds"] = "127.0.0.1:7600",
        ["node.join-timeout"] = "61s",
        ["worker.threads"] = "77",
        ["store.folder"] = "elsewhere",
        ["run.checkpoint-every"] = "11s",
        ["run.step"] = "251ms",
        ["window.part-bytes"] = "4KiB",
        ["window.credit"] = "17",
        ["window.resend-after"] = "501ms",
        ["tls.enabled"] = "on",
        ["tls.certificate-file"] = "c",
        ["tls.key-file"] = "k",
        ["tls.password-env"] = "P",
        ["tls.ca-file"] = "a",
        ["tls.require-client-certificate"] = "off",
    };

    [Fact]
    public void Every_key_of_ours_has_an_effect()
    {
        List<string> keys = [.. Leaves(ConfigurationLayers.OurFile("base.conf").GetValue("ioscale").GetObject(), "")];
        Assert.Equal(keys.Except(["store.provider", "store.connection-string"]).Order(StringComparer.Ordinal), Others.Keys.Order(StringComparer.Ordinal));
        foreach ((string key, string value) in Others)
        {
            Dictionary<string, string> variables = new() { [Variable("tls.certificate-file")] = "given" };
            string before = Text(NodeSettings.Load(new NodeOptions(), variables));
            variables[Variable(key)] = value;
            Assert.True(before != Text(NodeSettings.Load(new NodeOptions(), variables)), $"ioscale.{key} changes nothing");
        }
    }

    private static string Variable(string key) => "IOSCALE__" + key.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal).Replace('-', '_');

    private static string Text(NodeSettings settings) =>
        $"{settings with { Config = Config.Empty }} {string.Join(',', settings.Roles)} {string.Join(',', settings.Seeds)}";

    private static IEnumerable<string> Leaves(HoconObject section, string path) => section.Items.SelectMany(i => i.Value.IsObject()
        ? Leaves(i.Value.GetObject(), $"{path}{i.Key}.")
        : [$"{path}{i.Key}"]);
}
