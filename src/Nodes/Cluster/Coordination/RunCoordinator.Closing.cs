using Akka.Actor;
using Akka.Event;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Nodes.Running;
using IoScale.Nodes.Store;
using IoScale.Protocol.Wire;
using IoScale.Scenarios;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>The end of a run: from the last states of all variants to its result, and the result for who fetches it.</summary>
internal sealed partial class RunCoordinator
{
    private static readonly TimeSpan ClosingRetry = TimeSpan.FromSeconds(2);

    private string _closing = "";
    private string _closingTrouble = "";
    private (string Run, StoredResult Result)? _fetched;

    private void CommandClosing()
    {
        Command<Closed>(OnClosed);
        Command<NotClosed>(OnNotClosed);
        Command<CloseAgain>(_ =>
        {
            _closing = "";
            Drive();
        });
        Command<ResultHere>(OnResult);
    }

    private void Close(RunRecord run)
    {
        _closing = run.Run;
        _closingTrouble = "";
        long wallMs = UnixMs - run.Submitted.AtUnixMs;
        Scenario? scenario = _model?.Run == run.Run ? _model.Scenario : null;
        RunClosing.Close(Context.System, _store, run, scenario, _threads, wallMs).ContinueWith<object>(
            close => close.IsCompletedSuccessfully ? new Closed(close.Result) : new NotClosed(run.Run, close.Exception!.GetBaseException()),
            TaskScheduler.Default).PipeTo(Self);
    }

    private void OnClosed(Closed closed)
    {
        _closing = "";
        if (_book.Find(closed.Finished.Run) is { IsOver: false })
        {
            Record(closed.Finished, finished =>
            {
                _log.Info("run {0} finished: {1}, result hash {2}", finished.Run, finished.Verdict, finished.ResultHash);
                Tidy(finished.Run);
            });
        }
    }

    private void OnNotClosed(NotClosed failed)
    {
        if (failed.Cause is not StoreException)
        {
            // It would go wrong in the same way again, and the runs behind it would wait for ever.
            _closing = "";
            Fail(failed.Run, failed.Cause.Message);
            return;
        }

        _closingTrouble = failed.Cause.Message;
        _log.Warning("run {0}: the result can not be made yet: {1}", failed.Run, failed.Cause.Message);
        Timers.StartSingleTimer(nameof(CloseAgain), CloseAgain.Instance, ClosingRetry);
    }

    /// <summary>Drops the states of a run that is over, in the background, and goes on to the next.</summary>
    private void Tidy(string run)
    {
        if (_book.Find(run) is { } record && record.Epoch is not null)
        {
            _ = RunClosing.DropStates(_store, record, _log);
        }

        _lost = "";
        _failures = 0;
        _model = _model?.Run == run ? null : _model;
        Drive();
    }

    private void OnFetchList(FetchList ask) => WithResult(ask.Run, ask.Protocol, null, 0);

    private void OnFetchResult(FetchPiece ask) => WithResult(ask.Run, ask.Protocol, ask.File, ask.Offset);

    /// <param name="file">Null for the list of files.</param>
    private void WithResult(string name, int protocol, string? file, long offset)
    {
        RunRecord? run = _book.Find(name);
        if (protocol != WireProtocol.Version || run is null)
        {
            Answer(protocol, () => Unknown(name));
        }
        else if (run.Finished is null)
        {
            Sender.Tell(Refuse(run.Failed is { } failed ? $"run {name} failed: {failed.Reason}" : run.IsCancelled ? $"run {name} was cancelled; it has no result" : $"run {name} is not over yet"));
        }
        else if (_fetched is { } fetched && fetched.Run == name)
        {
            Sender.Tell(FromResult(run, fetched.Result, file, offset));
        }
        else
        {
            IActorRef client = Sender;
            _store.LoadAsync(PartitionKeys.ResultOf(name), 1).ContinueWith(
                load => load.IsCompletedSuccessfully
                    ? new ResultHere(name, load.Result, "", client, file, offset)
                    : new ResultHere(name, null, load.Exception!.GetBaseException().Message, client, file, offset),
                TaskScheduler.Default).PipeTo(Self);
        }
    }

    private void OnResult(ResultHere here)
    {
        if (here.Content is null)
        {
            here.Client.Tell(new Refusal { Reason = here.Trouble.Length > 0 ? here.Trouble : $"the result of run {here.Run} is not in the database any more", TryAgain = here.Trouble.Length > 0 });
            return;
        }

        try
        {
            StoredResult result = SealedMessage.Read(StoredResult.Parser, here.Content);
            _fetched = (here.Run, result);
            here.Client.Tell(FromResult(_book.Find(here.Run)!, result, here.File, here.Offset));
        }
        catch (InvalidDataException e)
        {
            here.Client.Tell(Refuse($"the result of run {here.Run} is damaged: {e.Message}"));
        }
    }

    private static Google.Protobuf.IMessage FromResult(RunRecord run, StoredResult result, string? file, long offset)
    {
        if (file is null)
        {
            FileList list = new() { ExitCode = run.Finished!.ExitCode };
            list.Files.AddRange(result.Files.Select(f => f.Name));
            return list;
        }

        return result.Files.FirstOrDefault(f => f.Name == file) is { } stored
            ? Cut(stored.Content.Memory, offset)
            : Refuse($"run {run.Run} has no file {file}; it has {string.Join(", ", result.Files.Select(f => f.Name))}");
    }

    private sealed record Closed(RunFinished Finished);

    private sealed record NotClosed(string Run, Exception Cause);

    private sealed record ResultHere(string Run, byte[]? Content, string Trouble, IActorRef Client, string? File, long Offset);

    private sealed class CloseAgain
    {
        public static readonly CloseAgain Instance = new();
    }
}
