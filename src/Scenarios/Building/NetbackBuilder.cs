using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;

namespace IoScale.Scenarios.Building;

/// <summary>Netback: how many shards, and what runs them.</summary>
internal static class NetbackBuilder
{
    /// <summary>Copies of the netback module that the deck loads.</summary>
    private const int DeckShards = 10;

    /// <param name="vcpus">dom0's.</param>
    /// <param name="vifs">Of the host, at least 1.</param>
    public static NetbackSpec Build(BuildContext context, CheckedMap map, int vcpus, int vifs)
    {
        ShardAssignment assignment = HostBuilder.Choice(map, "assignment", ChoiceNames.Assignments);
        bool ownThread = assignment == ShardAssignment.PerVifThread;
        (int byDefault, bool choosable) = assignment switch
        {
            ShardAssignment.Domid => (DeckShards, true),
            ShardAssignment.LeastLoaded => (vcpus, true),
            ShardAssignment.PerVifThread => (vifs, false),
            _ => (1, false),
        };
        int shards = (int)(map.GivenNumber("shards") ?? byDefault);
        if (!choosable && shards != byDefault && map.Text("assignment") is not null)
        {
            context.Wrong(map, "shards", ownThread
                ? $"{shards} cannot be chosen: each of the host's {vifs} vifs has a thread of its own; leave it out, or write assignment: least-loaded"
                : $"{shards} are more than assignment single has, where one shard serves all; leave it out, or write assignment: domid or least-loaded");
        }

        NetbackExecution execution = map.Text("execution") is { } word && map.Has("execution") ? ChoiceNames.Executions.Choice(word)
            : ownThread ? NetbackExecution.Kthread
            : NetbackExecution.Tasklet;
        if (ownThread && execution == NetbackExecution.Tasklet)
        {
            context.Wrong(map, "execution", "tasklet cannot be: assignment per-vif-thread gives each vif a kernel thread; write kthread, or assignment: least-loaded");
        }
        else if (!ownThread && execution == NetbackExecution.Kthread && shards > vcpus)
        {
            context.Wrong(map, map.Has("shards") ? "shards" : "execution", $"{shards} shards are more than dom0's {vcpus} vCPUs, and a kernel thread is bound to a vCPU of its own; write shards: {vcpus}, execution: tasklet, or dom0: {{vcpus: {shards}}}");
        }

        return new(assignment, shards, execution);
    }
}
