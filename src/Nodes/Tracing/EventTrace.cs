using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Tracing;

/// <summary>The trace of one variant: a JSON line for each event handled, in key order, streamed to a file.</summary>
internal sealed class EventTrace : IEventTrace, IDisposable
{
    private readonly string _variant;
    private readonly TraceFilter _filter;
    private readonly FileStream _file;
    private readonly Utf8JsonWriter _json;
    private readonly JsonSerializerOptions _fields;
    private readonly ConcurrentDictionary<EntityId, bool> _wanted = new();
    private readonly Dictionary<EntityId, string> _names = [];
    private Func<EntityId, string> _nameOf = id => $"entity-{id.Value}";

    /// <param name="path">File that is created; one that exists is replaced.</param>
    public EventTrace(string variant, TraceFilter filter, string path)
    {
        _variant = variant;
        _filter = filter;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        _json = new Utf8JsonWriter(_file, new JsonWriterOptions { SkipValidation = true });
        _fields = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            IncludeFields = true,
            Converters = { new JsonStringEnumConverter(), new EntityNameConverter(this) },
        };
    }

    /// <summary>Gives the entities their names; called before the run handles its first event.</summary>
    public void NameEntitiesBy(Func<EntityId, string> nameOf) => _nameOf = nameOf;

    /// <inheritdoc/>
    public bool Wants(EntityId target, long timePs) =>
        _filter.Covers(timePs) && _wanted.GetOrAdd(target, static (id, trace) => trace._filter.Names(trace._nameOf(id)), this);

    /// <inheritdoc/>
    public void Write(in TracedEvent e)
    {
        _json.WriteStartObject();
        _json.WriteNumber("t", e.TimePs);
        _json.WriteString("entity", NameOf(e.Target));
        _json.WriteString("sender", NameOf(e.Sender));
        _json.WriteNumber("seq", e.Sequence);
        _json.WriteString("variant", _variant);
        _json.WriteString("message", e.Message.GetType().Name);
        _json.WritePropertyName("fields");
        JsonSerializer.Serialize(_json, e.Message, e.Message.GetType(), _fields);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _file.WriteByte((byte)'\n');
    }

    public void Flush() => _file.Flush();

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    private string NameOf(EntityId id)
    {
        if (!_names.TryGetValue(id, out string? name))
        {
            name = id == EntityId.Engine ? "engine" : _nameOf(id);
            _names.Add(id, name);
        }

        return name;
    }

    /// <summary>A message that names an entity shows its name, not its number.</summary>
    private sealed class EntityNameConverter(EventTrace trace) : JsonConverter<EntityId>
    {
        public override EntityId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, EntityId value, JsonSerializerOptions options) => writer.WriteStringValue(trace.NameOf(value));
    }
}
