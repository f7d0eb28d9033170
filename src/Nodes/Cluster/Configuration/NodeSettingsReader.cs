using Akka.Configuration;
using IoScale.Nodes.Cluster.Windows;
using IoScale.Nodes.Store;
using IoScale.Scenarios.Values;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>From the merged configuration to <see cref="NodeSettings"/>.</summary>
internal static class NodeSettingsReader
{
    private const int MostThreads = 256;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <exception cref="SettingsException">Values are out of range, or do not go together.</exception>
    public static NodeSettings Read(Config merged)
    {
        SettingsReader read = new(merged);
        string host = read.Host("node.host", mayBeEmpty: false);
        string publicHost = read.Host("node.public-host", mayBeEmpty: true);
        if (host == "0.0.0.0" && publicHost.Length == 0)
        {
            read.Mistakes.Add("ioscale.node.public-host: is empty, and nobody can reach 0.0.0.0; name the address at which the others reach this node");
        }

        int threads = read.Number("worker.threads", 0, MostThreads);
        NodeSettings settings = new(
            host,
            read.Number("node.port", 0, 65535),
            publicHost.Length > 0 ? publicHost : null,
            Seeds(read),
            [.. read.List("node.roles").Distinct()],
            read.Duration("node.join-timeout", Second, Day),
            threads > 0 ? threads : Math.Clamp(Environment.ProcessorCount - 1, 1, MostThreads),
            read.Part(StoreSettings.Read, "store")!,
            read.Duration("run.checkpoint-every", Second, Day),
            read.Duration("run.step", TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10)),
            new WindowSettings(
                read.Size("window.part-bytes", 1024, 512 * 1024),
                read.Number("window.credit", 1, 1024),
                read.Duration("window.resend-after", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1))),
            Tls(read),
            Config.Empty);
        if (read.Mistakes.Count > 0)
        {
            throw new SettingsException(read.Mistakes);
        }

        return settings with { Config = NodeConfiguration.Of(settings, merged) };
    }

    /// <summary>The section <c>ioscale.tls</c>, which clients have too.</summary>
    public static TlsSettings Tls(SettingsReader read)
    {
        TlsSettings tls = new(
            read.Switch("tls.enabled"),
            read.Text("tls.certificate-file"),
            read.Text("tls.key-file"),
            read.Text("tls.password-env"),
            read.Text("tls.ca-file"),
            read.Switch("tls.require-client-certificate"));
        if (tls.Enabled && tls.CertificateFile.Length == 0)
        {
            read.Mistakes.Add("ioscale.tls.certificate-file: is empty; name a PFX or PEM file, or turn ioscale.tls.enabled off");
        }

        return tls;
    }

    private static List<NodeEndpoint> Seeds(SettingsReader read)
    {
        List<NodeEndpoint> seeds = [];
        foreach (string seed in read.List("node.seeds"))
        {
            if (!NodeEndpoint.TryParse(seed, out NodeEndpoint endpoint))
            {
                read.Mistakes.Add($"ioscale.node.seeds: {Show.Value(seed)} is not {NodeEndpoint.Form}");
            }
            else if (seeds.Contains(endpoint))
            {
                read.Mistakes.Add($"ioscale.node.seeds: {seed} stands there twice");
            }
            else
            {
                seeds.Add(endpoint);
            }
        }

        return seeds;
    }
}
