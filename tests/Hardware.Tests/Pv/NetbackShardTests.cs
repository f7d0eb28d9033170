using CsCheck;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Pv;
using MemoryPack;

namespace IoScale.Hardware.Tests.Pv;

public class NetbackShardTests
{
    private const long Us = 1_000_000;

    private static readonly CostProfile Profile = CostProfiles.Get("nehalem-2009");
    private static readonly NetbackCosts Costs = NetbackCosts.Of(Profile);

    [Fact]
    public void A_received_frame_costs_what_the_profile_says_and_the_hypercall_once_a_batch()
    {
        NetbackShard shard = Shard(2);
        shard.PostReceive(0, 256);
        shard.PostReceive(1, 256);
        shard.FromBridge(0, VifFrames.FromNic, Train(40));
        shard.FromBridge(1, VifFrames.FromNic, Train(2, bytes: 750));
        List<NetbackPiece> pieces = Run(shard);
        Assert.Equal([CpuCategory.Netback, CpuCategory.GrantCopy], pieces.Select(p => p.Category));
        Assert.InRange(pieces[0].Ps, Profile.CyclesToPs(42 * 3500) - 42, Profile.CyclesToPs(42 * 3500) + 42);
        // 1500 cycles an operation, 600 for 1500 bytes: 1518 bytes of 40 frames, 750 bytes of two.
        long cycles = 700 + (42 * 1500) + (40 * 600 * 1518 / 1500) + (2 * 300);
        Assert.InRange(pieces[1].Ps, Profile.CyclesToPs(cycles) - 100, Profile.CyclesToPs(cycles) + 100);
        Assert.Equal(pieces.Sum(p => p.Ps), shard.BusyPs);
        Assert.Equal(42, shard.Frames);
    }

    [Fact]
    public void A_batch_ends_at_256_slots()
    {
        NetbackShard shard = Shard(2);
        shard.PostReceive(0, 256);
        shard.PostReceive(1, 256);
        shard.FromBridge(0, VifFrames.FromNic, Train(200));
        shard.FromBridge(1, VifFrames.FromNic, Train(200));
        Run(shard);
        Assert.Equal([(0, 200), (1, 56), (1, 144)], shard.Effects.Select(e => (e.Vif, e.Trains!.Sum(t => t.Count))));
    }

    [Fact]
    public void Frames_without_a_request_wait_thirty_two_deep_and_then_are_lost()
    {
        NetbackShard shard = Shard(1);
        shard.PostReceive(0, 10);
        shard.FromBridge(0, VifFrames.FromNic, Train(50));
        Assert.Equal(8, shard.Vif(0).Dropped);
        Assert.Equal([NetbackEffectKind.RxWanted], shard.Effects.Select(e => e.Kind));
        Assert.Equal(42, shard.HeldFrames());

        // Requests alone do not restart the queue: nobody has looked. The guest's event does.
        shard.PostReceive(0, 20);
        shard.FromBridge(0, VifFrames.FromNic, Train(1));
        Assert.Equal(9, shard.Vif(0).Dropped);
        shard.Effects.Clear();
        shard.Notified(0);
        Assert.Equal([NetbackEffectKind.RxWanted], shard.Effects.Select(e => e.Kind));
        Assert.Equal(12, shard.Vif(0).QdiscFrames);
        shard.Effects.Clear();
        Run(shard);
        Assert.Equal(30, shard.Effects.Sum(e => e.Trains!.Sum(t => t.Count)));
    }

    [Fact]
    public void Guests_that_send_take_turns_frame_by_frame()
    {
        NetbackShard shard = Shard(3);
        shard.FromGuest(0, Train(250));
        shard.FromGuest(1, Train(10));
        shard.FromGuest(2, Train(200));
        for (int vif = 0; vif < 3; vif++)
        {
            shard.Notified(vif);
        }

        Run(shard);
        Assert.Equal(
            [(0, 123, false), (1, 10, true), (2, 123, false)],
            shard.Effects.Where(e => e.Kind == NetbackEffectKind.Taken).Select(e => (e.Vif, e.Count, e.Flag)));
        Assert.Equal([123, 10, 123], shard.Effects.Where(e => e.Kind == NetbackEffectKind.ToBridge).Select(e => e.Trains!.Sum(t => t.Count)));
        Assert.Equal(256, shard.Pending);
        Assert.False(shard.HasWork);
    }

    [Fact]
    public void Requests_are_answered_when_the_frames_are_gone_and_make_room_for_others()
    {
        NetbackShard shard = Shard(1);
        shard.FromGuest(0, Train(256));
        shard.Notified(0);
        Run(shard);
        shard.FromGuest(0, Train(5));
        shard.Notified(0);
        Assert.False(shard.HasWork);
        shard.Effects.Clear();
        shard.Sent(0, 2);
        shard.Sent(0, 1);
        shard.Answer();
        Assert.Equal([new NetbackEffect(NetbackEffectKind.Answered, 0, 3)], shard.Effects);
        shard.Effects.Clear();
        List<NetbackPiece> pieces = Run(shard);
        Assert.Equal([CpuCategory.GrantCopy, CpuCategory.Netback, CpuCategory.Dom0Other], pieces.Select(p => p.Category));
        Assert.InRange(pieces[0].Ps, Profile.CyclesToPs(9000) - 3, Profile.CyclesToPs(9000) + 3);
        Assert.InRange(pieces[2].Ps, Profile.CyclesToPs(12_000) - 3, Profile.CyclesToPs(12_000) + 3);
        Assert.Equal(2, shard.HeldFrames());
    }

    [Fact]
    public void Frames_between_guests_hold_the_senders_slots_until_they_are_copied_or_lost()
    {
        NetbackShard shard = Shard(2);
        shard.PostReceive(1, 4);
        shard.FromBridge(1, 0, Train(40));
        Assert.Contains(new NetbackEffect(NetbackEffectKind.Released, 0, 4), shard.Effects);
        shard.Effects.Clear();
        Run(shard);
        Assert.Equal(4, shard.Effects.Where(e => e.Kind == NetbackEffectKind.Released).Sum(e => e.Count));
        shard.Effects.Clear();
        shard.PostReceive(1, 100);
        shard.Notified(1);
        Run(shard);
        Assert.Equal(32, shard.Effects.Where(e => e.Kind == NetbackEffectKind.Released && e.Vif == 0).Sum(e => e.Count));
    }

    [Fact]
    public void Receiving_and_sending_take_turns()
    {
        NetbackShard shard = Shard(1);
        shard.PostReceive(0, 256);
        shard.FromGuest(0, Train(256));
        shard.Notified(0);
        shard.FromBridge(0, VifFrames.FromNic, Train(256));
        Step(shard, 2);
        shard.PostReceive(0, 256);
        shard.FromBridge(0, VifFrames.FromNic, Train(256));
        List<NetbackPiece> pieces = Run(shard);
        Assert.Equal(
            [CpuCategory.GrantCopy, CpuCategory.Netback, CpuCategory.Dom0Other, CpuCategory.Netback, CpuCategory.GrantCopy],
            pieces.Select(p => p.Category));
    }

    [Fact]
    public void Several_wishes_become_one_notification_and_go_first()
    {
        NetbackShard shard = Shard(2);
        shard.PostReceive(0, 256);
        shard.FromBridge(0, VifFrames.FromNic, Train(1));
        shard.WantNotification(1, 0);
        shard.WantNotification(0, 0);
        shard.WantNotification(1, 0);
        Step(shard, 2);
        Assert.Equal([1, 0], shard.Effects.Where(e => e.Kind == NetbackEffectKind.Notified).Select(e => e.Vif));
        shard.WantNotification(1, 0);
        Assert.Equal(CpuCategory.EventChannel, Step(shard, 1)[0].Category);
    }

    [Fact]
    public void A_rate_limit_holds_back_the_notifications_of_its_vif_alone()
    {
        NetbackShard shard = Shard(2);
        shard.SetRate(0, 1000);
        shard.WantNotification(0, 0);
        Run(shard);
        shard.WantNotification(0, 10 * Us);
        shard.WantNotification(1, 10 * Us);
        Run(shard);
        Assert.Equal([0, 1], shard.Effects.Select(e => e.Vif));
        Assert.Equal(1000 * Us, shard.NotificationDuePs);
        shard.ReleaseNotifications(999 * Us);
        Assert.False(shard.HasWork);
        shard.ReleaseNotifications(1000 * Us);
        Assert.True(shard.HasWork);
        Assert.Equal(long.MaxValue, shard.NotificationDuePs);
    }

    [Fact]
    public void No_frame_is_made_lost_or_overtaken()
    {
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[1, 90]).Array[0, 120].Sample(acts =>
        {
            NetbackShard shard = Shard(3);
            long offered = 0;
            long arrived = 0;
            long time = 0;
            long[] last = new long[6];
            foreach ((int act, int vif, int count) in acts)
            {
                switch (act)
                {
                    case 0:
                        offered += count;
                        shard.FromBridge(vif, VifFrames.FromNic, Train(count) with { SentPs = ++time });
                        break;
                    case 1:
                        shard.PostReceive(vif, count);
                        shard.Notified(vif);
                        break;
                    case 2:
                        offered += count;
                        shard.FromGuest(vif, Train(count) with { SentPs = ++time });
                        shard.Notified(vif);
                        break;
                    case 3:
                        Step(shard, count % 7);
                        break;
                    default:
                        shard.Answer();
                        shard = Copy(shard);
                        break;
                }

                foreach (NetbackEffect effect in shard.Effects.Where(e => e.Trains is not null))
                {
                    int stream = effect.Vif + (effect.Kind == NetbackEffectKind.ToGuest ? 0 : 3);
                    foreach (FrameTrain train in effect.Trains!)
                    {
                        Assert.True(train.SentPs >= last[stream]);
                        last[stream] = train.SentPs;
                        arrived += train.Count;
                    }

                    if (effect.Kind == NetbackEffectKind.ToBridge)
                    {
                        shard.Sent(effect.Vif, effect.Trains!.Sum(t => t.Count));
                    }
                }

                shard.Effects.Clear();
                Assert.InRange(shard.Pending, 0, NetbackShard.BatchSlots);
                Assert.Equal(offered, arrived + shard.HeldFrames() + shard.Vif(0).Dropped + shard.Vif(1).Dropped + shard.Vif(2).Dropped);
            }
        });
    }

    private static NetbackShard Copy(NetbackShard shard)
    {
        NetbackShard copy = MemoryPackSerializer.Deserialize<NetbackShard>(MemoryPackSerializer.Serialize(shard))!;
        copy.Attach(Costs);
        copy.Effects.AddRange(shard.Effects);
        return copy;
    }

    private static NetbackShard Shard(int vifs)
    {
        bool[] serves = new bool[vifs + 1];
        Array.Fill(serves, true, 0, vifs);
        return new NetbackShard(Costs, serves);
    }

    private static FrameTrain Train(int count, int bytes = 1518) => new(0, 0, count, bytes, 0);

    private static List<NetbackPiece> Run(NetbackShard shard) => Step(shard, int.MaxValue);

    private static List<NetbackPiece> Step(NetbackShard shard, int pieces)
    {
        List<NetbackPiece> done = [];
        while (done.Count < pieces && shard.TryNext(out NetbackPiece piece))
        {
            shard.Finish();
            done.Add(piece);
        }

        return done;
    }
}
