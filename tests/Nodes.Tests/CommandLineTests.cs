using IoScale.Nodes.Commands;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Tests;

public class CommandLineTests
{
    [Theory]
    [InlineData("run x --threads 0", "--threads: '0' is not a whole number from 1 to 256")]
    [InlineData("run x --until 5", "--until: 5 has no unit; write for example 5ms")]
    [InlineData("run x --until soon", "--until: \"soon\" is not a number with a unit")]
    [InlineData("run x --until -1ms", "--until: is negative")]
    [InlineData("run x --seed -1", "--seed: '-1' is not a whole number from 0 to 18446744073709551615")]
    [InlineData("run x --format xml", "--format: 'xml' is not text or json")]
    [InlineData("run x --trace-entity vm*", "name the file")]
    [InlineData("run x --trace t --trace-from 2ms --trace-to 1ms", "--trace-to: is not after --trace-from")]
    [InlineData("run no-such-file", "no-such-file: no such file or folder")]
    [InlineData("check no-such-file", "no-such-file: no such file or folder")]
    [InlineData("vectors replay --allocator linx f", "--allocator: 'linx' is not an allocator; one of slide-global")]
    [InlineData("vectors replay --allocator linux no-such-file", "no-such-file: cannot be read")]
    [InlineData("vectors replay f", "--allocator")]
    [InlineData("run", "PATH")]
    [InlineData("fly", "fly")]
    [InlineData("", "command")]
    public void What_is_wrong_is_one_line_on_stderr_and_exit_code_2(string arguments, string message)
    {
        StringWriter output = new();
        StringWriter error = new();
        int code = CommandLine.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), () => new FakeRunner(), new Terminal(output, error, () => Stream.Null, errorIsTerminal: false));
        Assert.Equal(2, code);
        Assert.Empty(output.ToString());
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
        Assert.All(error.ToString().TrimEnd().Split('\n'), line => Assert.StartsWith("ioscale: ", line, StringComparison.Ordinal));
    }
}
