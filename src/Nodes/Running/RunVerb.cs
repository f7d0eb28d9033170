using IoScale.Nodes.Claims;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Reports;
using IoScale.Nodes.Results;
using IoScale.Nodes.Tracing;
using IoScale.Scenarios;

namespace IoScale.Nodes.Running;

/// <summary>Carries out <c>run</c>: load all, check all places, then scenario by scenario run, judge, write, report.</summary>
internal sealed class RunVerb(Func<IVariantRunner> runners, Terminal terminal)
{
    /// <returns>The exit code: the gravest of the scenarios'.</returns>
    public int Run(RunRequest request)
    {
        IReadOnlyList<Scenario> scenarios = [.. ScenarioFiles.Load(request.Paths, request.Sets, request.Seed, request.UntilPs).Select(f => f.Scenario)];
        if (request.TraceFile is not null && scenarios.Count > 1)
        {
            throw new InputException($"--trace {request.TraceFile}: traces one scenario; {scenarios.Count} are given");
        }

        using Interruption interruption = new();
        List<ResultFolder> folders = [];
        try
        {
            foreach (Scenario scenario in scenarios)
            {
                folders.Add(ResultFolder.Prepare(PlaceOf(scenario, request.Out, scenarios.Count > 1)));
                interruption.Guard(folders[^1]);
            }

            using IVariantRunner runner = runners();
            return RunAll(request, scenarios, folders, runner, interruption);
        }
        finally
        {
            folders.ForEach(f => f.Dispose());
        }
    }

    private static string PlaceOf(Scenario scenario, string? place, bool several) =>
        several ? Path.Combine(place ?? "out", scenario.Name) : place ?? Path.Combine("out", scenario.Name);

    private int RunAll(RunRequest request, IReadOnlyList<Scenario> scenarios, List<ResultFolder> folders, IVariantRunner runner, Interruption interruption)
    {
        List<ScenarioResult> results = [];
        int gravest = ExitCode.Ok;
        for (int i = 0; i < scenarios.Count && !(i > 0 && interruption.Stop.IsCancellationRequested); i++)
        {
            try
            {
                results.Add(RunOne(request, scenarios[i], folders[i], runner, interruption, brief: scenarios.Count > 1 && scenarios[i].Claim is not null));
            }
            catch (EmulationException e)
            {
                terminal.Error(e.Message);
                gravest = Math.Max(gravest, e.ExitCode);
            }
        }

        if (request.Format == OutputFormat.Json)
        {
            using Stream output = terminal.OpenOutput();
            JsonOutput.Write(output, results, scenarios.Count > 1, SummaryJson.Write);
        }
        else
        {
            if (scenarios.Any(s => s.Claim is not null))
            {
                terminal.Print(console => ClaimTable.Write(console, scenarios, results));
            }

            if (scenarios.Count > 1)
            {
                terminal.Out.WriteLine(RunReport.Closing(results, scenarios.Count));
            }
        }

        return interruption.Stop.IsCancellationRequested ? ExitCode.Interrupted
            : gravest != ExitCode.Ok ? gravest
            : results.All(r => r.ExpectationsHold) ? ExitCode.Ok
            : ExitCode.ExpectationFailed;
    }

    /// <param name="brief">The verdict and what failed, nothing more: of many claims, the table is what is read.</param>
    private ScenarioResult RunOne(RunRequest request, Scenario scenario, ResultFolder folder, IVariantRunner runner, Interruption interruption, bool brief)
    {
        using TraceFile? trace = request.TraceFile is { } file ? new TraceFile(file, request.TraceFilter) : null;
        if (trace is not null)
        {
            interruption.Guard(trace);
        }

        VariantExecution[] variants = [.. scenario.Variants.Select(v => new VariantExecution(v.Name, v.System, trace?.Open(v.Name)))];
        ScenarioExecution execution = new(scenario.Name, variants, request.Threads);
        void Emulate(ScenarioExecution e) => e.Run(runner, done => ProgressView.Watch(e, terminal, done), interruption.Stop);

        try
        {
            Emulate(execution);
            if (request.Verify)
            {
                Verification.Check(execution, runner, Emulate);
            }
        }
        catch (VirtualTime.ModelErrorException e)
        {
            throw new EmulationException($"{scenario.Name}: {e.Message}", e);
        }
        finally
        {
            trace?.Commit();
        }

        ScenarioResult result = Judgement.Of(scenario, variants);
        if (result is { Interrupted: true, Events: 0 })
        {
            terminal.Error($"{scenario.Name}: interrupted before anything was emulated; no results written");
            return result;
        }

        HostFacts host = new(execution.Wall.TotalSeconds, result.Events, request.Threads);
        folder.Write("resolved.yaml", file => file.Write(System.Text.Encoding.UTF8.GetBytes(result.ResolvedYaml)));
        folder.Write("summary.json", file => JsonOutput.Write(file, [result], several: false, SummaryJson.Write));
        folder.Write("metrics.prom", file => file.Write(System.Text.Encoding.UTF8.GetBytes(OpenMetricsText.Write(result))));
        folder.Write("host.json", host.Write);
        folder.Commit();
        if (request.Format == OutputFormat.Text)
        {
            terminal.Print(console =>
            {
                if (brief)
                {
                    RunReport.WriteBrief(console, result);
                }
                else
                {
                    RunReport.Write(console, result, host, folder.Path, request.TraceFile);
                }
            }, blankAfter: !brief);
            if (request.Verify && !result.Interrupted)
            {
                terminal.Out.WriteLine($"verified: the same on {request.Threads} threads and on {Verification.OtherThreads(request.Threads, variants.Length)}");
            }
        }

        return result;
    }
}
