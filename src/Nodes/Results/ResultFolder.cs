using IoScale.Nodes.Commands;

namespace IoScale.Nodes.Results;

/// <summary>
/// Where a scenario's results go. Files are written to a temporary folder beside the target and moved into place together at the end, so that
/// a run that fails or is killed leaves an earlier result as it was. Other files in the target stay.
/// </summary>
internal sealed class ResultFolder : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _temporary;
    private bool _closed;

    private ResultFolder(string path, string temporary)
    {
        Path = path;
        _temporary = temporary;
    }

    /// <summary>The target folder as the user named it.</summary>
    public string Path { get; }

    /// <summary>Checks that the place can be written to, before anything is computed.</summary>
    /// <param name="scratch">The temporary folder, on the same file system and of no one else; null for one beside the target.</param>
    /// <exception cref="InputException">The place is a file, or cannot be written to.</exception>
    public static ResultFolder Prepare(string path, string? scratch = null)
    {
        if (File.Exists(path))
        {
            throw new InputException($"--out {path}: is a file; name a folder, new or existing");
        }

        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        string parent = System.IO.Path.GetDirectoryName(full) ?? throw new InputException($"--out {path}: is the root folder; name a folder in it");
        string temporary = scratch ?? System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(full)}.partial-{Environment.ProcessId}");
        try
        {
            // A scratch folder may hold what a process left that died.
            TryDelete(temporary);
            Directory.CreateDirectory(temporary);
            if (Directory.Exists(full))
            {
                // Renaming into a folder needs write permission in it; better known now than after the run.
                string probe = System.IO.Path.Combine(full, System.IO.Path.GetFileName(temporary));
                File.WriteAllBytes(probe, []);
                File.Delete(probe);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw new InputException($"--out {path}: cannot be written to ({Reason(e)}); name a folder that can", e);
        }

        return new ResultFolder(path, temporary);
    }

    /// <summary>Writes one file into the temporary folder.</summary>
    /// <exception cref="InputException">The disk is full or gone.</exception>
    public void Write(ResultFile file)
    {
        try
        {
            File.WriteAllBytes(System.IO.Path.Combine(_temporary, file.Name), file.Content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{Path}: {file.Name} could not be written ({Reason(e)}); earlier results are untouched", e);
        }
    }

    /// <summary>Moves what was written into place.</summary>
    /// <exception cref="InputException">The target became unwritable meanwhile.</exception>
    public void Commit()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            try
            {
                if (Directory.Exists(Path))
                {
                    foreach (string file in Directory.GetFiles(_temporary).Order(StringComparer.Ordinal))
                    {
                        File.Move(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)), overwrite: true);
                    }

                    Directory.Delete(_temporary);
                }
                else
                {
                    Directory.Move(_temporary, Path);
                }

                _closed = true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"{Path}: results could not be moved into place ({Reason(e)})", e);
            }
        }
    }

    /// <summary>Drops what was not committed. Safe from any thread: a commit that has begun is finished first.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_closed)
            {
                TryDelete(_temporary);
                _closed = true;
            }
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A temporary folder that cannot be removed is not worth a second error.
        }
    }

    private static string Reason(Exception e) => e.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
