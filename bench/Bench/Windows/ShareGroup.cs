using System.Text.Json;
using Akka.Actor;
using IoScale.Bench.Phold;
using IoScale.Cluster.Harness.Processes;
using IoScale.VirtualTime;

namespace IoScale.Bench.Windows;

/// <summary>The processes of one measurement, from their start to their end.</summary>
internal static class ShareGroup
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "IoScale.Bench");

    /// <summary>Runs the model on so many processes.</summary>
    /// <returns>Slices by slot, and the result hash of the whole.</returns>
    /// <exception cref="InvalidOperationException">A process failed, or they did not go through the same windows.</exception>
    /// <exception cref="TimeoutException">They did not come to an end.</exception>
    public static async Task<(ShareSlice[][] Slices, ulong ResultHash)> Run(int processes, int entities, long slicePs, int warmUps, int runs)
    {
        string folder = Directory.CreateTempSubdirectory("ioscale-bench").FullName;
        int[] ports = FreePorts.Take(processes);
        List<GuardedProcess> group = [];
        try
        {
            for (int slot = 0; slot < processes; slot++)
            {
                string order = JsonSerializer.Serialize(new ShareOrder(entities, slot, ports, slicePs, warmUps, runs, folder));
                group.Add(new GuardedProcess([Program, ShareProcess.Command, order], folder));
            }

            await Waiting.For("the processes to get done", Bound, () => Task.FromResult(AllDone(group) ? group : null));
            ShareSlice[][] slices =
            [
                .. group.Select(process => process.Lines.TakeWhile(line => line != ShareProcess.Done).Select(line => JsonSerializer.Deserialize<ShareSlice>(line)!).ToArray()),
            ];
            if (slices.Any(own => !own.Select(s => s.Windows).SequenceEqual(slices[0].Select(s => s.Windows))))
            {
                throw new InvalidOperationException("The processes did not go through the same windows.");
            }

            return (slices, ResultHash(new ShareOrder(entities, 0, ports, slicePs, warmUps, runs, folder)));
        }
        finally
        {
            group.ForEach(process => process.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool AllDone(List<GuardedProcess> group)
    {
        GuardedProcess? ended = group.Find(process => !process.Running);
        return ended is null
            ? group.TrueForAll(process => process.Lines.Contains(ShareProcess.Done))
            : throw new InvalidOperationException($"A process has ended:\n{string.Join('\n', ended.Lines)}");
    }

    /// <summary>Of the states that the processes have left, put together.</summary>
    private static ulong ResultHash(ShareOrder order)
    {
        using ActorSystem system = BenchSystem.Create();
        Topology topology = PholdActor.Topology(new PholdModel(order.Entities, ShareOrder.Remote), ShareOrder.Partitions, ShareOrder.Seed);
        using Simulation whole = new(system, "whole", topology, new SimulationOptions { Codec = new BallCodec() });
        whole.Restore([.. Enumerable.Range(0, ShareOrder.Partitions).Select(partition => File.ReadAllBytes(order.FileOf(partition)))]);
        return whole.ResultHash();
    }
}
