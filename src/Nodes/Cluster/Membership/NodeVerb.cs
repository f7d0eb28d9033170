using Akka.Actor;
using Akka.Cluster;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Running;
using IoScale.Nodes.Store;

namespace IoScale.Nodes.Cluster.Membership;

/// <summary>The life of a node: start, join, run until it is asked to leave or cannot go on.</summary>
internal sealed class NodeVerb(Terminal terminal, Action<ActorSystem, NodeSettings> startActors)
{
    /// <summary>How long leaving in good order may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public NodeVerb(Terminal terminal)
        : this(terminal, NodeActors.Start)
    {
    }

    /// <returns>Exit code.</returns>
    /// <exception cref="SettingsException">Address or certificate cannot be used.</exception>
    /// <exception cref="InputException">The database cannot be used.</exception>
    public int Run(NodeSettings settings, CancellationToken stop)
    {
        StoreCheck.Prepare(settings.Store);
        ActorSystem system = NodeStart.System(settings);
        if (!settings.Tls.Enabled && !NodeStart.IsLoopback(settings.Host))
        {
            terminal.Error($"warning: {settings.Host} is open to the network without encryption: whoever reaches the port can use this node (ioscale.tls)");
        }

        return Live(system, settings, stop).GetAwaiter().GetResult();
    }

    private async Task<int> Live(ActorSystem system, NodeSettings settings, CancellationToken stop)
    {
        Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(system);
        string name = $"node {cluster.SelfAddress.Host}:{cluster.SelfAddress.Port}";
        NodeFate fate = NodeFate.Of(system);
        TaskCompletionSource up = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef members = system.ActorOf(Props.Create(() => new MemberWatch(settings, Print, up)), "members");
        startActors(system, settings);
        Join(cluster, settings, name);

        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stop.Register(() => asked.TrySetResult());
        using CancellationTokenSource waiting = new();
        Task late = Task.WhenAll(Late(up.Task, settings, fate, waiting.Token), FirstSeed.TakePlace(cluster, settings, up.Task, waiting.Token));
        await Task.WhenAny(fate.Ended, asked.Task, system.WhenTerminated);
        await waiting.CancelAsync();
        await late;

        bool askedToLeave = asked.Task.IsCompleted;
        bool ended = !askedToLeave && fate.Ended.IsCompleted;
        if (ended)
        {
            terminal.Error($"{name} {await fate.Ended}");
        }

        // Who leaves sees all others go.
        system.Stop(members);
        bool inTime = await Leave(system, askedToLeave);
        if (!ended && !askedToLeave && WhyStopped(system) is { } reason)
        {
            terminal.Error($"{name} {reason}");
            ended = true;
        }

        if (ended)
        {
            return ExitCode.NodeEnded;
        }

        Print($"{name} has left");
        return inTime ? ExitCode.Ok : ExitCode.Interrupted;
    }

    private void Join(Akka.Cluster.Cluster cluster, NodeSettings settings, string name)
    {
        if (settings.Seeds.Count == 0)
        {
            cluster.Join(cluster.SelfAddress);
            return;
        }

        if (settings.Quorum > 1)
        {
            Print($"{name} joins; {settings.Quorum} of {string.Join(", ", settings.Seeds)} make a cluster");
        }

        cluster.JoinSeedNodes(settings.SeedAddresses);
    }

    private static async Task Late(Task up, NodeSettings settings, NodeFate fate, CancellationToken cancel)
    {
        try
        {
            await up.WaitAsync(settings.JoinTimeout, cancel);
        }
        catch (TimeoutException)
        {
            fate.End($"found no cluster within {settings.JoinTimeout.TotalSeconds:0}s: {settings.Quorum} of {string.Join(", ", settings.Seeds)} must be there and agree");
        }
        catch (OperationCanceledException)
        {
            // Something else came first.
        }
    }

    private static async Task<bool> Leave(ActorSystem system, bool asked)
    {
        Task leaving = CoordinatedShutdown.Get(system).Run(asked ? CoordinatedShutdown.ClrExitReason.Instance : CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        try
        {
            await leaving.WaitAsync(Patience);
            await system.WhenTerminated.WaitAsync(Patience);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Why the actor system has ended, or null when the node was asked to leave.</summary>
    private static string? WhyStopped(ActorSystem system) => CoordinatedShutdown.Get(system).ShutdownReason switch
    {
        CoordinatedShutdown.ClusterDowningReason => MemberWatch.CutOff,
        CoordinatedShutdown.ClrExitReason or CoordinatedShutdown.ClusterLeavingReason => null,
        _ => "has stopped by itself",
    };

    private void Print(string line)
    {
        lock (terminal.Out)
        {
            terminal.Out.WriteLine(line);
            terminal.Out.Flush();
        }
    }
}
