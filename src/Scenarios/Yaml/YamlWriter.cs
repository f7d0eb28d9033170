using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace IoScale.Scenarios.Yaml;

/// <summary>Writes a tree as YAML: innermost mappings and lists on one line, the rest indented.</summary>
internal static class YamlWriter
{
    private const int MostOnOneLine = 16;

    public static string Write(YamlMap root)
    {
        StringWriter text = new() { NewLine = "\n" };
        Emitter emitter = new(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, indentSequences: true, newLine: "\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Node(emitter, root, top: true);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Node(Emitter emitter, YamlNode node, bool top = false)
    {
        bool flow = !top && IsInnermost(node);
        switch (node)
        {
            case YamlMap map:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, flow ? MappingStyle.Flow : MappingStyle.Block));
                foreach (YamlEntry entry in map.Entries)
                {
                    Scalar(emitter, entry.Key, quoted: entry.Key.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'));
                    Node(emitter, entry.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case YamlList list:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, true, flow ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (YamlNode item in list.Items)
                {
                    Node(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case YamlScalar scalar:
                Scalar(emitter, scalar.Value, scalar.Quoted);
                break;
        }
    }

    private static void Scalar(Emitter emitter, string value, bool quoted) =>
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value, quoted ? ScalarStyle.DoubleQuoted : ScalarStyle.Plain, true, true));

    private static bool IsInnermost(YamlNode node) => node switch
    {
        YamlMap map => map.Entries.Count <= MostOnOneLine && map.Entries.All(e => IsLine(e.Value) && !e.Key.Contains('[', StringComparison.Ordinal)),
        YamlList list => list.Items.Count == 0 || list.Items.All(i => i is YamlScalar { Quoted: false }),
        _ => true,
    };

    private static bool IsLine(YamlNode value) => value is YamlScalar or YamlList { Items.Count: 0 } || (value is YamlList list && list.Items.All(i => i is YamlScalar));
}
