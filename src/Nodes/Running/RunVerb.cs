using IoScale.Nodes.Claims;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Reports;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running.Checkpoints;
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

        if (request.Checkpoints is not null && scenarios.Count > 1)
        {
            throw new InputException($"--checkpoint-every: is for one scenario; {scenarios.Count} are given");
        }

        return Run(request, scenarios, null);
    }

    /// <summary>Goes on from the last checkpoint of an unfinished run; with another number of threads the result is the same.</summary>
    /// <returns>The exit code that the run would have had.</returns>
    public int Resume(ResumeRequest request)
    {
        using CheckpointFolder checkpoints = CheckpointFolder.Open(request.Folder);
        Scenario scenario = ScenarioLoader.Parse(request.Folder, checkpoints.ResolvedYaml);
        return Run(new RunRequest([], [], null, null, request.Threads, request.Folder, request.Format, null, TraceFilter.Everything), [scenario], checkpoints);
    }

    /// <param name="unfinished">What to go on from; null for a run from the start.</param>
    private int Run(RunRequest request, IReadOnlyList<Scenario> scenarios, CheckpointFolder? unfinished)
    {
        using Interruption interruption = new();
        using CheckpointFolder? checkpoints = unfinished
            ?? (request.Checkpoints is { } plan ? CheckpointFolder.Create(PlaceOf(scenarios[0], request.Out, several: false), scenarios[0].ResolvedYaml, plan) : null);
        List<ResultFolder> folders = [];
        try
        {
            foreach (Scenario scenario in scenarios)
            {
                string place = PlaceOf(scenario, request.Out, scenarios.Count > 1);
                if (checkpoints is null)
                {
                    CheckpointFolder.RefuseUnfinished(place);
                }

                folders.Add(ResultFolder.Prepare(place, checkpoints?.Scratch));
                interruption.Guard(folders[^1]);
            }

            using IVariantRunner runner = runners();
            return RunAll(request, scenarios, folders, checkpoints, runner, interruption);
        }
        finally
        {
            folders.ForEach(f => f.Dispose());
        }
    }

    private static string PlaceOf(Scenario scenario, string? place, bool several) =>
        several ? Path.Combine(place ?? "out", scenario.Name) : place ?? Path.Combine("out", scenario.Name);

    private int RunAll(RunRequest request, IReadOnlyList<Scenario> scenarios, List<ResultFolder> folders, CheckpointFolder? checkpoints, IVariantRunner runner, Interruption interruption)
    {
        List<ScenarioResult> results = [];
        int gravest = ExitCode.Ok;
        for (int i = 0; i < scenarios.Count && !(i > 0 && interruption.Stop.IsCancellationRequested); i++)
        {
            try
            {
                results.Add(RunOne(request, scenarios[i], folders[i], checkpoints, runner, interruption, brief: scenarios.Count > 1 && scenarios[i].Claim is not null));
            }
            catch (EmulationException e)
            {
                // It would happen again.
                checkpoints?.Remove();
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
            : results.Select(r => r.ExitCode).DefaultIfEmpty(ExitCode.Ok).Max();
    }

    /// <param name="brief">The verdict and what failed, nothing more: of many claims, the table is what is read.</param>
    private ScenarioResult RunOne(RunRequest request, Scenario scenario, ResultFolder folder, CheckpointFolder? checkpoints, IVariantRunner runner, Interruption interruption, bool brief)
    {
        using TraceFile? trace = request.TraceFile is { } file ? new TraceFile(file, request.TraceFilter) : null;
        if (trace is not null)
        {
            interruption.Guard(trace);
        }

        VariantExecution[] variants =
            [.. scenario.Variants.Select((v, i) => new VariantExecution(v.Name, v.System, trace?.Open(v.Name), checkpoints?.Variant(i, terminal.Error)))];
        ScenarioExecution execution = new(scenario.Name, variants, request.Threads);
        void Emulate(ScenarioExecution e) => e.Run(runner, done => ProgressView.Watch(e, terminal, done), interruption.Stop);

        try
        {
            if (checkpoints is null)
            {
                Emulate(execution);
            }
            else
            {
                checkpoints.Guard(() => Emulate(execution));
            }

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

        ScenarioResult result = Judgement.Of(scenario, variants.ToDictionary(v => v.Name, v => v.Outcome, StringComparer.Ordinal));
        if (result.Interrupted && checkpoints is not null)
        {
            checkpoints.Finish();
            terminal.Error($"{scenario.Name}: stopped; go on with: ioscale resume {folder.Path}");
        }

        if (result is { Interrupted: true, Events: 0 })
        {
            terminal.Error($"{scenario.Name}: interrupted before anything was emulated; no results written");
            return result;
        }

        CheckpointFigures? checkpointCost = checkpoints?.Tally.Figures;
        HostFacts host = new(execution.Wall.TotalSeconds, result.Events - variants.Sum(v => v.EventsBefore), request.Threads)
        {
            Checkpoints = checkpointCost?.Committed,
            CheckpointCost = checkpointCost,
        };
        foreach (ResultFile written in ResultFiles.Of(result, host))
        {
            folder.Write(written);
        }

        folder.Commit();
        if (!result.Interrupted)
        {
            checkpoints?.Remove();
        }

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
