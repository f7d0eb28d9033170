using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using IoScale.Nodes.Cluster.Coordination;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>
/// A shard lives on the node that it is named after, or nowhere: who names the shard of a partition has placed it. Nothing is ever moved; a partition
/// that has to go elsewhere is asked for in another shard.
/// </summary>
/// <param name="self">This node, whose region has no address in its reference.</param>
internal sealed class NodeShardAllocation(Address self) : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        foreach (IActorRef region in currentShardAllocations.Keys)
        {
            if (NodeRegistry.Short(region.Path.Address.HasGlobalScope ? region.Path.Address : self) == shardId)
            {
                return Task.FromResult(region);
            }
        }

        return Task.FromException<IActorRef>(new InvalidOperationException($"node {shardId} is not here (yet)"));
    }

    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);
}
