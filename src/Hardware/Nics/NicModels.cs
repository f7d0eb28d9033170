using IoScale.Hardware.Data;

namespace IoScale.Hardware.Nics;

/// <summary>The NIC models that come with the program.</summary>
public static class NicModels
{
    private const string Folder = "nics";

    private static readonly Lazy<IReadOnlyList<NicModel>> All = new(() =>
        [.. EmbeddedYaml.Files(Folder).Select(f => NicModelFile.Parse($"{Folder}/{f}.yaml", EmbeddedYaml.Text(Folder, f)))]);

    /// <summary>Names without aliases, in the order of their files.</summary>
    public static IReadOnlyList<string> Names => [.. All.Value.Select(m => m.Name)];

    /// <param name="name">Name or alias; case does not matter.</param>
    /// <exception cref="KeyNotFoundException">No such model; the message names those there are.</exception>
    public static NicModel Get(string name) =>
        TryGet(name) ?? throw new KeyNotFoundException($"no NIC model {name}; there are {string.Join(", ", Names)}");

    /// <summary>The model by name or alias, or null.</summary>
    public static NicModel? TryGet(string name) => All.Value.FirstOrDefault(m =>
        string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase) || m.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));
}
