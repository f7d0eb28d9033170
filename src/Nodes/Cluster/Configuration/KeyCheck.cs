using Akka.Configuration;
using Akka.Configuration.Hocon;
using IoScale.Scenarios.Values;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>Finds keys that nobody reads, and values of the wrong kind, which HOCON takes without a word.</summary>
internal sealed class KeyCheck(Config reference)
{
    /// <summary>Sections of Akka in which everybody may name things.</summary>
    private static readonly HashSet<string> Open = new(StringComparer.Ordinal)
    {
        "akka.actor.deployment", "akka.actor.serializers", "akka.actor.serialization-bindings", "akka.actor.serialization-identifiers",
        "akka.cluster.role", "akka.coordinated-shutdown.phases",
    };

    /// <summary>Keys that a node sets from a key of ours, which is the one to use.</summary>
    private static readonly Dictionary<string, string> Derived = new(StringComparer.Ordinal)
    {
        ["akka.cluster.roles"] = "ioscale.node.roles",
        ["akka.cluster.seed-nodes"] = "ioscale.node.seeds",
        ["akka.cluster.min-nr-of-members"] = "ioscale.node.seeds",
        ["akka.remote.dot-netty.tcp.hostname"] = "ioscale.node.host",
        ["akka.remote.dot-netty.tcp.port"] = "ioscale.node.port",
        ["akka.remote.dot-netty.tcp.public-hostname"] = "ioscale.node.public-host",
        ["akka.remote.dot-netty.tcp.enable-ssl"] = "ioscale.tls.enabled",
        ["akka.remote.dot-netty.tcp.ssl"] = "ioscale.tls",
        ["akka.persistence.journal.sql.connection-string"] = "ioscale.store",
        ["akka.persistence.snapshot-store.sql.connection-string"] = "ioscale.store",
    };

    private readonly HoconValue _reference = reference.Root;

    /// <summary>Every mistake in a layer, one line each.</summary>
    /// <param name="where">The layer's name: a file, or the environment.</param>
    public IReadOnlyList<string> Mistakes(Config layer, string where)
    {
        List<string> mistakes = [];
        if (layer.Root is { } root && root.IsObject())
        {
            Walk(root.GetObject(), _reference.GetObject(), "", where, mistakes);
        }

        return mistakes;
    }

    private static void Walk(HoconObject layer, HoconObject reference, string path, string where, List<string> mistakes)
    {
        foreach ((string name, HoconValue value) in layer.Items.OrderBy(i => i.Key, StringComparer.Ordinal))
        {
            string key = path.Length == 0 ? name : $"{path}.{name}";
            if (Derived.TryGetValue(key, out string? ours))
            {
                mistakes.Add($"{where}: {key}: is set by the node; use {ours}");
            }
            else if (!reference.Items.TryGetValue(name, out HoconValue? known))
            {
                mistakes.Add($"{where}: {key}: no such key; {NearestName.Hint(name, [.. reference.Items.Keys.Order(StringComparer.Ordinal)], "there are")}");
            }
            else if (!Open.Contains(key))
            {
                Compare(value, known, key, where, mistakes);
            }
        }
    }

    private static void Compare(HoconValue value, HoconValue known, string key, string where, List<string> mistakes)
    {
        SettingKind right = SettingKinds.Of(known);
        SettingKind kind = SettingKinds.Of(value);
        if (!SettingKinds.Takes(right, kind, strict: key.StartsWith("ioscale.", StringComparison.Ordinal)))
        {
            string got = kind is SettingKind.Section or SettingKind.List ? SettingKinds.Words(kind) : Show.Value(value.GetString() ?? "");
            mistakes.Add($"{where}: {key}: {got} is not {SettingKinds.Words(right)}");
        }
        else if (right == SettingKind.Section)
        {
            Walk(value.GetObject(), known.GetObject(), key, where, mistakes);
        }
    }
}
