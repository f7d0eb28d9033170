using System.Diagnostics;

namespace IoScale.Tests.Shared;

/// <summary>A file system in memory, mounted on a folder until disposed.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    public SmallDisk(string folder, int megabytes)
    {
        _folder = folder;
        Assert.True(Do("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "ioscale-test", folder));
    }

    /// <summary>Why none can be mounted here, or null.</summary>
    public static string? Missing { get; } = Try();

    public void Dispose() => Assert.True(Do("umount", _folder));

    private static string? Try()
    {
        string folder = Directory.CreateTempSubdirectory("ioscale-disk").FullName;
        try
        {
            if (!Environment.IsPrivilegedProcess || !Do("mount", "-t", "tmpfs", "-o", "size=1m", "ioscale-test", folder))
            {
                return "mounting a small disk is not permitted here";
            }

            Do("umount", folder);
            return null;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static bool Do(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A test that mounts a small disk; skipped with the reason where that is not permitted.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Missing;
}
