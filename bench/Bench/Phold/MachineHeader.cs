using System.Runtime;
using System.Runtime.InteropServices;

namespace IoScale.Bench.Phold;

/// <summary>What a reader needs to judge the numbers below it.</summary>
internal static class MachineHeader
{
    public static void Print()
    {
        Console.WriteLine($"cpu       {Cpu()}, {Environment.ProcessorCount} cores");
        Console.WriteLine($"runtime   {RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}");
        Console.WriteLine($"gc        {(GCSettings.IsServerGC ? "server" : "workstation")}, {(GCSettings.LatencyMode == GCLatencyMode.Batch ? "not concurrent" : "concurrent")}");
        Console.WriteLine($"load      {Load()} (1, 5, 15 minutes)");
        Console.WriteLine();
    }

    public static string Load()
    {
        const string file = "/proc/loadavg";
        return File.Exists(file) ? string.Join(' ', File.ReadAllText(file).Split(' ').Take(3)) : "unknown";
    }

    private static string Cpu()
    {
        const string file = "/proc/cpuinfo";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..];
    }
}
