using CsCheck;
using Google.Protobuf;
using IoScale.Nodes.Cluster.Windows;
using IoScale.Protocol.Wire;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Tests.Cluster;

public class WindowLinkTests
{
    private static readonly WindowSettings Small = new(PartBytes: 10, Credit: 4, ResendAfter: TimeSpan.FromMilliseconds(100));

    [Fact]
    public void Whatever_the_network_loses_doubles_or_swaps_the_batches_arrive_once_and_in_order() =>
        Gen.Select(Gen.Int[0, 60].Array[1, 12], Gen.Int[0, 9].Array[1, 200]).Sample((sizes, mishaps) =>
        {
            Network network = new(mishaps);
            List<byte[]> received = [];
            for (int i = 0; i < sizes.Length; i++)
            {
                byte[] batch = [.. Enumerable.Range(0, sizes[i]).Select(b => (byte)(b + i))];
                network.Left.Send(new WindowTimes(i, 1_000 + i), batch);
                network.Right.Send(new WindowTimes(-i, 0), [(byte)i]);
                network.RunUntil(() => network.Right.HasBatch && network.Left.HasBatch);
                Assert.Equal(new WindowTimes(i, 1_000 + i), network.Right.Take(out ReadOnlyMemory<byte> events));
                Assert.Equal(batch, events.ToArray());
                Assert.Equal(new WindowTimes(-i, 0), network.Left.Take(out events));
                Assert.Equal([(byte)i], events.ToArray());
            }

            Assert.False(network.Right.HasBatch || network.Left.HasBatch);
            Assert.True(network.MostUnderWay <= Small.Credit, $"{network.MostUnderWay} parts were under way");
        });

    [Fact]
    public void Nothing_is_sent_again_while_the_peer_answers_and_all_of_it_falls_silent_at_the_end()
    {
        Network network = new([9]);
        network.Left.Send(new WindowTimes(1, 2), new byte[95]);
        network.RunUntil(() => network.Right.HasBatch);
        network.RunUntil(() => network.IsEmpty);
        int sent = network.Sent;
        for (int i = 0; i < 10; i++)
        {
            network.Tick();
            network.RunUntil(() => network.IsEmpty);
        }

        Assert.Equal(0, network.Left.Resent + network.Right.Resent);
        Assert.True(network.Sent <= sent + 1, "an acknowledgement was said more than once");
    }

    [Fact]
    public void A_checksum_sees_every_field()
    {
        WindowPart part = new() { Run = "r", Epoch = 1, Island = 2, From = 3, Number = 4, Received = 5, Last = true, Next = 6, Bound = 7, Events = ByteString.CopyFrom(8, 9) };
        ulong sum = PartChecksum.Of(part);
        foreach (Action<WindowPart> change in (Action<WindowPart>[])[
            p => p.Epoch++, p => p.Island++, p => p.From++, p => p.Number++, p => p.Received++, p => p.Last = false, p => p.Next++, p => p.Bound++,
            p => p.Events = ByteString.CopyFrom(8, 8)])
        {
            WindowPart changed = part.Clone();
            change(changed);
            Assert.NotEqual(sum, PartChecksum.Of(changed));
        }
    }

    /// <summary>Two links and what is between them; each message has the next mishap of a list: 0 and 1 lose it, 2 doubles it, 3 lets the next overtake it.</summary>
    private sealed class Network
    {
        private readonly List<(bool ToRight, IMessage Message)> _wire = [];
        private readonly int[] _mishaps;
        private int _next;
        private long _now;
        private long _confirmed;

        public Network(int[] mishaps)
        {
            _mishaps = mishaps;
            Left = new WindowLink(new WindowRoute("r", 1, 0, 0, 1), Small, message => Put(true, message));
            Right = new WindowLink(new WindowRoute("r", 1, 0, 1, 0), Small, message => Put(false, message));
        }

        public WindowLink Left { get; }

        public WindowLink Right { get; }

        public int Sent { get; private set; }

        public long MostUnderWay { get; private set; }

        public bool IsEmpty => _wire.Count == 0;

        public void Tick()
        {
            _now += 50;
            Left.Tick(_now);
            Right.Tick(_now);
        }

        public void RunUntil(Func<bool> done)
        {
            for (int i = 0; !done(); i++)
            {
                Assert.True(i < 5_000, "the batches do not arrive");
                if (_wire.Count == 0)
                {
                    // Bad luck does not last for ever.
                    _next = i > 2_000 ? int.MinValue : _next;
                    Tick();
                    continue;
                }

                (bool toRight, IMessage message) = _wire[0];
                _wire.RemoveAt(0);
                Deliver(toRight ? Right : Left, message);
            }
        }

        private void Put(bool toRight, IMessage message)
        {
            Sent++;
            if (toRight && message is WindowPart { } part)
            {
                MostUnderWay = Math.Max(MostUnderWay, part.Number - _confirmed);
            }

            int mishap = _next < 0 ? 9 : _mishaps[_next++ % _mishaps.Length];
            for (int copies = mishap is 0 or 1 ? 0 : mishap == 2 ? 2 : 1; copies > 0; copies--)
            {
                _wire.Insert(mishap == 3 ? Math.Max(0, _wire.Count - 1) : _wire.Count, (toRight, message));
            }
        }

        private void Deliver(WindowLink link, IMessage message)
        {
            if (message is WindowCredit credit)
            {
                _confirmed = link == Left ? Math.Max(_confirmed, credit.Received) : _confirmed;
                link.Accept(credit);
            }
            else
            {
                WindowPart part = (WindowPart)message;
                _confirmed = link == Left ? Math.Max(_confirmed, part.Received) : _confirmed;
                link.Accept(part);
            }
        }
    }
}
