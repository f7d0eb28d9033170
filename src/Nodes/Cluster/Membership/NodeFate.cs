using Akka.Actor;

namespace IoScale.Nodes.Cluster.Membership;

/// <summary>The place where any part of a node says that the node cannot go on.</summary>
internal sealed class NodeFate : IExtension
{
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the reason when the node must end.</summary>
    public Task<string> Ended => _ended.Task;

    public static NodeFate Of(ActorSystem system) => system.WithExtension<NodeFate, Provider>();

    /// <summary>Ends the node with a line on stderr and exit code 6. Only the first reason counts.</summary>
    /// <param name="reason">One line, as in "was refused by the coordinator: another build".</param>
    public void End(string reason) => _ended.TrySetResult(reason);

    private sealed class Provider : ExtensionIdProvider<NodeFate>
    {
        public override NodeFate CreateExtension(ExtendedActorSystem system) => new();
    }
}
