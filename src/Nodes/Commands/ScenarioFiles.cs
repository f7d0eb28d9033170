using IoScale.Scenarios;

namespace IoScale.Nodes.Commands;

/// <summary>A scenario and the file it was read from, named as the user did.</summary>
internal sealed record ScenarioFile(string File, Scenario Scenario);

/// <summary>From the paths on the command line to checked scenarios; everything is checked before anything runs.</summary>
internal static class ScenarioFiles
{
    /// <summary>Loads every scenario named by the paths, folders expanded in name order.</summary>
    /// <exception cref="InputException">A path is missing, a folder holds none, or two scenarios have the same name.</exception>
    /// <exception cref="ScenarioException">Scenarios hold mistakes: those of all files.</exception>
    public static IReadOnlyList<ScenarioFile> Load(IReadOnlyList<string> paths, IReadOnlyList<string> sets, ulong? seed, long? untilPs)
    {
        List<ScenarioFile> scenarios = [];
        List<ScenarioError> errors = [];
        Dictionary<string, string> fileOfName = new(StringComparer.OrdinalIgnoreCase);
        foreach (string file in Expand(paths))
        {
            try
            {
                Scenario scenario = ScenarioLoader.Load(file, sets, seed, untilPs);
                if (!fileOfName.TryAdd(scenario.Name, file))
                {
                    throw new InputException($"{file}: has the same name as {fileOfName[scenario.Name]}: {scenario.Name}; results go by name, so rename one or run them one at a time");
                }

                scenarios.Add(new(file, scenario));
            }
            catch (ScenarioException e)
            {
                errors.AddRange(e.Errors);
            }
        }

        return errors.Count == 0 ? scenarios : throw new ScenarioException(errors);
    }

    private static List<string> Expand(IReadOnlyList<string> paths)
    {
        List<string> files = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            foreach (string file in FilesAt(path))
            {
                if (seen.Add(Path.GetFullPath(file)))
                {
                    files.Add(file);
                }
            }
        }

        return files;
    }

    private static string[] FilesAt(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new InputException($"{path}: no such file or folder; name a scenario file or a folder of *.yaml files");
        }

        string[] files;
        try
        {
            files = Directory.GetFiles(path, "*.yaml");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read ({e.Message.TrimEnd('.')})", e);
        }

        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0 ? files : throw new InputException($"{path}: holds no *.yaml file; name a folder that holds scenarios");
    }
}
