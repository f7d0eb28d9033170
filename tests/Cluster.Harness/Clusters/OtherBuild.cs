using IoScale.Cluster.Harness.Clients;
using IoScale.VirtualTime;

namespace IoScale.Cluster.Harness.Clusters;

/// <summary>The program as another build would be: it does the same, but an assembly of the model has another identity.</summary>
public static class OtherBuild
{
    /// <param name="folder">A new one, to put it in.</param>
    /// <returns>The program.</returns>
    public static string MakeIn(string folder)
    {
        string from = AppContext.BaseDirectory;
        Directory.CreateDirectory(folder);
        string program = Path.GetFileName(ClientProgram.Path);
        string changed = Path.GetFileName(typeof(Simulation).Assembly.Location);
        foreach (string entry in Directory.GetFileSystemEntries(from))
        {
            string name = Path.GetFileName(entry);
            if (name == changed)
            {
                File.WriteAllBytes(Path.Combine(folder, name), Change(File.ReadAllBytes(entry)));
            }
            else if (name.StartsWith(program, StringComparison.Ordinal))
            {
                // The program looks for the others beside itself, links followed.
                File.Copy(entry, Path.Combine(folder, name));
            }
            else
            {
                File.CreateSymbolicLink(Path.Combine(folder, name), entry);
            }
        }

        return Path.Combine(folder, program);
    }

    private static byte[] Change(byte[] assembly)
    {
        byte[] identity = typeof(Simulation).Module.ModuleVersionId.ToByteArray();
        int at = assembly.AsSpan().IndexOf(identity);
        assembly[at] ^= 1;
        return assembly;
    }
}
