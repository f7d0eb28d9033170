using System.Globalization;

namespace IoScale.Hardware.Vectors.Replay;

/// <summary>The words of one operation, read as what the operation's form says they are.</summary>
internal sealed class ReplayArguments
{
    /// <summary>pCPUs that a replay can name.</summary>
    public const int CpuLimit = 1024;

    private const int IrqLimit = 65536;

    private readonly int[] _numbers = new int[3];

    /// <summary>The operation with one space between words.</summary>
    public string Text { get; private set; } = string.Empty;

    /// <summary>Number of the input line, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The MASK, where the form has one.</summary>
    public CpuMask Mask { get; private set; }

    /// <summary>The number at a position of the form.</summary>
    public int this[int position] => _numbers[position];

    /// <summary>Reads the words after the operation's name.</summary>
    /// <exception cref="ReplayException">Too many, too few, or not what the form asks for.</exception>
    public void Read(int line, string[] words, ReplayOperation operation, int cpuLimit)
    {
        Line = line;
        Text = string.Join(' ', words);
        if (words.Length - 1 != operation.Form.Length)
        {
            throw Problem($"takes {operation.Form.Length} arguments, not {words.Length - 1}; write: {operation}");
        }

        for (var i = 0; i < operation.Form.Length; i++)
        {
            if (operation.Form[i] == "MASK")
            {
                Mask = ReadMask(words[i + 1], cpuLimit);
            }
            else
            {
                _numbers[i] = ReadNumber(words[i + 1], operation.Form[i], cpuLimit);
            }
        }
    }

    /// <summary>An error of this operation.</summary>
    public ReplayException Problem(string problem) => new(Line, $"'{Shorten(Text)}': {problem}");

    internal static string Shorten(string text) => text.Length <= 80 ? text : text[..77] + "...";

    private int ReadNumber(string word, string name, int cpuLimit)
    {
        var limit = name switch
        {
            "CPU" => cpuLimit - 1,
            "IRQ" => IrqLimit - 1,
            "BIT" or "VECTOR" => 255,
            "BITS" or "START" or "END" => 256,
            _ => 1,
        };
        if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > limit)
        {
            throw Problem($"{name} is '{Shorten(word)}'; it must be a number from 0 to {limit}");
        }

        return number;
    }

    private CpuMask ReadMask(string word, int cpuLimit)
    {
        var mask = CpuMask.None;
        if (word == "-")
        {
            return mask;
        }

        foreach (var part in word.AsSpan().Split(','))
        {
            if (!int.TryParse(word.AsSpan(part), NumberStyles.None, CultureInfo.InvariantCulture, out var cpu) || cpu >= cpuLimit)
            {
                throw Problem($"MASK is '{Shorten(word)}'; it must be a comma list of CPUs from 0 to {cpuLimit - 1}, or - when empty");
            }

            mask = mask.With(cpu);
        }

        return mask;
    }
}
