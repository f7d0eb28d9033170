using System.Text;

namespace IoScale.Hardware.Numbers;

/// <summary>
/// Names as files, labels and scenarios write them: ExitEoiX2Apic is exit-eoi-x2apic, MsixMaskDom0 is msix-mask-dom0, GrantCopyBytes1500 is
/// grant-copy-bytes-1500.
/// </summary>
public static class KebabCase
{
    public static string From(string pascal)
    {
        var text = new StringBuilder(pascal.Length + 8);
        for (int i = 0; i < pascal.Length; i++)
        {
            if (i > 0 && StartsWord(pascal, i))
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(pascal[i]));
        }

        return text.ToString();
    }

    /// <summary>A capital after a lower-case word, also one that ends in a digit (Dom0) but not X2; and a number of several digits.</summary>
    private static bool StartsWord(string text, int i)
    {
        bool afterWord = char.IsAsciiLetterLower(text[i - 1]);
        if (char.IsAsciiDigit(text[i]))
        {
            return afterWord && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]);
        }

        return char.IsAsciiLetterUpper(text[i])
            && (afterWord || (i > 1 && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiLetterLower(text[i - 2])));
    }
}

/// <summary>The kebab-case names of an enum's members, both ways.</summary>
public sealed class KebabNames<T>
    where T : struct, Enum
{
    private readonly T[] _values = Enum.GetValues<T>();
    private readonly string[] _names;

    public KebabNames() => _names = Array.ConvertAll(_values, v => KebabCase.From(v.ToString()));

    /// <summary>All names in the order of the enum.</summary>
    public IReadOnlyList<string> All => _names;

    /// <exception cref="ArgumentOutOfRangeException">Not a member.</exception>
    public string Of(T value)
    {
        int i = Array.IndexOf(_values, value);
        return i >= 0 ? _names[i] : throw new ArgumentOutOfRangeException(nameof(value), value, "not a member");
    }

    public bool TryParse(string name, out T value)
    {
        int i = Array.IndexOf(_names, name);
        value = i >= 0 ? _values[i] : default;
        return i >= 0;
    }
}
