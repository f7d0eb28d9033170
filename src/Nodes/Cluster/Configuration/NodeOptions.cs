using System.Globalization;
using System.Text;
using Akka.Configuration;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>What the command line of a node says; null where it says nothing.</summary>
/// <param name="Data">Folder of the SQLite files.</param>
/// <param name="Database">Connection string of PostgreSQL.</param>
/// <param name="Profile">Name of a profile-*.conf.</param>
/// <param name="ConfigFile">A HOCON file of the user's.</param>
internal sealed record NodeOptions(
    IReadOnlyList<string>? Roles = null,
    string? Host = null,
    int? Port = null,
    IReadOnlyList<string>? Seeds = null,
    int? Threads = null,
    string? Data = null,
    string? Database = null,
    string? Profile = null,
    string? ConfigFile = null)
{
    /// <summary>The strongest layer.</summary>
    public Config Config
    {
        get
        {
            StringBuilder text = new();
            Add("node.roles", Roles is null ? null : HoconText.List(Roles));
            Add("node.host", Quoted(Host));
            Add("node.port", Port?.ToString(CultureInfo.InvariantCulture));
            Add("node.seeds", Seeds is null ? null : HoconText.List(Seeds));
            Add("worker.threads", Threads?.ToString(CultureInfo.InvariantCulture));
            Add("store.folder", Quoted(Data));
            Add("store.connection-string", Quoted(Database));
            Add("store.provider", Database is not null ? "postgresql" : Data is not null ? "sqlite" : null);
            return ConfigurationFactory.ParseString(text.ToString());

            void Add(string key, string? value)
            {
                if (value is not null)
                {
                    text.Append("ioscale.").Append(key).Append(" = ").Append(value).Append('\n');
                }
            }
        }
    }

    private static string? Quoted(string? text) => text is null ? null : HoconText.Quoted(text);
}
