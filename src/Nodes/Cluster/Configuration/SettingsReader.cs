using Akka.Configuration;
using IoScale.Nodes.Commands;
using IoScale.Scenarios.Values;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>Reads keys of ours from a merged configuration and collects what is wrong with their values.</summary>
internal sealed class SettingsReader(Config config)
{
    private readonly Config _ours = config.GetConfig("ioscale");

    public List<string> Mistakes { get; } = [];

    public string Text(string key) => _ours.GetString(key) ?? "";

    public bool Switch(string key) => _ours.GetBoolean(key);

    public IReadOnlyList<string> List(string key) => [.. _ours.GetStringList(key)];

    public int Number(string key, int least, int most)
    {
        // Wider than the range, so that what does not fit is seen.
        decimal number = _ours.GetDecimal(key);
        if (number < least || number > most || number != decimal.Truncate(number))
        {
            Mistakes.Add($"ioscale.{key}: {Text(key)} is not a whole number from {least} to {most}");
            return least;
        }

        return (int)number;
    }

    public TimeSpan Duration(string key, TimeSpan least, TimeSpan most)
    {
        TimeSpan time = _ours.GetTimeSpan(key);
        if (time < least || time > most)
        {
            Mistakes.Add($"ioscale.{key}: {Text(key)} is not from {Show(least)} to {Show(most)}");
        }

        return time;
    }

    public int Size(string key, int least, int most)
    {
        long size = _ours.GetByteSize(key) ?? 0;
        if (size < least || size > most)
        {
            Mistakes.Add($"ioscale.{key}: {Text(key)} is not from {least / 1024}KiB to {most / 1024}KiB");
        }

        return (int)Math.Clamp(size, least, most);
    }

    public string Host(string key, bool mayBeEmpty)
    {
        string host = Text(key);
        if (!NodeEndpoint.IsHost(host) && !(mayBeEmpty && host.Length == 0))
        {
            Mistakes.Add($"ioscale.{key}: {Scenarios.Values.Show.Value(host)} is not a name or an IPv4 address");
        }

        return host;
    }

    /// <summary>A part that another reader checks.</summary>
    public T? Part<T>(Func<Config, T> read, string section)
        where T : class
    {
        try
        {
            return read(_ours.GetConfig(section));
        }
        catch (InputException e)
        {
            Mistakes.Add(e.Message);
            return null;
        }
    }

    private static string Show(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => $"{time.TotalHours:0}h",
        { TotalSeconds: >= 1 } => $"{time.TotalSeconds:0}s",
        _ => $"{time.TotalMilliseconds:0}ms",
    };
}
