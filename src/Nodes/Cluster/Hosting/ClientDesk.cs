using Akka.Actor;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>
/// Where clients ask, at <c>/user/desk</c> of every node: passes the question to the coordinator, wherever that is, and gives its answer back over the
/// connection that the client has made; the coordinator's node need not reach the client.
/// </summary>
internal sealed class ClientDesk : ReceiveActor
{
    public const string Name = "desk";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public ClientDesk(IActorRef coordinator)
    {
        Receive<SubmitRun>(Pass);
        Receive<AskStatus>(Pass);
        Receive<FetchPiece>(Pass);
        Receive<FetchList>(Pass);
        Receive<CancelRun>(Pass);

        void Pass(IWireMessage question) => coordinator.Ask<IWireMessage>(question, Patience).PipeTo(
            Sender, Self, failure: _ => new Refusal { Reason = "no coordinator answers at the moment", TryAgain = true });
    }
}
