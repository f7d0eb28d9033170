using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;
using IoScale.Hardware.Vectors.Replay;

namespace IoScale.Hardware.Tests.Vectors;

/// <summary>The recorded runs of the real allocators.</summary>
public class TraceTests
{
    public static TheoryData<string, string> Traces => new()
    {
        { "linux", "matrix_1" },
        { "linux", "matrix_2" },
        { "linux", "matrix_3" },
        { "xen", "xen_percpu_1" },
        { "xen", "xen_percpu_2" },
        { "xen-2009-global", "xen_global_1" },
    };

    [Theory]
    [MemberData(nameof(Traces))]
    public void A_replay_equals_the_recorded_run_byte_for_byte(string allocator, string trace)
    {
        var recorded = Read(trace);
        var replayed = VectorReplay.Run(KindOf(allocator), recorded.Split('\n'));
        Assert.Equal(recorded, string.Concat(replayed.Select(line => line + "\n")));
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public void Plain_operations_give_the_answers_of_the_recorded_run(string allocator, string trace)
    {
        var recorded = Read(trace);
        var operations = recorded.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("\"op\": \"")[1].Split('"')[0]);
        var replayed = VectorReplay.Run(KindOf(allocator), operations);
        Assert.Equal(recorded, string.Concat(replayed.Select(line => line + "\n")));
    }

    private static VectorAllocatorKind KindOf(string name)
    {
        Assert.True(VectorAllocatorNames.TryParse(name, out var kind));
        return kind;
    }

    private static string Read(string trace) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Traces", trace + ".jsonl"));
}
