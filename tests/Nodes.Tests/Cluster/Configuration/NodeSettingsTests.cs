using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Running;
using IoScale.Nodes.Store;

namespace IoScale.Nodes.Tests.Cluster.Configuration;

public sealed class NodeSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_word_a_node_is_a_cluster_of_its_own_on_loopback()
    {
        NodeSettings settings = Load();
        Assert.Equal(("127.0.0.1", 7600, 1), (settings.Host, settings.Port, settings.Quorum));
        Assert.Equal(["coordinator", "worker"], settings.Roles);
        Assert.InRange(settings.WorkerThreads, 1, 256);
        Assert.Equal(StoreProvider.Sqlite, settings.Store.Provider);
        Assert.False(settings.Tls.Enabled);
    }

    [Fact]
    public void A_layer_is_stronger_than_the_one_below_it()
    {
        string file = Write("ioscale.node.join-timeout = 33s, ioscale.node.port = 1001");
        Assert.Equal(TimeSpan.FromSeconds(60), Load().JoinTimeout);
        Assert.Equal(TimeSpan.FromMinutes(10), Load(new NodeOptions(Profile: "dev")).JoinTimeout);
        Assert.Equal(TimeSpan.FromSeconds(33), Load(new NodeOptions(Profile: "dev", ConfigFile: file)).JoinTimeout);
        Assert.Equal(1001, Load(new NodeOptions(ConfigFile: file)).Port);
        Assert.Equal(1002, Load(new NodeOptions(ConfigFile: file), ("IOSCALE__NODE__PORT", "1002")).Port);
        Assert.Equal(1003, Load(new NodeOptions(ConfigFile: file, Port: 1003), ("IOSCALE__NODE__PORT", "1002")).Port);
    }

    [Fact]
    public void A_role_brings_its_file_and_every_layer_of_the_users_is_above_it()
    {
        const string Key = "akka.cluster.sharding.handoff-timeout";
        Assert.Equal(TimeSpan.FromSeconds(10), Load(new NodeOptions(Roles: ["worker"])).Config.GetTimeSpan(Key));
        Assert.False(Load(new NodeOptions(Roles: ["coordinator"])).Config.HasPath(Key));
        Assert.Equal(TimeSpan.FromSeconds(7), Load(new NodeOptions(Roles: ["worker"]), ("AKKA__CLUSTER__SHARDING__HANDOFF_TIMEOUT", "7s")).Config.GetTimeSpan(Key));
    }

    [Fact]
    public void Variables_are_paths_lists_and_values()
    {
        NodeSettings settings = Load(
            null,
            ("IOSCALE__NODE__SEEDS__1", "b:2"),
            ("IOSCALE__NODE__SEEDS__0", "a:1"),
            ("IOSCALE__NODE__ROLES", "worker, coordinator"),
            ("IOSCALE__STORE__PROVIDER", "postgresql"),
            ("IOSCALE__STORE__CONNECTION_STRING", "Host=db;Password=a\"b\\c d"),
            ("IOSCALE_NODE", "is another thing"),
            ("PATH", "too"));
        Assert.Equal(["a:1", "b:2"], settings.Seeds.Select(s => s.ToString()));
        Assert.Equal(["worker", "coordinator"], settings.Roles);
        Assert.Equal("Host=db;Password=a\"b\\c d", settings.Store.ConnectionString);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    public void More_than_half_of_the_seeds_make_a_cluster(int seeds, int quorum)
    {
        NodeSettings settings = Load(new NodeOptions(Seeds: [.. Enumerable.Range(1, seeds).Select(i => $"h{i}:7600")]));
        Assert.Equal(quorum, settings.Quorum);
        Assert.Equal(quorum, settings.Config.GetInt("akka.cluster.min-nr-of-members"));
    }

    [Fact]
    public void Addresses_of_an_encrypted_cluster_have_another_scheme()
    {
        NodeSettings settings = Load(new NodeOptions(Seeds: ["h:7600"]), ("IOSCALE__TLS__ENABLED", "on"), ("IOSCALE__TLS__CERTIFICATE_FILE", "c.pem"));
        Assert.Equal("akka.ssl.tcp://ioscale@h:7600", Assert.Single(settings.SeedAddresses).ToString());
        Assert.True(settings.Config.GetBoolean("akka.remote.dot-netty.tcp.enable-ssl"));
    }

    [Theory]
    [InlineData("IOSCALE__NODE__PORT", "70000", "ioscale.node.port: 70000 is not a whole number from 0 to 65535")]
    [InlineData("IOSCALE__NODE__PORT", "1.5", "ioscale.node.port: 1.5 is not a whole number")]
    [InlineData("IOSCALE__NODE__PORT", "99999999999", "ioscale.node.port: 99999999999 is not a whole number")]
    [InlineData("IOSCALE__NODE__PRT", "1", "environment: ioscale.node.prt: no such key; did you mean port?")]
    [InlineData("IOSCALE__NODE", "127.0.0.1", "environment: ioscale.node: \"127.0.0.1\" is not a section")]
    [InlineData("IOSCALE____NODE", "1", "IOSCALE____NODE: is no path")]
    [InlineData("IOSCALE__NODE__ROLES", "cook", "ioscale.node.roles: \"cook\" is not coordinator or worker")]
    [InlineData("IOSCALE__NODE__ROLES", "", "ioscale.node.roles: is empty")]
    [InlineData("IOSCALE__NODE__SEEDS", "a:1,a:1", "ioscale.node.seeds: a:1 stands there twice")]
    [InlineData("IOSCALE__NODE__SEEDS", "http://a:1", "ioscale.node.seeds: \"http://a:1\" is not HOST:PORT")]
    [InlineData("IOSCALE__NODE__SEEDS", "a:0", "ioscale.node.seeds: \"a:0\" is not HOST:PORT")]
    [InlineData("IOSCALE__NODE__HOST", "two words", "ioscale.node.host: \"two words\" is not a name or an IPv4 address")]
    [InlineData("IOSCALE__NODE__HOST", "0.0.0.0", "ioscale.node.public-host: is empty")]
    [InlineData("IOSCALE__NODE__JOIN_TIMEOUT", "10ms", "ioscale.node.join-timeout: 10ms is not from 1s to 24h")]
    [InlineData("IOSCALE__WINDOW__PART_BYTES", "2MiB", "ioscale.window.part-bytes: 2MiB is not from 1KiB to 512KiB")]
    [InlineData("IOSCALE__STORE__PROVIDER", "oracle", "ioscale.store.provider: 'oracle' is not sqlite or postgresql")]
    [InlineData("IOSCALE__STORE__PROVIDER", "postgresql", "ioscale.store.connection-string: is empty")]
    [InlineData("IOSCALE__TLS__ENABLED", "on", "ioscale.tls.certificate-file: is empty")]
    [InlineData("AKKA__CLUSTER__ROLES__0", "worker", "environment: akka.cluster.roles: is set by the node; use ioscale.node.roles")]
    public void A_mistake_is_one_line(string variable, string value, string message)
    {
        SettingsException error = Assert.Throws<SettingsException>(() => Load(null, (variable, value)));
        Assert.StartsWith(message, Assert.Single(error.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        string file = Write("ioscale { node { prt = 1 }\n worker.threads = some }");
        SettingsException error = Assert.Throws<SettingsException>(() => Load(new NodeOptions(ConfigFile: file), ("IOSCALE__RUN__STEP", "now")));
        Assert.Equal(3, error.Mistakes.Count);
        SettingsException ranges = Assert.Throws<SettingsException>(() => Load(new NodeOptions(Port: -1, Threads: 1000, Seeds: ["x"])));
        Assert.Equal(3, ranges.Mistakes.Count);
    }

    [Fact]
    public void Two_variables_for_one_key_are_a_mistake() =>
        Assert.Contains("set by another variable too", Assert.Single(Assert.Throws<SettingsException>(() => Load(null, ("IOSCALE__NODE__SEEDS", "a:1"), ("IOSCALE__NODE__SEEDS__0", "b:1"))).Mistakes), StringComparison.Ordinal);

    [Fact]
    public void A_secret_is_not_in_a_mistake()
    {
        SettingsException error = Assert.Throws<SettingsException>(() =>
            Load(null, ("IOSCALE__STORE__PROVIDER", "postgresql"), ("IOSCALE__STORE__CONNECTION_STRING", "Host=db;Password=hunter2;Nonsense=1")));
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node --roles cook", "ioscale.node.roles")]
    [InlineData("node --profile prod", "--profile: 'prod' is not one of dev, k8s")]
    [InlineData("node --config no-such-file", "no-such-file: cannot be read")]
    [InlineData("node --port x", "--port: 'x' is not a whole number")]
    [InlineData("node --data d --database Host=x", "--data")]
    [InlineData("node --seeds a", "ioscale.node.seeds: \"a\" is not HOST:PORT")]
    [InlineData("node --host 203.0.113.77 --data DIR", "ioscale.node.host: 203.0.113.77 is no address of this machine")]
    public void A_wrong_option_is_one_line_and_exit_code_2(string arguments, string message) => Refused(arguments.Replace("DIR", _folder, StringComparison.Ordinal), message);

    [Fact]
    public void A_file_that_is_not_HOCON_is_one_line_and_exit_code_2() => Refused($"node --config {Write("ioscale.node.host = ${nowhere}")}", "is not HOCON");

    private static void Refused(string arguments, string message)
    {
        StringWriter error = new();
        int code = CommandLine.Run(arguments.Split(' '), () => new FakeRunner(), new Terminal(TextWriter.Null, error, () => Stream.Null, errorIsTerminal: false));
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(message, Assert.Single(error.ToString().TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static NodeSettings Load(NodeOptions? options = null, params (string Name, string Value)[] variables) =>
        NodeSettings.Load(options ?? new NodeOptions(), variables.ToDictionary(v => v.Name, v => v.Value));

    private string Write(string text)
    {
        string file = Path.Combine(_folder, $"{Guid.NewGuid():N}.conf");
        File.WriteAllText(file, text);
        return file;
    }
}
