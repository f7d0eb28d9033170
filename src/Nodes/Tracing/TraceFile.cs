using IoScale.Nodes.Commands;

namespace IoScale.Nodes.Tracing;

/// <summary>
/// The file of <c>run --trace</c>. Variants run side by side, so each streams to a part of its own beside the file; at the end the parts are
/// joined in the variants' order and moved into place.
/// </summary>
internal sealed class TraceFile(string path, TraceFilter filter) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(string Path, EventTrace Trace)> _parts = [];
    private bool _closed;

    /// <summary>Opens the part of the next variant.</summary>
    /// <exception cref="InputException">The place cannot be written to.</exception>
    public EventTrace Open(string variant)
    {
        string part = $"{path}.{_parts.Count}.partial-{Environment.ProcessId}";
        try
        {
            if (Directory.Exists(path))
            {
                throw new InputException($"--trace {path}: is a folder; name a file");
            }

            if (File.Exists(path) && Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
            {
                throw new InputException($"--trace {path}: is a device; name a file");
            }

            EventTrace trace = new(variant, filter, part);
            lock (_lock)
            {
                _parts.Add((part, trace));
            }

            return trace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--trace {path}: cannot be written to ({e.Message.TrimEnd('.')}); name a file in a folder that can", e);
        }
    }

    /// <summary>Joins the parts and moves the trace into place. A run that failed keeps its trace up to the failure: that is what it is for.</summary>
    public void Commit()
    {
        lock (_lock)
        {
            if (_closed || _parts.Count == 0)
            {
                return;
            }

            _closed = true;
            Close();
            using (FileStream whole = new(_parts[0].Path, FileMode.Append, FileAccess.Write))
            {
                foreach ((string part, _) in _parts.Skip(1))
                {
                    using FileStream more = File.OpenRead(part);
                    more.CopyTo(whole);
                }
            }

            File.Move(_parts[0].Path, path, overwrite: true);
            Drop();
        }
    }

    /// <summary>Drops what was not committed. Safe from any thread.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _closed = true;
                Drop();
            }
        }
    }

    private void Close()
    {
        foreach ((_, EventTrace trace) in _parts)
        {
            trace.Dispose();
        }
    }

    private void Drop()
    {
        foreach ((string part, _) in _parts)
        {
            File.Delete(part);
        }
    }
}
