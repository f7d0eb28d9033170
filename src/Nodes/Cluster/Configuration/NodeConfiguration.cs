using Akka.Configuration;
using IoScale.Nodes.Store;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>What Akka has to know that follows from our settings.</summary>
internal static class NodeConfiguration
{
    public static Config Of(NodeSettings settings, Config merged) =>
        ConfigurationFactory.ParseString($$"""
            akka {
              remote.dot-netty.tcp {
                hostname = {{HoconText.Quoted(settings.Host)}}
                public-hostname = {{HoconText.Quoted(settings.PublicHost ?? settings.Host)}}
                port = {{settings.Port}}
                enable-ssl = {{(settings.Tls.Enabled ? "on" : "off")}}
              }
              cluster {
                roles = {{HoconText.List(settings.Roles)}}
                min-nr-of-members = {{settings.Quorum}}
              }
            }
            """)
            .WithFallback(merged)
            .WithFallback(StoreConfiguration.Of(settings.Store));
}
