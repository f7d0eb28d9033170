using Akka.Actor;
using Akka.Configuration;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Store;
using IoScale.Protocol.Wire;
using Microsoft.Data.Sqlite;

namespace IoScale.Nodes.Running.Checkpoints;

/// <summary>
/// The folder <c>checkpoint</c> inside of a result folder: what an unfinished run goes on from, in SQLite files. One process has it at a time; the
/// operating system frees it when that process dies.
/// </summary>
internal sealed class CheckpointFolder : IDisposable
{
    private const string Name = "checkpoint";

    private readonly string _resultPath;
    private readonly string _path;
    private readonly FileStream _lock;
    private readonly ActorSystem _system;
    private readonly StateStore _store;
    private readonly List<VariantCheckpoints> _variants = [];
    private LocalRun? _run;
    private bool _disposed;

    private CheckpointFolder(string resultPath, FileStream held)
    {
        _resultPath = resultPath;
        _path = PathIn(resultPath);
        _lock = held;
        StoreSettings settings = StoreSettings.Sqlite(_path);
        StoreCheck.Prepare(settings);
        _system = ActorSystem.Create("ioscale-checkpoints", ConfigurationFactory.ParseString(ActorVariantRunner.Quiet).WithFallback(StoreConfiguration.Of(settings)));
        _store = StateStore.Of(_system);
    }

    /// <summary>Where results are written before they are moved into place: gone with the checkpoint, whoever died meanwhile.</summary>
    public string Scratch => Path.Combine(_path, "results");

    public CheckpointTally Tally { get; } = new();

    /// <summary>The scenario that is run, resolved.</summary>
    public string ResolvedYaml => _run!.Resolved;

    public CheckpointPlan Plan => new(
        _run!.EveryWallMs > 0 ? TimeSpan.FromMilliseconds(_run.EveryWallMs) : null,
        _run.EveryVirtual > 0 ? _run.EveryVirtual : null);

    /// <summary>A run that keeps no checkpoints must not put its results where an unfinished one would put its own later.</summary>
    /// <exception cref="InputException">An unfinished run is in the folder, or it is in use.</exception>
    public static void RefuseUnfinished(string resultPath)
    {
        if (Directory.Exists(PathIn(resultPath)))
        {
            Using(resultPath, make: false, folder =>
            {
                if (folder._store.LoadLastAsync(CheckpointKeys.Run).GetAwaiter().GetResult() is not null)
                {
                    throw Unfinished(resultPath);
                }
            }).Dispose();
        }
    }

    private static InputException Unfinished(string resultPath) =>
        new($"{resultPath}: holds the checkpoint of an unfinished run; go on with ioscale resume {resultPath}, name another --out, or remove {PathIn(resultPath)}");

    /// <summary>Makes the folder for a new run and saves what it runs.</summary>
    /// <exception cref="InputException">An unfinished run is in it, or it cannot be written to.</exception>
    public static CheckpointFolder Create(string resultPath, string resolvedYaml, CheckpointPlan plan) => Using(resultPath, make: true, folder =>
    {
        if (folder._store.LoadLastAsync(CheckpointKeys.Run).GetAwaiter().GetResult() is not null)
        {
            throw Unfinished(resultPath);
        }

        folder._run = new LocalRun
        {
            Protocol = WireProtocol.Version,
            Build = BuildFingerprint.Value,
            Resolved = resolvedYaml,
            EveryWallMs = (long)(plan.EveryWall?.TotalMilliseconds ?? 0),
            EveryVirtual = plan.EveryVirtualPs ?? 0,
        };
        folder._store.SaveAsync(CheckpointKeys.Run, 1, SealedMessage.Write(folder._run)).GetAwaiter().GetResult();
    });

    /// <summary>Opens the folder of an unfinished run.</summary>
    /// <exception cref="InputException">There is none, it is damaged, in use, or of another build.</exception>
    public static CheckpointFolder Open(string resultPath)
    {
        if (!File.Exists(StoreSettings.Sqlite(PathIn(resultPath)).StatesFile))
        {
            throw new InputException(Directory.Exists(resultPath)
                ? $"{resultPath}: holds no checkpoint; its run is complete, or was started without --checkpoint-every"
                : $"{resultPath}: no such folder; name the result folder of a run with --checkpoint-every");
        }

        return Using(resultPath, make: false, folder =>
        {
            NumberedState found = folder._store.LoadLastAsync(CheckpointKeys.Run).GetAwaiter().GetResult()
                ?? throw new InputException($"{resultPath}: holds no checkpoint; its run was stopped before it began; start it again with ioscale run");
            folder._run = SealedMessage.Read(LocalRun.Parser, found.Content);
            if (folder._run.Protocol != WireProtocol.Version || folder._run.Build != BuildFingerprint.Value)
            {
                throw new InputException(
                    $"{resultPath}: its checkpoint was written by another build of ioscale ({folder._run.Build}; this one is {BuildFingerprint.Value}); resume with that build, or run the scenario again");
            }
        });
    }

    /// <summary>The checkpoints of a variant by its place in the scenario, those committed before included.</summary>
    /// <exception cref="InputException">What was committed is damaged.</exception>
    public VariantCheckpoints Variant(int index, Action<string> warn) => Guard(_resultPath, () =>
    {
        CheckpointCommitted? last = _store.LoadLastAsync(CheckpointKeys.Commit(index)).GetAwaiter().GetResult() is { } found
            ? SealedMessage.Read(CheckpointCommitted.Parser, found.Content)
            : null;
        VariantCheckpoints variant = new(_store, index, Plan, Tally, last, warn);
        _variants.Add(variant);
        return variant;
    });

    /// <summary>Turns what is wrong with the content into a line about the folder.</summary>
    /// <exception cref="InputException">Something is.</exception>
    public void Guard(Action read) => Guard(_resultPath, () =>
    {
        read();
        return true;
    });

    /// <summary>Waits until what was copied is written.</summary>
    public void Finish() => _variants.ForEach(v => v.Finish());

    /// <summary>The run is complete and its results are written: nothing needs the checkpoint any more.</summary>
    public void Remove()
    {
        _variants.ForEach(v => v.Drop());
        Close();
        foreach (string file in Directory.GetFiles(_path, "*.sqlite*"))
        {
            File.Delete(file);
        }

        if (Directory.Exists(Scratch))
        {
            Directory.Delete(Scratch, recursive: true);
        }

        File.Delete(_lock.Name);
        _lock.Dispose();
        foreach (string folder in (string[])[_path, _resultPath])
        {
            // What is not ours stays.
            if (Directory.GetFileSystemEntries(folder).Length == 0)
            {
                Directory.Delete(folder);
            }
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            Finish();
        }

        Close();
        _lock.Dispose();
    }

    private static string PathIn(string resultPath) => Path.Combine(resultPath, Name);

    private static CheckpointFolder Using(string resultPath, bool make, Action<CheckpointFolder> begin)
    {
        FileStream held = Lock(resultPath, make);
        CheckpointFolder? folder = null;
        try
        {
            return Guard(resultPath, () =>
            {
                folder = new CheckpointFolder(resultPath, held);
                begin(folder);
                return folder;
            });
        }
        catch
        {
            folder?.Dispose();
            held.Dispose();
            throw;
        }
    }

    private static FileStream Lock(string resultPath, bool make)
    {
        string path = PathIn(resultPath);
        try
        {
            if (make)
            {
                Directory.CreateDirectory(path);
            }

            return new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be used ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')})", e);
        }
    }

    private static T Guard<T>(string resultPath, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{resultPath}: its checkpoint is damaged: {e.Message.TrimEnd('.')}", e);
        }
        catch (StoreException e)
        {
            throw new InputException($"{resultPath}: its checkpoint cannot be used: {e.Message}", e);
        }
    }

    private void Close()
    {
        if (!_disposed)
        {
            _disposed = true;
            _system.Terminate().GetAwaiter().GetResult();
            SqliteConnection.ClearAllPools();
        }
    }
}
