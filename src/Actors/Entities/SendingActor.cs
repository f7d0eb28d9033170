using IoScale.Actors.Assembly;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Actors.Entities;

/// <summary>State of an entity that flows start from.</summary>
public interface ISendingState
{
    /// <summary>The flows, in the order of the actor's flow list.</summary>
    FlowSource[] Sources { get; set; }
}

/// <summary>
/// An entity that flows start from, a VM or the stations on a wire: departures by the clock, TCP and request/response driven by what comes back.
/// An application that finds its send buffer full waits, and its clock with it.
/// </summary>
public abstract class SendingActor<TState> : WiredActor<TState>
    where TState : class, ISendingState
{
    private readonly int[] _flows;
    private readonly Dictionary<int, int> _places = [];

    /// <param name="flows">Indexes of the flows that start here.</param>
    protected SendingActor(Wiring wiring, int[] flows)
        : base(wiring)
    {
        _flows = flows;
        for (int i = 0; i < flows.Length; i++)
        {
            _places.Add(flows[i], i);
        }
    }

    /// <summary>Frames of a flow set out now.</summary>
    protected abstract void Emit(int flow, FlowSpec spec, int count);

    protected void StartSources()
    {
        State.Sources = new FlowSource[_flows.Length];
        for (int i = 0; i < _flows.Length; i++)
        {
            FlowSpec flow = SpecOf(i);
            State.Sources[i] = FlowSource.Of(flow, Stream(flow.Name));
            Schedule(i, State.Sources[i].Clock.First(flow));
        }
    }

    protected void MeasureSources()
    {
        foreach (FlowSource source in State.Sources)
        {
            source.MeasureStart();
        }
    }

    /// <summary>Handles a departure, an acknowledgement or a timer.</summary>
    /// <returns>False for any other message.</returns>
    protected bool HandleSource(VirtualMessage message)
    {
        switch (message)
        {
            case Depart depart:
                Depart(depart.Flow);
                return true;
            case Acknowledge acknowledge:
                Acknowledged(acknowledge);
                return true;
            case RetransmissionDue due:
                TimerOver(due.Source);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Responses have come to a client that is here.</summary>
    /// <param name="flow">The flow of the responses.</param>
    protected void Responded(int flow, long responsePs, int count, long spacingPs = 0)
    {
        int place = _places[Wiring.Flows[flow].Partner];
        State.Sources[place].Client!.Respond(responsePs, count, Now, spacingPs);
        Pump(place);
    }

    private FlowSpec SpecOf(int place) => Wiring.Flows[_flows[place]].Spec;

    private void Depart(int place)
    {
        FlowSpec flow = SpecOf(place);
        FlowSource source = State.Sources[place];
        if (source.Tcp is { } tcp)
        {
            tcp.Write(flow.Burst);
            source.Waits = true;
        }
        else if (source.Client is null)
        {
            Emit(_flows[place], flow, flow.Burst);
            Schedule(place, source.Clock.Next(flow, Now));
            return;
        }

        Pump(place);
    }

    private void Acknowledged(Acknowledge acknowledge)
    {
        int place = _places[acknowledge.Flow];
        FlowSource source = State.Sources[place];
        if (source.Tcp is { } tcp)
        {
            tcp.Acknowledge(Now, acknowledge.SentPs, acknowledge.Count);
            Pump(place);
        }
        else
        {
            source.Client!.Announce(acknowledge.SentPs, acknowledge.Count, acknowledge.ResponsePs);
        }
    }

    private void TimerOver(int place)
    {
        FlowSource source = State.Sources[place];
        if (source.TimerPs != Now)
        {
            return;
        }

        source.TimerPs = VirtualDuration.Never;
        if (source.DeadlinePs <= Now)
        {
            source.Tcp?.TimeOut(Now);
            source.Client?.TimeOut(Now);
        }

        Pump(place);
    }

    /// <summary>Sends what the transport lets out, lets the application go on where there is room again, and sees to the timer.</summary>
    private void Pump(int place)
    {
        FlowSpec flow = SpecOf(place);
        FlowSource source = State.Sources[place];
        int frames = source.Tcp is { } tcp ? tcp.Take(Now)
            : Now < flow.StopPs ? source.Client!.Take(Now) : 0;
        if (frames > 0)
        {
            Emit(_flows[place], flow, frames);
        }

        if (source.Waits && !source.Tcp!.Full)
        {
            source.Waits = false;
            Schedule(place, source.Clock.Next(flow, Now));
        }

        // A timer that is due too early looks again when it is due; only one that would be late is replaced.
        long deadline = source.DeadlinePs;
        if (deadline < source.TimerPs)
        {
            source.TimerPs = Math.Max(Now, deadline);
            After(source.TimerPs - Now, new RetransmissionDue(place));
        }
    }

    private void Schedule(int place, long atPs)
    {
        if (atPs < SpecOf(place).StopPs)
        {
            After(atPs - Now, new Depart(place));
        }
    }
}
