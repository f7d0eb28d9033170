using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace IoScale.Hardware.Data;

/// <summary>The data files inside this assembly, read strictly: an unknown or double key is an error that names file and line.</summary>
internal static class EmbeddedYaml
{
    /// <summary>Names of the files in a folder of <c>Data</c> without folder and ending, in ordinal order.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
    [
        .. typeof(EmbeddedYaml).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(folder + "/", StringComparison.Ordinal))
            .Select(n => n[(folder.Length + 1)..^".yaml".Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Text of a data file.</summary>
    public static string Text(string folder, string name)
    {
        using Stream stream = typeof(EmbeddedYaml).Assembly.GetManifestResourceStream($"{folder}/{name}.yaml")
            ?? throw new InvalidDataException($"no data file {folder}/{name}.yaml");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <exception cref="InvalidDataException">Not the shape of <typeparamref name="T"/>.</exception>
    public static T Parse<T>(string file, string text)
    {
        IDeserializer deserializer = new DeserializerBuilder()
            .WithNamingConvention(HyphenatedNamingConvention.Instance)
            .WithDuplicateKeyChecking()
            .WithEnforceRequiredMembers()
            .Build();
        try
        {
            return deserializer.Deserialize<T>(text);
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"{file}({e.Start.Line}): {e.InnerException?.Message ?? e.Message}", e);
        }
    }
}
