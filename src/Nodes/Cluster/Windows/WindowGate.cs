using Akka.Actor;
using Akka.Event;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Windows;

/// <summary>
/// Where the parts of other nodes arrive: checks that they belong here and are whole, and hands them to their link. Its name holds run and epoch, so that
/// what is late from another epoch finds nobody.
/// </summary>
internal sealed class WindowGate : ReceiveActor, IWithTimers
{
    private readonly WindowChannels _channels;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public WindowGate(WindowChannels channels)
    {
        _channels = channels;
        Receive<WindowPart>(Accept);
        Receive<WindowCredit>(Accept);
        Receive<Tick>(_ => _channels.Tick(Environment.TickCount64));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static string NameOf(string run, long epoch) => $"windows-{run}-{epoch}";

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _channels.Settings.Patience / 2, _channels.Settings.Patience / 2);

    private void Accept(WindowPart part)
    {
        if (PartChecksum.Of(part) != part.Checksum)
        {
            Refuse($"part {part.Number} from slot {part.From} is damaged; waiting for it to come again");
        }
        else if (LinkOf(part.Run, part.Epoch, part.Island, part.From) is ({ } channel, { } link) && link.Accept(part))
        {
            channel.Arrived?.Invoke();
        }
    }

    private void Accept(WindowCredit credit)
    {
        if (LinkOf(credit.Run, credit.Epoch, credit.Island, credit.From) is (_, { } link))
        {
            link.Accept(credit);
        }
    }

    private (RemoteWindowChannel? Channel, WindowLink? Link) LinkOf(string run, long epoch, int island, int from)
    {
        if (run != _channels.Run || epoch != _channels.Epoch)
        {
            Refuse($"a batch of run '{run}', epoch {epoch}; this is run '{_channels.Run}', epoch {_channels.Epoch}");
            return default;
        }

        RemoteWindowChannel? channel = _channels.Of(island);
        WindowLink? link = channel?.Links.GetValueOrDefault(from);
        if (link is null)
        {
            Refuse($"a batch of island {island} from slot {from}, which has no part in it");
        }

        return (channel, link);
    }

    private void Refuse(string what) => _log.Warning("refused: {0}", what);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
