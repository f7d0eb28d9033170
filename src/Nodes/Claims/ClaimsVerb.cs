using IoScale.Nodes.Commands;
using IoScale.Nodes.Reports;
using IoScale.Nodes.Running;
using IoScale.Scenarios;
using IoScale.Scenarios.Claims;

namespace IoScale.Nodes.Claims;

/// <summary>Carries out <c>claims</c>: run all, print the table, write the page or compare it.</summary>
internal sealed class ClaimsVerb(Func<IVariantRunner> runners, Terminal terminal)
{
    /// <returns>The exit code.</returns>
    public int Run(ClaimsRequest request)
    {
        ScenarioFile[] files = Load(request.Path);
        string before = ReadPage(request);
        using Interruption interruption = new();
        using IVariantRunner runner = runners();
        if (Execute("claims", [.. files.Select(f => new ClaimRun(f.Scenario))], request, runner, interruption) is not { } results)
        {
            return ExitCode.Interrupted;
        }

        terminal.Print(console => ClaimTable.Write(console, files.Select(f => f.Scenario), results));
        foreach (ScenarioResult failed in results.Where(r => !r.ExpectationsHold))
        {
            terminal.Print(console => RunReport.WriteBrief(console, failed), blankAfter: false);
        }

        ClaimRow[] rows = [.. files.Zip(results).Select(p => new ClaimRow(LinkTo(p.First.File, request.Page), p.Second))];
        string fingerprint = ClaimsPage.Fingerprint(rows);
        string second = ClaimsPage.SensitivityOf(before, fingerprint);
        if (request.Sensitivity)
        {
            IReadOnlyList<ClaimRun> plan = Sensitivity.Plan([.. files.Select(f => f.Scenario)]);
            if (Execute("sensitivity", plan, request, runner, interruption) is not { } moved)
            {
                return ExitCode.Interrupted;
            }

            second = ClaimsPage.WriteSensitivity(Sensitivity.Read(plan, moved, results.ToDictionary(r => r.Name, StringComparer.Ordinal)), fingerprint);
        }

        string page = ClaimsPage.Write(rows) + second;
        bool fresh = request.Check ? IsFresh(request.Page, before, page) : Save(request.Page, before, page);
        return !fresh ? ExitCode.Stale : results.All(r => r.ExpectationsHold) ? ExitCode.Ok : ExitCode.ExpectationFailed;
    }

    /// <summary>The scenarios that make claims, in the order of their numbers.</summary>
    private static ScenarioFile[] Load(string path)
    {
        ScenarioFile[] files =
        [
            .. ScenarioFiles.Load([path], [], seed: null, untilPs: null).Where(f => f.Scenario.Claim is not null)
                .OrderBy(f => f.Scenario.Claim!.Id, Comparer<string>.Create(Claim.Compare)),
        ];
        if (files.Length == 0)
        {
            throw new InputException($"{path}: holds no scenario that makes a claim; name a folder of such, as scenarios/claims");
        }

        foreach ((ScenarioFile first, ScenarioFile second) in files.Zip(files.Skip(1)))
        {
            if (first.Scenario.Claim!.Id == second.Scenario.Claim!.Id)
            {
                throw new InputException($"{second.File}: makes claim {second.Scenario.Claim.Id}, as {first.File} does; give one of them another number, or add a letter");
            }
        }

        return files;
    }

    /// <returns>Null when interrupted.</returns>
    private ScenarioResult[]? Execute(string name, IReadOnlyList<ClaimRun> runs, ClaimsRequest request, IVariantRunner runner, Interruption interruption)
    {
        ClaimRuns all = new(runs, request.Threads);
        ScenarioResult[] results = [.. all.Execute(name, runner, done => ClaimProgress.Watch(name, all, terminal, done), interruption.Stop).OfType<ScenarioResult>()];
        if (results.Length == runs.Count && !results.Any(r => r.Interrupted))
        {
            return results;
        }

        terminal.Error($"{name}: interrupted; nothing written");
        return null;
    }

    private static string ReadPage(ClaimsRequest request)
    {
        try
        {
            return File.Exists(request.Page) ? File.ReadAllText(request.Page).ReplaceLineEndings("\n") : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--out {request.Page}: cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }

    private bool IsFresh(string file, string before, string page)
    {
        if (before == page)
        {
            return true;
        }

        terminal.Error($"{file}: is not what the claims give now; run ioscale claims --sensitivity");
        return false;
    }

    private bool Save(string file, string before, string page)
    {
        try
        {
            File.WriteAllText(file, page);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--out {file}: cannot be written to ({e.Message.TrimEnd('.')})", e);
        }

        if (ClaimsPage.HasSensitivity(before) && !ClaimsPage.HasSensitivity(page))
        {
            terminal.Error($"{file}: its sensitivity belonged to other results and is gone; run ioscale claims --sensitivity");
        }

        terminal.Out.WriteLine($"wrote {file}");
        return true;
    }

    private static string LinkTo(string scenario, string page) =>
        Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(page)) ?? ".", Path.GetFullPath(scenario)).Replace('\\', '/');
}
