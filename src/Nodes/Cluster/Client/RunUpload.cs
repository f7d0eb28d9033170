using System.Text;
using Google.Protobuf;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Nodes.Commands;
using IoScale.Protocol.Wire;
using IoScale.Scenarios;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>What a run is submitted with, besides its scenario.</summary>
/// <param name="Nodes">At most so many; 0 for all.</param>
/// <param name="EveryWallMs">Wall time between checkpoints; 0 for the coordinator's default.</param>
/// <param name="EveryVirtualPs">Virtual time between checkpoints; 0 for none by virtual time.</param>
internal sealed record RunWishes(int Nodes = 0, long EveryWallMs = 0, long EveryVirtualPs = 0);

/// <summary>Hands a scenario to a cluster, piece by piece. The ticket makes every repetition the same run.</summary>
internal static class RunUpload
{
    /// <summary>Two pieces fit into a frame of Akka.Remote.</summary>
    public const int PieceBytes = 256 * 1024;

    /// <summary>Pieces that may be sent in vain: another coordinator begins again from nothing.</summary>
    private const int MostRepetitions = 20;

    /// <param name="ticket">Unique; the same for every try to submit the same run.</param>
    /// <returns>The name of the run.</returns>
    /// <exception cref="InputException">The cluster refuses it, or does not take it.</exception>
    public static async Task<string> Send(DeskClient desk, Scenario scenario, RunWishes wishes, string ticket, CancellationToken stop)
    {
        byte[] packed = ScenarioFetch.Pack(Encoding.UTF8.GetBytes(scenario.ResolvedYaml));
        long offset = 0;
        for (int repetitions = 0; repetitions <= MostRepetitions;)
        {
            int length = (int)Math.Min(PieceBytes, packed.Length - offset);
            Submitted answer = await desk.Ask<Submitted>(
                new SubmitRun
                {
                    Protocol = WireProtocol.Version,
                    Ticket = ticket,
                    Scenario = scenario.Name,
                    Resolved = new Piece { Offset = offset, Total = packed.Length, Content = ByteString.CopyFrom(packed, (int)offset, length) },
                    Nodes = wishes.Nodes,
                    EveryWallMs = wishes.EveryWallMs,
                    EveryVirtual = wishes.EveryVirtualPs,
                },
                stop).ConfigureAwait(false);
            if (answer.Run.Length > 0)
            {
                return answer.Run;
            }

            repetitions += answer.Received <= offset ? 1 : 0;
            offset = Math.Clamp(answer.Received, 0, packed.Length);
            if (offset == packed.Length)
            {
                // All is there and no run: it has been forgotten again.
                offset = 0;
            }
        }

        throw new InputException($"{desk.Node} does not keep what is submitted; look at the coordinator's log");
    }
}
