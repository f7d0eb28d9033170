using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Google.Protobuf;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Nodes.Results;
using IoScale.Protocol.Wire;
using IoScale.Scenarios;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>What clients ask.</summary>
internal sealed partial class RunCoordinator
{
    private const int PieceBytes = 256 * 1024;

    /// <summary>Runs that a status without a name tells of, beside those that are not over: an answer must fit into one message.</summary>
    private const int MostRuns = 50;

    private readonly Uploads _uploads = new();
    private readonly EventRate _rate = new();
    private long _committedMs;

    private void CommandClients()
    {
        Command<SubmitRun>(OnSubmit);
        Command<Submission>(OnSubmission);
        Command<AskStatus>(ask => Answer(ask.Protocol, () => Status(ask.Run)));
        Command<CancelRun>(OnCancel);
        Command<FetchPiece>(ask => ask.File == ScenarioFetch.File, OnFetchScenario);
        Command<FetchPiece>(OnFetchResult);
        Command<FetchList>(OnFetchList);
    }

    private void Answer(int protocol, Func<IMessage> answer) => Sender.Tell(protocol == WireProtocol.Version
        ? answer()
        : Refuse($"the node speaks protocol {WireProtocol.Version}, this client {protocol}; use the same version of ioscale"));

    private static Refusal Refuse(string reason) => new() { Reason = reason };

    private void OnSubmit(SubmitRun submit)
    {
        if (submit.Protocol != WireProtocol.Version)
        {
            Answer(submit.Protocol, () => submit);
        }
        else if (_book.WithTicket(submit.Ticket) is { } known)
        {
            Sender.Tell(new Submitted { Run = known.Run, Received = known.Submitted.Resolved.Length });
        }
        else if (submit.Resolved is not { Total: > 0 and <= Uploads.LargestBytes, Offset: >= 0 } || submit.Ticket.Length == 0)
        {
            Sender.Tell(Refuse("the submission is damaged; submit again"));
        }
        else if (_uploads.Add(submit, out long received) is not { } packed)
        {
            Sender.Tell(new Submitted { Received = received });
        }
        else
        {
            (IActorRef client, IActorRef self) = (Sender, Self);
            Task.Run(() => ScenarioFetch.Parse(packed, ScenarioFetch.HashOf(packed))).ContinueWith(
                parse => parse.IsCompletedSuccessfully
                    ? new Submission(submit, packed, parse.Result, "", client)
                    : new Submission(submit, packed, null, parse.Exception!.GetBaseException().Message, client),
                TaskScheduler.Default).PipeTo(self);
        }
    }

    private void OnSubmission(Submission submission)
    {
        if (_book.WithTicket(submission.Submit.Ticket) is { } known)
        {
            submission.Client.Tell(new Submitted { Run = known.Run, Received = submission.Packed.Length });
            return;
        }

        if (submission.Scenario is not { } scenario)
        {
            submission.Client.Tell(Refuse($"the scenario is refused: {submission.Trouble.ReplaceLineEndings(" ")}"));
            return;
        }

        RunSubmitted submitted = new()
        {
            Run = _book.NextName(scenario.Name),
            Ticket = submission.Submit.Ticket,
            Scenario = scenario.Name,
            Resolved = ByteString.CopyFrom(submission.Packed),
            Nodes = submission.Submit.Nodes,
            EveryWallMs = submission.Submit.EveryWallMs,
            EveryVirtual = submission.Submit.EveryVirtual,
            AtUnixMs = UnixMs,
        };
        submitted.Variants.AddRange(scenario.Variants.Select(variant => variant.Name));
        Record(submitted, written =>
        {
            _log.Info("run {0} submitted: {1} variants", written.Run, written.Variants.Count);
            submission.Client.Tell(new Submitted { Run = written.Run, Received = written.Resolved.Length });
            Drive();
        });
    }

    private void OnCancel(CancelRun cancel)
    {
        RunRecord? run = _book.Find(cancel.Run);
        if (cancel.Protocol != WireProtocol.Version || run is null)
        {
            Answer(cancel.Protocol, () => Unknown(cancel.Run));
        }
        else if (run.IsCancelled)
        {
            Sender.Tell(new Cancelled { Run = run.Run });
        }
        else if (run.IsOver)
        {
            Sender.Tell(Refuse($"run {run.Run} is over already; there is nothing to cancel"));
        }
        else
        {
            if (_book.Active == run)
            {
                EndEpoch();
            }

            Record(new RunCancelled { Run = run.Run }, _ =>
            {
                Sender.Tell(new Cancelled { Run = run.Run });
                Tidy(run.Run);
            });
        }
    }

    private void OnFetchScenario(FetchPiece ask)
    {
        RunRecord? run = _book.Find(ask.Run);
        Answer(ask.Protocol, () => run is null ? Unknown(ask.Run) : Cut(run.Submitted.Resolved.Memory, ask.Offset));
    }

    private static IMessage Cut(ReadOnlyMemory<byte> content, long offset)
    {
        if (offset < 0 || offset > content.Length)
        {
            return Refuse($"there is nothing at {offset}; the file has {content.Length} bytes");
        }

        ReadOnlyMemory<byte> piece = content[(int)offset..];
        return new Piece { Offset = offset, Total = content.Length, Content = ByteString.CopyFrom(piece.Span[..Math.Min(piece.Length, PieceBytes)]) };
    }

    private Refusal Unknown(string run) => Refuse(_book.Runs.Count == 0
        ? $"there is no run {run}; nothing has been submitted"
        : $"there is no run {run}; there are {string.Join(", ", _book.Runs.Select(r => r.Run).TakeLast(10))}");

    private IMessage Status(string only)
    {
        if (only.Length > 0 && _book.Find(only) is null)
        {
            return Unknown(only);
        }

        StatusReply reply = new() { Coordinator = _settings.Address };
        RunRecord? oldest = _book.Runs.Count > MostRuns ? _book.Runs[^MostRuns] : null;
        bool recent = oldest is null;
        foreach (RunRecord run in _book.Runs)
        {
            recent |= run == oldest;
            if (only.Length > 0 ? run.Run == only : recent || !run.IsOver)
            {
                reply.Runs.Add(StatusOf(run));
            }
        }

        foreach (Member member in _cluster.State.Members.OrderBy(m => m.Address.ToString(), StringComparer.Ordinal))
        {
            KnownNode? node = _nodes.Nodes.FirstOrDefault(n => n.Address == member.Address);
            int slot = _epochNodes.ToList().IndexOf(member.Address);
            reply.Nodes.Add(new NodeStatus
            {
                Address = NodeRegistry.Short(member.Address),
                Roles = string.Join(", ", member.Roles.Where(role => role is NodeRoles.Coordinator or NodeRoles.Worker).Order(StringComparer.Ordinal)),
                State = _cluster.State.Unreachable.Contains(member) ? "unreachable" : member.Status.ToString().ToLowerInvariant(),
                Threads = node?.Hello.Threads ?? 0,
                Run = slot >= 0 ? _starting?.Run ?? "" : "",
                Partitions = slot >= 0 ? _starting!.SlotOfPartition.Count(s => s == slot) : 0,
            });
        }

        return reply;
    }

    private RunStatus StatusOf(RunRecord run)
    {
        bool active = _book.Active == run;
        bool ours = active && _model?.Run == run.Run;
        int variant = Math.Min(run.Variant, run.Submitted.Variants.Count - 1);
        CommittedCheckpoint? checkpoint = run.CheckpointOf(variant);
        RunStatus status = new()
        {
            Run = run.Run,
            Scenario = run.Submitted.Scenario,
            Variant = variant,
            Epoch = run.Epoch?.Epoch ?? 0,
            CheckpointTime = checkpoint?.TimePs ?? -1,
            CheckpointAgeMs = checkpoint is null || _committedMs == 0 ? -1 : NowMs - _committedMs,
            Checkpoints = run.Checkpoints,
            Recoveries = run.Recoveries,
            ResultHash = run.Finished?.ResultHash ?? "",
            Verdict = run.Finished?.Verdict ?? "",
            WallMs = run.Finished?.WallMs ?? UnixMs - run.Submitted.AtUnixMs,
            Duration = ours ? _model!.Spec.System.DurationPs : 0,
            Time = active ? _epoch?.ReachedPs ?? checkpoint?.TimePs ?? 0 : 0,
            Events = active && _epoch is not null ? _rate.Events : checkpoint?.Events ?? 0,
            EventsPerSecond = active && IsRunning ? _rate.PerSecond : 0,
            Nodes = active ? _agents.Count : run.Epoch?.Nodes.Count ?? 0,
        };
        status.Variants.AddRange(run.Submitted.Variants);
        status.Incidents.AddRange(run.Incidents);
        (status.State, status.Reason) = StateOf(run, active);
        return status;
    }

    private (RunState State, string Reason) StateOf(RunRecord run, bool active) => run switch
    {
        { Finished: not null } => (RunState.Finished, ""),
        { Failed: { } failed } => (RunState.Failed, failed.Reason),
        { IsCancelled: true } => (RunState.Cancelled, ""),
        _ when !active => (RunState.Queued, $"after {_book.Active?.Run}"),
        _ when _closing == run.Run => (RunState.Finishing, _closingTrouble),
        _ when IsRunning => (RunState.Running, _epoch!.Delay.Length > 0 ? $"a checkpoint waits: {_epoch.Delay}" : ""),
        _ when _starting is not null => (RunState.Preparing, _waitingFor),
        _ => (RunState.Waiting, _waitingFor.Length > 0 ? _waitingFor : _lost),
    };

    private sealed record Submission(SubmitRun Submit, byte[] Packed, Scenario? Scenario, string Trouble, IActorRef Client);
}
