using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace IoScale.Scenarios.Yaml;

/// <summary>
/// Reads one YAML document into a tree with places. Anchors, aliases and tags are refused: a scenario is read by people, and ranges and
/// variants do the same more plainly.
/// </summary>
internal sealed class YamlReader
{
    private const int DeepestNesting = 24;
    private const int MostNodes = 4_000_000;

    private const string HowToMend = "check indentation (spaces, no tabs), quotes and brackets";

    private readonly Parser _parser;
    private readonly string _file;
    private readonly ErrorList _errors;
    private readonly bool _isFile;
    private int _nodes;
    private Source _last;

    private YamlReader(string file, string text, ErrorList errors, bool isFile)
    {
        _parser = new Parser(new StringReader(text));
        _file = file;
        _errors = errors;
        _isFile = isFile;
        _last = new(file, isFile ? 1 : 0);
    }

    /// <summary>Reads the document.</summary>
    /// <returns>Null when it is not a mapping, or not YAML; the reason is in <paramref name="errors"/>.</returns>
    public static YamlMap? Read(string file, string text, ErrorList errors)
    {
        Source top = new(file, 1);
        int odd = FirstOddCharacter(text);
        if (odd >= 0)
        {
            errors.Add(new(file, 1 + text.AsSpan(0, odd).Count('\n')), "", "holds characters that are no text, so it is not a scenario; write YAML that begins with apiVersion: ioscale/v1");
            return null;
        }

        switch (ReadNode(new(file, text, errors, isFile: true), out bool empty))
        {
            case YamlMap map:
                return map;
            case null when !empty:
                return null;
            case null:
                errors.Add(top, "", "is empty; a scenario begins with apiVersion: ioscale/v1");
                return null;
            default:
                errors.Add(top, "", "is not a mapping of keys to values; a scenario begins with apiVersion: ioscale/v1");
                return null;
        }
    }

    /// <summary>Reads a value given on the command line.</summary>
    public static YamlNode? ReadValue(string option, string text, ErrorList errors) => ReadNode(new(option, text, errors, isFile: false), out _);

    private static YamlNode? ReadNode(YamlReader reader, out bool empty)
    {
        empty = false;
        try
        {
            reader.Next<StreamStart>();
            if (reader._parser.Current is StreamEnd)
            {
                empty = true;
                return null;
            }

            reader.Next<DocumentStart>();
            YamlNode root = reader.Node(0, null);
            reader.Next<DocumentEnd>();
            if (reader._parser.Current is not StreamEnd)
            {
                throw reader.Refuse("begins a second document; write one scenario in a file");
            }

            empty = root is YamlScalar { IsNull: true };
            return empty ? null : root;
        }
        catch (RefusedException)
        {
            return null;
        }
        catch (YamlException e)
        {
            reader._errors.Add(reader.At(e.Start), "", $"is not YAML here: {e.Message.TrimEnd('.')}; {HowToMend}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The library's scanner gives up this way on some broken brackets; the place is the last one it reported.
            reader._errors.Add(reader._last, "", $"is not YAML after this line; {HowToMend}");
            return null;
        }
    }

    private YamlNode Node(int depth, Source? keyPlace)
    {
        ParsingEvent current = _parser.Current!;
        Source place = Place(current);
        if (++_nodes > MostNodes)
        {
            throw Refuse($"has more than {MostNodes} values; use ranges such as vm[0..62]");
        }

        if (depth > DeepestNesting)
        {
            throw Refuse($"is nested more than {DeepestNesting} levels deep; no scenario needs that");
        }

        if (current is AnchorAlias)
        {
            throw Refuse("uses an alias (*); anchors and aliases are not supported, so write the value out, and quote a pattern that begins with *");
        }

        if (current is NodeEvent { Anchor.IsEmpty: false })
        {
            throw Refuse("defines an anchor (&); anchors and aliases are not supported, so write the value out");
        }

        if (current is NodeEvent { Tag.IsEmpty: false })
        {
            throw Refuse("uses a tag (!); tags are not supported, so write the plain value");
        }

        return current switch
        {
            Scalar scalar => ReadScalar(scalar, place, keyPlace),
            SequenceStart => ReadList(place, depth),
            _ => ReadMap(place, depth),
        };
    }

    private YamlScalar ReadScalar(Scalar scalar, Source place, Source? keyPlace)
    {
        Next<Scalar>();
        bool quoted = scalar.Style is not ScalarStyle.Plain;
        // The parser reports a missing value where the next token begins, often on a later line.
        return new(scalar.Value.Length == 0 && !quoted ? keyPlace ?? place : place, scalar.Value, quoted);
    }

    private YamlList ReadList(Source place, int depth)
    {
        Next<SequenceStart>();
        List<YamlNode> items = [];
        while (_parser.Current is not SequenceEnd)
        {
            items.Add(Node(depth + 1, null));
        }

        Next<SequenceEnd>();
        return new(place, items);
    }

    private YamlMap ReadMap(Source place, int depth)
    {
        Next<MappingStart>();
        List<YamlEntry> entries = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (_parser.Current is not MappingEnd)
        {
            Source keyPlace = Place(_parser.Current!);
            if (Node(depth + 1, null) is not YamlScalar key)
            {
                throw Refuse("uses a list or mapping as a key; keys are plain words");
            }

            YamlNode value = Node(depth + 1, keyPlace);
            if (seen.Add(key.Value))
            {
                entries.Add(new(key.Value, keyPlace, value));
            }
            else
            {
                _errors.Add(keyPlace, key.Value.Length > 64 ? "" : key.Value, "is written twice in the same mapping; keep one of them");
            }
        }

        Next<MappingEnd>();
        return new(place, entries);
    }

    private Source Place(ParsingEvent e) => _last = At(e.Start);

    /// <summary>The command line has no lines.</summary>
    private Source At(Mark mark) => new(_file, _isFile ? (int)Math.Max(1, mark.Line) : 0);

    /// <summary>Control characters other than tab and line breaks, and halves of surrogate pairs.</summary>
    private static int FirstOddCharacter(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if ((c < ' ' && c is not ('\t' or '\n' or '\r')) || char.IsSurrogate(c))
            {
                return i;
            }
        }

        return -1;
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        if (_parser.Current is null && !_parser.MoveNext())
        {
            throw new YamlException("the text ends too early");
        }

        if (_parser.Current is not T)
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "unexpected structure");
        }

        _parser.MoveNext();
    }

    private RefusedException Refuse(string why)
    {
        _errors.Add(_parser.Current is { } e ? Place(e) : _last, "", why);
        return new();
    }

    private sealed class RefusedException : Exception;
}
