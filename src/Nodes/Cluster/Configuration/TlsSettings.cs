namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>Where certificate, key and authorities are. Nothing secret in it; the password is in the environment.</summary>
/// <param name="PasswordVariable">Name of the variable with the password of the PFX file or the key, or empty.</param>
internal sealed record TlsSettings(bool Enabled, string CertificateFile, string KeyFile, string PasswordVariable, string AuthorityFile, bool RequireClientCertificate)
{
    /// <summary>Scheme of the addresses of a cluster.</summary>
    public string Protocol => Enabled ? "akka.ssl.tcp" : "akka.tcp";
}
