using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>Certificate, key and authorities from files, as remoting takes them. Passwords stay in memory.</summary>
internal static class TlsCertificates
{
    /// <exception cref="SettingsException">A file cannot be read or used; the line names it and never shows what is in it.</exception>
    public static DotNettySslSetup Setup(TlsSettings tls)
    {
        X509Certificate2 certificate = Load("certificate-file", tls.CertificateFile, () => Certificate(tls));
        if (!certificate.HasPrivateKey)
        {
            throw new SettingsException([$"ioscale.tls.certificate-file: {tls.CertificateFile} has no private key; name its file in ioscale.tls.key-file"]);
        }

        X509Certificate2Collection? authorities = tls.AuthorityFile.Length == 0 ? null : Load("ca-file", tls.AuthorityFile, () => Authorities(tls.AuthorityFile));
        return new DotNettySslSetup(
            certificate,
            suppressValidation: false,
            tls.RequireClientCertificate,
            validateCertificateHostname: false,
            (presented, chain, peer, errors, log) => Accepts(presented, chain, peer, errors, authorities, tls.RequireClientCertificate, log));
    }

    private static X509Certificate2 Certificate(TlsSettings tls)
    {
        string? password = tls.PasswordVariable.Length == 0 ? null
            : Environment.GetEnvironmentVariable(tls.PasswordVariable)
                ?? throw new SettingsException([$"ioscale.tls.password-env: there is no environment variable {tls.PasswordVariable}"]);
        byte[] content = File.ReadAllBytes(tls.CertificateFile);
        if (content.AsSpan().IndexOf("-----BEGIN"u8) < 0)
        {
            return X509CertificateLoader.LoadPkcs12(content, password);
        }

        string key = tls.KeyFile.Length == 0 ? tls.CertificateFile : tls.KeyFile;
        using X509Certificate2 pem = password is null
            ? X509Certificate2.CreateFromPemFile(tls.CertificateFile, key)
            : X509Certificate2.CreateFromEncryptedPemFile(tls.CertificateFile, password, key);
        // Not every platform lets TLS use a key that was never in a PFX.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("no certificate in PEM");
    }

    private static T Load<T>(string key, string file, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException([$"ioscale.tls.{key}: {file} cannot be used ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')})"]);
        }
    }

    private static bool Accepts(
        X509Certificate2? presented, X509Chain? chain, string peer, SslPolicyErrors errors, X509Certificate2Collection? authorities, bool required, ILoggingAdapter log)
    {
        if (presented is null)
        {
            return !required;
        }

        bool accepted = authorities is null
            ? (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None
            : IsSignedBy(authorities, presented, chain);
        if (!accepted)
        {
            log.Warning("refused the certificate \"{0}\" of {1}: {2}", presented.Subject, peer, authorities is null ? "no authority that this machine trusts" : "not of an authority in ca-file");
        }

        return accepted;
    }

    private static bool IsSignedBy(X509Certificate2Collection authorities, X509Certificate2 presented, X509Chain? given)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (X509ChainElement element in given?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(presented);
    }
}
