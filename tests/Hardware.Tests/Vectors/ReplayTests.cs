using System.Diagnostics;
using CsCheck;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;
using IoScale.Hardware.Vectors.Replay;

namespace IoScale.Hardware.Tests.Vectors;

/// <summary>What a replay says to input that is not right, and how fast it is.</summary>
public class ReplayTests
{
    private const string Online = "init 256 32 236\nonline 0\n";

    // A tenth of this on a machine that has nothing else to do.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static TheoryData<VectorAllocatorKind> Kinds => [.. Enum.GetValues<VectorAllocatorKind>()];

    [Theory]
    [InlineData("linux", Online + "aloc 0 0", "line 3: 'aloc 0 0': unknown operation 'aloc'; linux takes init, sys, online,")]
    [InlineData("linux", "online 0", "line 1: 'online 0': no matrix yet; start with: init 256 32 236")]
    [InlineData("linux", "reserved", "line 1: 'reserved': no matrix yet")]
    [InlineData("linux", "\n# a comment\n\ninit 256 32", "line 4: 'init 256 32': takes 3 arguments, not 2; write: init BITS START END")]
    [InlineData("linux", "init 256 40 40", "START must be below END")]
    [InlineData("linux", "init 100 32 236", "END not above BITS")]
    [InlineData("linux", "init 257 32 236", "BITS is '257'; it must be a number from 0 to 256")]
    [InlineData("linux", Online + "alloc 0,9999 0", "line 3: 'alloc 0,9999 0': MASK is '0,9999'; it must be a comma list of CPUs from 0 to 1023, or - when empty")]
    [InlineData("linux", Online + "alloc 0,,1 0", "MASK is '0,,1'")]
    [InlineData("linux", Online + "alloc 0 2", "RESERVED is '2'; it must be a number from 0 to 1")]
    [InlineData("linux", Online + "free 0 256 0", "BIT is '256'; it must be a number from 0 to 255")]
    [InlineData("linux", Online + "free 1024 40 0", "CPU is '1024'; it must be a number from 0 to 1023")]
    [InlineData("linux", Online + "free -1 40 0", "CPU is '-1'")]
    [InlineData("linux", Online + "free 0 0x40 0", "BIT is '0x40'")]
    [InlineData("linux", Online + "online 0", "line 3: 'online 0': CPU 0 is online already")]
    [InlineData("linux", Online + "sys 0 40 0", "system vectors are marked before any CPU is online")]
    [InlineData("linux", Online + "sys 0 40 1", "bit 40 is not assigned on CPU 0")]
    [InlineData("linux", "{\"op\": \"init 256 32 236\"}\n{\"op\": 7}", "line 2: '{\"op\": 7}': no \"op\" with a text")]
    [InlineData("linux", "{\"i\": 0}", "no \"op\" with a text")]
    [InlineData("linux", "{\"op\": \"init", "line 1: '{\"op\": \"init': not valid JSON; write {\"op\": \"...\"} or the operation itself")]
    [InlineData("linux", "{\"op\": \"\"}", "unknown operation ''")]
    [InlineData("linux", "{\"op\": \"\\ud800\"}", "not valid JSON")]
    [InlineData("xen", "alloc 0 0", "unknown operation 'alloc'; xen takes online, assign, first_int_on_new, cleanup_ipi, clear")]
    [InlineData("xen", "online 0\nclear 5", "line 2: 'clear 5': irq 5 has no vector; assign it one first")]
    [InlineData("xen", "online 0\nassign 99999999999 0", "IRQ is '99999999999'; it must be a number from 0 to 65535")]
    [InlineData("xen", "online 0\nonline 0", "CPU 0 is online already")]
    [InlineData("xen-2009-global", "gfree", "takes 1 arguments, not 0; write: gfree VECTOR")]
    public void A_malformed_operation_is_named_with_its_line_and_what_would_be_right(string allocator, string text, string message)
    {
        Assert.True(VectorAllocatorNames.TryParse(allocator, out var kind));
        var error = Assert.Throws<ReplayException>(() => VectorReplay.Run(kind, text.Split('\n')).Count());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"line {error.Line}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_before_the_malformed_operation_are_given()
    {
        using var answers = VectorReplay.Run(VectorAllocatorKind.Xen2009Global, ["gassign", "nonsense"]).GetEnumerator();
        Assert.True(answers.MoveNext());
        Assert.Equal("{\"i\": 0, \"op\": \"gassign\", \"rc\": 32}", answers.Current);
        Assert.Throws<ReplayException>(() => answers.MoveNext());
    }

    [Fact]
    public void Bad_uses_of_a_matrix_are_warned_about_and_change_nothing()
    {
        string[] operations = ["init 256 32 236", "online 0", "assign 0 50", "assign 0 50", "assign 0 20", "free 0 51 0", "free 0 240 0", "remove_managed 0,1"];
        var answers = VectorReplay.Run(VectorAllocatorKind.Linux, operations).ToList();
        Assert.EndsWith("\"warn\": 0}", answers[2], StringComparison.Ordinal);
        Assert.All(answers.Skip(3).SkipLast(1), answer => Assert.EndsWith("\"warn\": 1}", answer, StringComparison.Ordinal));
        Assert.EndsWith("\"ga\": 203, \"gr\": 0, \"ta\": 1, \"om\": 1, \"warn\": 2}", answers[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_vector_takes_the_place_of_an_assigned_one()
    {
        var answers = VectorReplay.Run(VectorAllocatorKind.Linux, ["init 256 32 236", "online 0", "assign 0 32", "sys 0 32 1", "alloc 0 0"]).ToList();
        Assert.Contains("\"ga\": 203, \"gr\": 0, \"ta\": 0, \"om\": 1, \"st\": {\"cpu\": 0, \"avl\": 203, \"alloc\": 0,", answers[3], StringComparison.Ordinal);
        Assert.Contains("\"rc\": 33,", answers[4], StringComparison.Ordinal);
    }

    [Fact]
    public void A_flat_replay_takes_all_pCPUs_and_only_eight()
    {
        var answers = VectorReplay.Run(VectorAllocatorKind.Xen2009PerCpu, ["online 0", "online 1", "assign 3 1"], DestinationMode.Flat).ToList();
        Assert.Contains("\"vec\": 40, \"mask\": 3,", answers[2], StringComparison.Ordinal);
        Assert.Throws<ReplayException>(() => VectorReplay.Run(VectorAllocatorKind.Xen2009PerCpu, ["online 8"], DestinationMode.Flat).Count());
    }

    [Fact]
    public void Masks_above_64_pCPUs_are_printed_as_integers()
    {
        var answers = VectorReplay.Run(VectorAllocatorKind.Xen, ["online 100", "assign 3 100"]).ToList();
        Assert.Contains("\"mask\": 1267650600228229401496703205376,", answers[1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_text_makes_a_replay_fail_in_any_other_way(VectorAllocatorKind kind)
    {
        string[] words =
        [
            "init", "sys", "online", "offline", "assign", "reserve", "remove_reserved", "reserve_managed", "remove_managed", "alloc_managed", "alloc", "free",
            "available", "allocated", "reserved", "first_int_on_new", "cleanup_ipi", "clear", "gassign", "gfree", "0", "1", "5", "32", "236", "256", "-", "0,1", "1023",
        ];
        var line = Gen.OneOf(
            Gen.String,
            Gen.Char["{}\"op:\\ud8 019,-#\t\0"].Array[0, 30].Select(letters => new string(letters)),
            Gen.Int[0, words.Length - 1].Select(word => words[word]).Array[0, 5].Select(chosen => string.Join(' ', chosen)),
            Gen.Int[0, words.Length - 1].Select(word => words[word]).Array[0, 5].Select(chosen => $"{{\"op\": \"{string.Join(' ', chosen)}\"}}"));
        line.Array[0, 40].Sample(lines => AnswersOf(kind, lines), iter: 3000);
        line.Array[0, 40].Sample(lines => AnswersOf(kind, ["init 256 32 236", "online 0", "online 1", .. lines]), iter: 300);
    }

    [Fact]
    public void A_hundred_thousand_operations_take_no_time_worth_mentioning()
    {
        var lines = new List<string>();
        for (var i = 0; i < 25_000; i++)
        {
            lines.Add($"{{\"i\": {i}, \"op\": \"alloc 0,1,2,3,4,5,6,7 0\", \"rc\": 0, \"cpu\": 0, \"ga\": 0, \"gr\": 0, \"ta\": 0, \"om\": 0, \"warn\": 0}}");
            lines.Add($"{{\"op\": \"reserve_managed 0,1,2,3\"}}");
            lines.Add($"{{\"op\": \"remove_managed 0,1,2,3\"}}");
            lines.Add($"{{\"op\": \"free {i % 8} {33 + (i % 100)} 0\"}}");
        }

        var operations = new[] { "init 256 32 236" }.Concat(Enumerable.Range(0, 8).Select(cpu => $"online {cpu}")).Concat(lines);
        var clock = Stopwatch.StartNew();
        var answers = VectorReplay.Run(VectorAllocatorKind.Linux, operations).Count();
        Assert.Equal(100_009, answers);
        Assert.True(clock.Elapsed < Limit, $"took {clock.Elapsed}");

        clock.Restart();
        var moves = Enumerable.Range(0, 50_000).SelectMany(i => new[] { $"assign {i % 2000} {i % 8}", $"first_int_on_new {i % 2000}" });
        Assert.Equal(100_008, VectorReplay.Run(VectorAllocatorKind.Xen, Enumerable.Range(0, 8).Select(cpu => $"online {cpu}").Concat(moves)).Count());
        Assert.True(clock.Elapsed < Limit, $"took {clock.Elapsed}");
    }

    private static bool AnswersOf(VectorAllocatorKind kind, string[] lines)
    {
        try
        {
            return VectorReplay.Run(kind, lines).All(answer => answer.StartsWith("{\"i\": ", StringComparison.Ordinal));
        }
        catch (ReplayException error)
        {
            return error.Line > 0;
        }
    }
}
