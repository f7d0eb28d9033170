using Akka.Actor;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Cluster.Membership;
using IoScale.Nodes.Tests.Cluster.Configuration;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Tests.Cluster.Membership;

public sealed class TlsTests : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(3);
    private readonly TestNodes _nodes = new();
    private readonly LogSink _log = new();
    private readonly Certificates _ours;

    public TlsTests() => _ours = new Certificates(_nodes.Folder, "ours");

    public void Dispose()
    {
        _ours.Dispose();
        _nodes.Dispose();
    }

    [Fact]
    public async Task Two_nodes_with_certificates_of_one_authority_are_a_cluster_and_a_client_with_one_is_answered()
    {
        int[] ports = TestNodes.FreePorts(2);
        ActorSystem first = Start(ports[0], ports);
        ActorSystem second = Start(ports[1], ports);
        await TestNodes.UntilUp(first, 2);
        await TestNodes.UntilUp(second, 2);
        Assert.Equal("akka.ssl.tcp", Akka.Cluster.Cluster.Get(second).SelfAddress.Protocol);
        Assert.True(await Answers(_ours.Variables, ports[1], TestNodes.Patience));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Who_speaks_plain_text_is_not_answered()
    {
        int[] ports = TestNodes.FreePorts(1);
        await TestNodes.UntilUp(Start(ports[0], ports), 1);
        Assert.False(await Answers(new Dictionary<string, string>(), ports[0], Answer));
        Assert.True(await Answers(_ours.Variables, ports[0], TestNodes.Patience));
    }

    [Fact]
    public async Task Who_has_a_certificate_of_another_authority_is_not_answered()
    {
        using Certificates others = new(_nodes.Folder, "others");
        int[] ports = TestNodes.FreePorts(1);
        await TestNodes.UntilUp(Start(ports[0], ports), 1);
        Dictionary<string, string> variables = new(others.Variables) { ["IOSCALE__TLS__CA_FILE"] = _ours.AuthorityFile };
        Assert.False(await Answers(variables, ports[0], Answer));
        await TestNodes.Until(() => _log.Lines.Any(l => l.Contains("refused the certificate \"CN=others node\"", StringComparison.Ordinal)), "a line in the log");
    }

    [Fact]
    public async Task A_client_does_not_talk_to_a_node_of_another_authority()
    {
        using Certificates others = new(_nodes.Folder, "others");
        int[] ports = TestNodes.FreePorts(1);
        await TestNodes.UntilUp(Start(ports[0], ports), 1);
        Dictionary<string, string> variables = new(_ours.Variables) { ["IOSCALE__TLS__CA_FILE"] = others.AuthorityFile };
        Assert.False(await Answers(variables, ports[0], Answer));
    }

    [Fact]
    public void Certificates_come_as_PEM_or_PFX_with_or_without_a_password()
    {
        TlsSettings pem = new(true, _ours.CertificateFile, _ours.KeyFile, "", "", true);
        Environment.SetEnvironmentVariable("IOSCALE_TEST_PASSWORD", Certificates.Password);
        TlsSettings locked = pem with { KeyFile = _ours.LockedKeyFile, PasswordVariable = "IOSCALE_TEST_PASSWORD" };
        TlsSettings pfx = pem with { CertificateFile = _ours.PfxFile, KeyFile = "", PasswordVariable = "IOSCALE_TEST_PASSWORD" };
        foreach (TlsSettings tls in (TlsSettings[])[pem, locked, pfx])
        {
            Assert.Equal("CN=ours node", TlsCertificates.Setup(tls).Certificate.Subject);
            Assert.True(TlsCertificates.Setup(tls).Certificate.HasPrivateKey);
        }
    }

    [Fact]
    public void What_is_wrong_with_a_certificate_is_one_line_without_a_secret()
    {
        Environment.SetEnvironmentVariable("IOSCALE_TEST_WRONG", "wrong-sesame");
        TlsSettings pem = new(true, _ours.CertificateFile, _ours.KeyFile, "", "", true);
        (TlsSettings Tls, string Message)[] wrong =
        [
            (pem with { CertificateFile = "no-such-file" }, "ioscale.tls.certificate-file: no-such-file cannot be used"),
            (pem with { KeyFile = "" }, $"ioscale.tls.certificate-file: {_ours.CertificateFile} cannot be used"),
            (pem with { KeyFile = _ours.LockedKeyFile, PasswordVariable = "IOSCALE_TEST_WRONG" }, "ioscale.tls.certificate-file:"),
            (pem with { CertificateFile = _ours.PfxFile, PasswordVariable = "IOSCALE_TEST_WRONG" }, "ioscale.tls.certificate-file:"),
            (pem with { PasswordVariable = "IOSCALE_TEST_NOWHERE" }, "ioscale.tls.password-env: there is no environment variable IOSCALE_TEST_NOWHERE"),
            (pem with { AuthorityFile = _ours.KeyFile }, "ioscale.tls.ca-file:"),
        ];
        foreach ((TlsSettings tls, string message) in wrong)
        {
            string mistake = Assert.Single(Assert.Throws<SettingsException>(() => TlsCertificates.Setup(tls)).Mistakes);
            Assert.StartsWith(message, mistake, StringComparison.Ordinal);
            Assert.DoesNotContain("sesame", mistake, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', mistake);
        }
    }

    private ActorSystem Start(int port, int[] ports)
    {
        ActorSystem system = _nodes.Start(_nodes.Settings(port, ports, _ours.Variables), _log);
        system.ActorOf(Props.Create<Desk>(), "desk");
        return system;
    }

    private async Task<bool> Answers(IReadOnlyDictionary<string, string> variables, int port, TimeSpan patience)
    {
        ClientSettings settings = ClientSettings.Load(null, variables);
        NodeEndpoint node = new("127.0.0.1", port);
        ActorSystem client = settings.CreateSystem(node);
        ActorSelection desk = client.ActorSelection(new RootActorPath(settings.AddressOf(node)) / "user" / "desk");
        using CancellationTokenSource late = new(patience);
        try
        {
            // What is sent while a connection is being made may be lost.
            while (!late.IsCancellationRequested)
            {
                try
                {
                    return await desk.Ask<object>(new AskStatus { Protocol = 7 }, TimeSpan.FromSeconds(1), late.Token) is StatusReply;
                }
                catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
                {
                    // Asks again.
                }
            }

            return false;
        }
        finally
        {
            await client.Terminate();
        }
    }

    private sealed class Desk : ReceiveActor
    {
        public Desk() => Receive<AskStatus>(_ => Sender.Tell(new StatusReply { Coordinator = "here" }));
    }
}
