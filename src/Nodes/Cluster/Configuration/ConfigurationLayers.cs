using Akka.Configuration;
using IoScale.Scenarios.Values;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>
/// The files of <c>hocon/</c>, a file of the user's, the environment and the command line, one over the other. The result is our part and what we
/// set in Akka; Akka adds its own defaults below.
/// </summary>
internal static class ConfigurationLayers
{
    /// <summary>Beside the program.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "hocon");

    public static IReadOnlyList<string> Roles { get; } = ["coordinator", "worker"];

    public static IReadOnlyList<string> Profiles { get; } = ["dev", "k8s"];

    /// <summary>Everything that can be set, with its default: Akka's references, and base.conf for what is ours.</summary>
    public static Config Reference { get; } = AkkaReference.Config.WithFallback(OurFile("base.conf"));

    /// <exception cref="SettingsException">Keys or values of the user's are wrong, or the file cannot be read.</exception>
    public static Config Merge(NodeOptions options, IReadOnlyDictionary<string, string> variables)
    {
        if (options.Profile is { } profile && !Profiles.Contains(profile))
        {
            throw new SettingsException([$"--profile: '{profile}' is not one of {string.Join(", ", Profiles)}"]);
        }

        KeyCheck check = new(Reference);
        Config file = Config.Empty;
        List<string> mistakes = [];
        if (options.ConfigFile is { } path)
        {
            file = Parse(Read(path), path);
            mistakes.AddRange(check.Mistakes(file, path));
        }

        Config environment = EnvironmentOverlay.Of(variables, Reference);
        mistakes.AddRange(check.Mistakes(environment, "environment"));
        if (mistakes.Count > 0)
        {
            throw new SettingsException(mistakes);
        }

        Config user = Over(options.Config, environment, file);
        Config profiled = options.Profile is null ? user : Over(user, OurFile($"profile-{options.Profile}.conf"));
        Config shared = OurFile("base.conf");
        return Over([profiled, .. RolesOf(Over(profiled, shared)).Select(r => OurFile($"role-{r}.conf")), shared]);
    }

    /// <summary>One of our files.</summary>
    public static Config OurFile(string name) => Parse(Read(Path.Combine(Folder, name)), name);

    /// <summary>Strongest first.</summary>
    private static Config Over(params IEnumerable<Config> layers) => layers.Where(l => !l.IsEmpty).DefaultIfEmpty(Config.Empty).Aggregate((strong, weak) => strong.WithFallback(weak));

    private static IEnumerable<string> RolesOf(Config files)
    {
        IList<string> roles = files.GetStringList("ioscale.node.roles");
        List<string> wrong = [.. roles.Where(r => !Roles.Contains(r))];
        return wrong.Count > 0 ? throw new SettingsException([.. wrong.Select(r => $"ioscale.node.roles: {Show.Value(r)} is not coordinator or worker")])
            : roles.Count == 0 ? throw new SettingsException(["ioscale.node.roles: is empty; write coordinator, worker, or both"])
            : roles.Distinct();
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"{path}: cannot be read ({e.Message.TrimEnd('.')})"]);
        }
    }

    private static Config Parse(string text, string where)
    {
        try
        {
            return ConfigurationFactory.ParseString(text);
        }
#pragma warning disable CA1031 // The parser has no exception of its own.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new SettingsException([$"{where}: is not HOCON ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')})"]);
        }
    }
}
