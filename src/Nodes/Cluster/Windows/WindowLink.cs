using System.Buffers;
using Google.Protobuf;
using IoScale.Protocol.Wire;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Windows;

/// <summary>
/// Batches between this node and one peer, both ways: cut into parts, numbered, sent again until the peer says it has them, put together again in
/// order. So a lost connection, a doubled message or a damaged one changes nothing but time. From any thread.
/// </summary>
internal sealed class WindowLink(WindowRoute route, WindowSettings settings, Action<IMessage> send)
{
    private readonly Lock _lock = new();
    private readonly Queue<Content> _waiting = new();
    private readonly Queue<Content> _underWay = new();
    private readonly Queue<(WindowTimes Times, ReadOnlyMemory<byte> Events)> _batches = new();
    private ArrayBufferWriter<byte>? _incomplete;
    private int _ready;
    private long _numbered;
    private long _received;
    private long _reported;
    private long _quietSince = -1;

    /// <summary>Bytes of events and headers handed to the transport, those sent again included.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Parts sent again.</summary>
    public long Resent { get; private set; }

    /// <summary>A complete batch waits.</summary>
    public bool HasBatch => Volatile.Read(ref _ready) > 0;

    /// <summary>Cuts the batch into parts and sends as many as the credit allows; the others follow as the peer answers.</summary>
    public void Send(WindowTimes times, ReadOnlySpan<byte> events)
    {
        lock (_lock)
        {
            do
            {
                int length = Math.Min(events.Length, settings.PartBytes);
                _waiting.Enqueue(new Content(++_numbered, length == events.Length, times, ByteString.CopyFrom(events[..length])));
                events = events[length..];
            }
            while (events.Length > 0);

            SendWaiting();
        }
    }

    public WindowTimes Take(out ReadOnlyMemory<byte> events)
    {
        lock (_lock)
        {
            (WindowTimes times, events) = _batches.Dequeue();
            _ready--;
            return times;
        }
    }

    /// <summary>A part has arrived. True when it completes a batch.</summary>
    public bool Accept(WindowPart part)
    {
        lock (_lock)
        {
            Confirm(part.Received);
            if (part.Number != _received + 1)
            {
                // Seen before: the peer does not know yet. Or one before it was lost: the peer will send both again.
                Report();
                return false;
            }

            _received++;
            bool complete = Append(part);
            if (_received - _reported > settings.Credit / 2)
            {
                Report();
            }

            return complete;
        }
    }

    public void Accept(WindowCredit credit)
    {
        lock (_lock)
        {
            Confirm(credit.Received);
        }
    }

    /// <summary>Sends again what has been under way for too long, and says what has arrived where no part carried the word.</summary>
    /// <param name="nowMs">A clock that only goes forward, in milliseconds.</param>
    public void Tick(long nowMs)
    {
        lock (_lock)
        {
            if (_reported < _received)
            {
                Report();
            }

            if (_underWay.Count == 0)
            {
                _quietSince = -1;
            }
            else if (_quietSince < 0)
            {
                _quietSince = nowMs;
            }
            else if (nowMs - _quietSince >= settings.Patience.TotalMilliseconds)
            {
                _quietSince = nowMs;
                foreach (Content content in _underWay)
                {
                    Resent++;
                    SendPart(content);
                }
            }
        }
    }

    private bool Append(WindowPart part)
    {
        if (!part.Last || _incomplete is not null)
        {
            _incomplete ??= new ArrayBufferWriter<byte>(2 * settings.PartBytes);
            _incomplete.Write(part.Events.Span);
        }

        if (!part.Last)
        {
            return false;
        }

        _batches.Enqueue((new WindowTimes(part.Next, part.Bound), _incomplete?.WrittenMemory ?? part.Events.Memory));
        _incomplete = null;
        _ready++;
        return true;
    }

    private void Confirm(long received)
    {
        while (_underWay.TryPeek(out Content? first) && first.Number <= received)
        {
            _underWay.Dequeue();
            _quietSince = -1;
        }

        SendWaiting();
    }

    private void SendWaiting()
    {
        while (_underWay.Count < settings.Credit && _waiting.TryDequeue(out Content? content))
        {
            _underWay.Enqueue(content);
            SendPart(content);
        }
    }

    private void SendPart(Content content)
    {
        WindowPart part = new()
        {
            Run = route.Run,
            Epoch = route.Epoch,
            Island = route.Island,
            From = route.Self,
            Number = content.Number,
            Received = _received,
            Last = content.Last,
            Next = content.Times.Next,
            Bound = content.Times.Bound,
            Events = content.Events,
        };
        part.Checksum = PartChecksum.Of(part);
        _reported = _received;
        BytesSent += part.CalculateSize();
        send(part);
    }

    private void Report()
    {
        _reported = _received;
        send(new WindowCredit { Run = route.Run, Epoch = route.Epoch, Island = route.Island, From = route.Self, Received = _received });
    }

    private sealed record Content(long Number, bool Last, WindowTimes Times, ByteString Events);
}
