using System.Text.Json;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>Runs and nodes of a cluster for machines.</summary>
internal static class StatusJson
{
    public const string Schema = "ioscale/status/v1";

    public static void Write(Utf8JsonWriter json, StatusReply status)
    {
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("coordinator", status.Coordinator);
        json.WriteStartArray("nodes");
        foreach (NodeStatus node in status.Nodes)
        {
            json.WriteStartObject();
            json.WriteString("address", node.Address);
            json.WriteString("roles", node.Roles);
            json.WriteString("state", node.State);
            json.WriteNumber("threads", node.Threads);
            json.WriteString("run", node.Run);
            json.WriteNumber("partitions", node.Partitions);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("runs");
        foreach (RunStatus run in status.Runs)
        {
            WriteRun(json, run);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json, RunStatus run)
    {
        json.WriteStartObject();
        json.WriteString("run", run.Run);
        json.WriteString("scenario", run.Scenario);
        json.WriteString("state", RunStates.Name(run));
        json.WriteString("reason", run.Reason);
        json.WriteNumber("variant", run.Variant);
        WriteStrings(json, "variants", run.Variants);
        json.WriteNumber("virtualTimePs", run.Time);
        json.WriteNumber("durationPs", run.Duration);
        json.WriteNumber("events", run.Events);
        json.WriteNumber("eventsPerSecond", Math.Round(run.EventsPerSecond));
        json.WriteNumber("epoch", run.Epoch);
        json.WriteNumber("nodes", run.Nodes);
        json.WriteNumber("checkpoints", run.Checkpoints);
        json.WriteNumber("checkpointTimePs", run.CheckpointTime);
        json.WriteNumber("checkpointAgeMs", run.CheckpointAgeMs);
        json.WriteNumber("recoveries", run.Recoveries);
        WriteStrings(json, "incidents", run.Incidents);
        json.WriteString("resultHash", run.ResultHash);
        json.WriteString("verdict", run.Verdict);
        json.WriteNumber("wallMs", run.WallMs);
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
