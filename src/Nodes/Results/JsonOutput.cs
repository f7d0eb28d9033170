using System.Text.Json;

namespace IoScale.Nodes.Results;

/// <summary>JSON for standard output: the object of one scenario, or an array when several were given.</summary>
internal static class JsonOutput
{
    public static void Write<T>(Stream output, IReadOnlyList<T> items, bool several, Action<Utf8JsonWriter, T> write)
    {
        using (Utf8JsonWriter json = new(output, SummaryJson.Format))
        {
            if (several)
            {
                json.WriteStartArray();
            }

            foreach (T item in items)
            {
                write(json, item);
            }

            if (several)
            {
                json.WriteEndArray();
            }
        }

        if (several || items.Count > 0)
        {
            output.WriteByte((byte)'\n');
        }
    }
}
