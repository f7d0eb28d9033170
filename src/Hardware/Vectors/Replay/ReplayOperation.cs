using System.Text;

namespace IoScale.Hardware.Vectors.Replay;

/// <summary>One operation that an allocator takes.</summary>
/// <param name="Name">First word.</param>
/// <param name="Form">Names of the arguments.</param>
/// <param name="Run">Does it and appends what it answers.</param>
internal sealed record ReplayOperation(string Name, string[] Form, Action<ReplayArguments, StringBuilder> Run)
{
    public static ReplayOperation Of(string text, Action<ReplayArguments, StringBuilder> run)
    {
        var words = text.Split(' ');
        return new ReplayOperation(words[0], words[1..], run);
    }

    public override string ToString() => string.Join(' ', [Name, .. Form]);
}
