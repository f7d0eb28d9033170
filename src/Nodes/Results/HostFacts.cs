using System.Runtime.InteropServices;
using System.Text.Json;
using IoScale.Nodes.Running.Checkpoints;

namespace IoScale.Nodes.Results;

/// <summary>What depends on the machine and on the moment; the only result file that may differ between two runs.</summary>
/// <param name="WallSeconds">From the start of the first variant to the end of the last.</param>
/// <param name="Threads">On all nodes together.</param>
/// <param name="Nodes">Processes that the run was laid out over; 1 for a run without a cluster.</param>
internal sealed record HostFacts(double WallSeconds, long Events, int Threads, int Nodes = 1)
{
    /// <summary>Checkpoints committed; null where none were asked for.</summary>
    public long? Checkpoints { get; init; }

    /// <summary>Times the run went back to a checkpoint; null where it could not.</summary>
    public int? Recoveries { get; init; }

    /// <summary>What the checkpoints cost; null where it is not known.</summary>
    public CheckpointFigures? CheckpointCost { get; init; }

    public double EventsPerSecond => WallSeconds > 0 ? Events / WallSeconds : 0;

    public void Write(Stream output)
    {
        using (Utf8JsonWriter json = new(output, SummaryJson.Format))
        {
            json.WriteStartObject();
            json.WriteNumber("wallSeconds", Math.Round(WallSeconds, 6));
            json.WriteNumber("eventsPerSecond", Math.Round(EventsPerSecond));
            json.WriteNumber("threads", Threads);
            json.WriteNumber("nodes", Nodes);
            WriteIfKnown(json, "checkpoints", Checkpoints);
            WriteIfKnown(json, "recoveries", Recoveries);
            if (CheckpointCost is { } cost)
            {
                json.WriteNumber("longestCheckpointPauseSeconds", Math.Round(cost.LongestPause.TotalSeconds, 6));
                json.WriteNumber("longestCheckpointWriteSeconds", Math.Round(cost.LongestWrite.TotalSeconds, 6));
                json.WriteNumber("largestCheckpointBytes", cost.LargestBytes);
            }

            json.WriteNumber("peakMemoryBytes", PeakMemory());
            json.WriteString("dotnet", RuntimeInformation.FrameworkDescription);
            json.WriteString("os", RuntimeInformation.OSDescription);
            json.WriteString("cpu", CpuName());
            json.WriteNumber("processors", Environment.ProcessorCount);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteIfKnown(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
    }

    private static long PeakMemory()
    {
        using System.Diagnostics.Process self = System.Diagnostics.Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }

    private static string CpuName()
    {
        const string Table = "/proc/cpuinfo";
        if (File.Exists(Table))
        {
            foreach (string line in File.ReadLines(Table))
            {
                if (line.StartsWith("model name", StringComparison.Ordinal))
                {
                    return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
                }
            }
        }

        return RuntimeInformation.ProcessArchitecture.ToString();
    }
}
