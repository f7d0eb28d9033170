using System.Text;
using System.Text.Json;
using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Vectors.Replay;

/// <summary>
/// Runs recorded or written allocator operations and tells what the allocator answers, one JSON object a line.
/// </summary>
/// <remarks>
/// <c>linux</c> takes init, sys, online, offline, assign, reserve, remove_reserved, reserve_managed, remove_managed, alloc_managed, alloc, free, available, allocated, reserved.
/// <c>xen</c>, <c>xen-2009-percpu</c> and <c>linux-2.6.32</c> take online, assign, first_int_on_new, cleanup_ipi, clear.
/// <c>xen-2009-global</c> and <c>slide-global</c> take gassign, gfree.
/// </remarks>
public static class VectorReplay
{
    /// <summary>Replays operations, one a line: a JSON object with "op", whose other fields are ignored, or the operation itself. Blank lines and lines that start with # are skipped.</summary>
    /// <param name="destination">Destination mode for the per-CPU allocators of 2009; flat takes CPUs 0 to 7.</param>
    /// <returns>The answers, computed as they are asked for.</returns>
    /// <exception cref="ReplayException">While enumerating: an operation that cannot be done.</exception>
    public static IEnumerable<string> Run(
        VectorAllocatorKind kind, IEnumerable<string> lines, DestinationMode destination = DestinationMode.Physical)
    {
        var cpuLimit = destination == DestinationMode.Flat ? VectorModel.FlatCpuLimit : ReplayArguments.CpuLimit;
        IReadOnlyList<ReplayOperation> known = kind switch
        {
            VectorAllocatorKind.Linux => new MatrixReplay(cpuLimit).Operations,
            VectorAllocatorKind.SlideGlobal or VectorAllocatorKind.Xen2009Global => new GlobalReplay(kind).Operations,
            _ => new PerCpuReplay(kind, destination, cpuLimit).Operations,
        };
        var byName = known.ToDictionary(operation => operation.Name, StringComparer.Ordinal);
        var takes = string.Join(", ", known.Select(operation => operation.Name));
        return Answers(lines, byName, $"{VectorAllocatorNames.Of(kind)} takes {takes}", cpuLimit);
    }

    private static IEnumerable<string> Answers(
        IEnumerable<string> lines, Dictionary<string, ReplayOperation> byName, string takes, int cpuLimit)
    {
        var arguments = new ReplayArguments();
        var answer = new StringBuilder();
        var number = 0;
        var index = 0;
        foreach (var line in lines)
        {
            number++;
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            if (text[0] == '{')
            {
                text = OperationOf(text, number);
            }

            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || !byName.TryGetValue(words[0], out var operation))
            {
                var name = words.Length == 0 ? string.Empty : ReplayArguments.Shorten(words[0]);
                throw new ReplayException(number, $"'{ReplayArguments.Shorten(text)}': unknown operation '{name}'; {takes}");
            }

            arguments.Read(number, words, operation, cpuLimit);
            answer.Clear().Append("{\"i\": ").Append(index++).Append(", \"op\": \"").Append(arguments.Text).Append('"');
            operation.Run(arguments, answer);
            yield return answer.Append('}').ToString();
        }
    }

    private static string OperationOf(string json, int line)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.TryGetProperty("op", out var op) && op.ValueKind == JsonValueKind.String)
            {
                return op.GetString()!;
            }
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new ReplayException(line, $"'{ReplayArguments.Shorten(json)}': not valid JSON; write {{\"op\": \"...\"}} or the operation itself");
        }

        throw new ReplayException(line, $"'{ReplayArguments.Shorten(json)}': no \"op\" with a text; write {{\"op\": \"...\"}} or the operation itself");
    }
}
