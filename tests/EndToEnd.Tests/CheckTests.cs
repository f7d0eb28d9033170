using System.Globalization;
using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;

namespace IoScale.EndToEnd.Tests;

public sealed class CheckTests : IDisposable
{
    /// <summary>Processor time; three times what is promised, because a loaded machine is slower at everything.</summary>
    private const double BoundSeconds = 3;

    private readonly Ioscale _ioscale = new();

    public void Dispose() => _ioscale.Dispose();

    [Fact]
    public async Task A_thousand_equal_hosts_are_checked_in_about_a_second() => Assert.InRange(await SecondsToCheck(Hosts("""
          - {name: "h[0..999]", pcpus: 4, vectors: {allocator: slide-global}, nics: [{name: nic0, model: "82599", vfs: 63}]}
        """)), 0, BoundSeconds);

    [Fact]
    public async Task A_thousand_different_hosts_are_checked_in_about_a_second()
    {
        StringBuilder hosts = new();
        for (int i = 0; i < 1000; i++)
        {
            hosts.Append(CultureInfo.InvariantCulture,
                $"  - {{name: h{i}, pcpus: {2 + (i % 30)}, vectors: {{allocator: xen, platformVectors: {i / 30}}}, nics: [{{name: nic0, model: \"82599\", vfs: 63}}]}}\n");
        }

        Assert.InRange(await SecondsToCheck(Hosts(hosts.ToString())), 0, BoundSeconds);
    }

    [Fact]
    public async Task What_does_not_fit_is_an_answer_with_its_reason_and_its_fixes()
    {
        _ioscale.Write("full.yaml", Hosts("""
              - {name: h0, pcpus: 4, vectors: {allocator: slide-global, platformVectors: 0}, nics: [{name: nic0, model: "82599", vfs: 63, vectorsPerVf: 3, vectorsPerPf: 3}]}
            """));
        BufferedCommandResult check = await _ioscale.Run("check", "full.yaml", "--format", "json");
        Assert.Equal((0, ""), (check.ExitCode, check.StandardError));
        JsonElement host = JsonDocument.Parse(check.StandardOutput).RootElement.GetProperty("variants")[0].GetProperty("hosts")[0];
        Assert.Equal((191, 384, 191, 193), (host.GetProperty("capacity").GetInt32(), host.GetProperty("demand").GetInt32(), host.GetProperty("assigned").GetInt32(), host.GetProperty("refused").GetInt32()));
        Assert.Equal("nic0.p0.vf62", host.GetProperty("firstRefused").GetProperty("function").GetString());
        Assert.Equal("pCPU vectors", host.GetProperty("firstRefused").GetProperty("layer").GetString());
        Assert.NotEmpty(host.GetProperty("fixes").EnumerateArray());
    }

    [Fact]
    public async Task A_check_and_a_run_agree_on_what_is_refused_first()
    {
        string scenario = Hosts("""
              - {name: h0, pcpus: 2, vectors: {allocator: xen-2009-percpu, platformVectors: 20}, nics: [{name: nic0, model: "82599", vfs: 63, vectorsPerVf: 3, vectorsPerPf: 3}]}
            """);
        _ioscale.Write("full.yaml", scenario);
        JsonElement check = JsonDocument.Parse((await _ioscale.Run("check", "full.yaml", "--format", "json")).StandardOutput).RootElement.GetProperty("variants")[0].GetProperty("hosts")[0];
        JsonElement run = JsonDocument.Parse((await _ioscale.Run("run", "full.yaml", "--format", "json")).StandardOutput).RootElement.GetProperty("variants")[0];
        JsonElement first = run.GetProperty("refusals")[0];
        Assert.Equal(check.GetProperty("refused").GetInt32(), run.GetProperty("refusals").GetArrayLength());
        Assert.Equal(check.GetProperty("firstRefused").GetProperty("function").GetString(), first.GetProperty("function").GetString());
        Assert.Equal(check.GetProperty("firstRefused").GetProperty("vector").GetInt32(), first.GetProperty("vector").GetInt32());
    }

    private static string Hosts(string hosts) => $"apiVersion: ioscale/v1\nname: full\nduration: 10ms\nhosts:\n{hosts}";

    private async Task<double> SecondsToCheck(string scenario)
    {
        _ioscale.Write("full.yaml", scenario);
        BufferedCommandResult timed = await Cli.Wrap("bash")
            .WithArguments(["-c", "TIMEFORMAT='%U %S'; time \"$0\" check full.yaml > report", Ioscale.Path])
            .WithWorkingDirectory(_ioscale.Folder).ExecuteBufferedAsync();
        Assert.NotEmpty(_ioscale.Read("report"));
        return timed.StandardError.Split(' ').Sum(s => double.Parse(s, CultureInfo.InvariantCulture));
    }
}
