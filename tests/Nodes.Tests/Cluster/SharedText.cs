using System.Text;

namespace IoScale.Nodes.Tests.Cluster;

/// <summary>Text that one thread writes while another reads it.</summary>
internal sealed class SharedText : TextWriter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    public SharedText() => NewLine = "\n";

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_lock)
        {
            _text.Append(value);
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return _text.ToString();
        }
    }
}
