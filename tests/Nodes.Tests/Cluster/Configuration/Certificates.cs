using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IoScale.Nodes.Tests.Cluster.Configuration;

/// <summary>An authority and what it signs, as files.</summary>
internal sealed class Certificates : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder;
    private readonly X509Certificate2 _authority;

    public Certificates(string folder, string name)
    {
        _folder = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name} authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(From, To);
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
        using ECDsa own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest node = new($"CN={name} node", own, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        node.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = node.Create(_authority, From, To, [1, 2, 3, 4]);
        using X509Certificate2 whole = signed.CopyWithPrivateKey(own);
        File.WriteAllText(CertificateFile, whole.ExportCertificatePem());
        File.WriteAllText(KeyFile, own.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(LockedKeyFile, own.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        File.WriteAllBytes(PfxFile, whole.Export(X509ContentType.Pkcs12, Password));
    }

    public static string Password => "sesame";

    public string AuthorityFile => Path.Combine(_folder, "ca.pem");

    public string CertificateFile => Path.Combine(_folder, "node.pem");

    public string KeyFile => Path.Combine(_folder, "node.key");

    public string LockedKeyFile => Path.Combine(_folder, "locked.key");

    public string PfxFile => Path.Combine(_folder, "node.pfx");

    /// <summary>As environment variables of a node or a client.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["IOSCALE__TLS__ENABLED"] = "on",
        ["IOSCALE__TLS__CERTIFICATE_FILE"] = CertificateFile,
        ["IOSCALE__TLS__KEY_FILE"] = KeyFile,
        ["IOSCALE__TLS__CA_FILE"] = AuthorityFile,
    };

    public void Dispose() => _authority.Dispose();
}
