using System.Runtime.InteropServices;
using System.Text.Json;

namespace IoScale.Nodes.Results;

/// <summary>What depends on the machine and on the moment; the only result file that may differ between two runs.</summary>
/// <param name="WallSeconds">From the start of the first variant to the end of the last.</param>
internal sealed record HostFacts(double WallSeconds, long Events, int Threads)
{
    public double EventsPerSecond => WallSeconds > 0 ? Events / WallSeconds : 0;

    public void Write(Stream output)
    {
        using (Utf8JsonWriter json = new(output, SummaryJson.Format))
        {
            json.WriteStartObject();
            json.WriteNumber("wallSeconds", Math.Round(WallSeconds, 6));
            json.WriteNumber("eventsPerSecond", Math.Round(EventsPerSecond));
            json.WriteNumber("threads", Threads);
            json.WriteNumber("nodes", 1);
            json.WriteNumber("peakMemoryBytes", PeakMemory());
            json.WriteString("dotnet", RuntimeInformation.FrameworkDescription);
            json.WriteString("os", RuntimeInformation.OSDescription);
            json.WriteString("cpu", CpuName());
            json.WriteNumber("processors", Environment.ProcessorCount);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
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
