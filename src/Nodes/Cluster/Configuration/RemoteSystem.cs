using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>Actor systems that talk to others.</summary>
internal static class RemoteSystem
{
    /// <exception cref="SettingsException">A certificate cannot be used.</exception>
    public static ActorSystem Create(string name, Config config, TlsSettings tls)
    {
        ActorSystemSetup setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config));
        return ActorSystem.Create(name, tls.Enabled ? setup.And(TlsCertificates.Setup(tls)) : setup);
    }
}
