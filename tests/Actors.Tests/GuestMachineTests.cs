using IoScale.Hardware.Guest;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;

namespace IoScale.Actors.Tests;

/// <summary>A guest alone, driven piece by piece.</summary>
public sealed class GuestMachineTests
{
    private static readonly GuestSetup Setup = new(
        1, 1, 0, ByWayOfVcpu0: false, Busy: false, IrqEntryPs: 100_000, HandlerPs: 1_000_000, RxFramePs: 1_000_000, TxFramePs: 500_000, TxCleanPs: 10_000,
        InjectionPs: 200_000, RxRing: 256, TxRing: 64);

    private long _nowPs = 1_000_000;

    [Fact]
    public void A_poll_delivers_its_frames_one_after_the_other()
    {
        GuestMachine guest = Booted();
        guest.Receive(0, new FrameTrain(_nowPs, 0, 10, 1000, 0, _nowPs), _nowPs);
        long sent = _nowPs;
        guest.Raise(0, 0, 0);
        Run(guest);
        Assert.Equal(10, guest.Counters.Delivered);

        // EOI, handler, then a frame each microsecond.
        long first = Setup.IrqEntryPs + Setup.HandlerPs + Setup.RxFramePs;
        Assert.InRange(guest.Latency.QuantilePs(0), first * 0.99, first * 1.01);
        Assert.InRange(guest.Latency.QuantilePs(1), (first + (9 * Setup.RxFramePs)) * 0.99, (first + (9 * Setup.RxFramePs)) * 1.01);
        Assert.True(sent < _nowPs);
    }

    [Fact]
    public void A_poll_takes_no_more_than_its_budget()
    {
        GuestMachine guest = Booted();
        guest.Receive(0, new FrameTrain(_nowPs, 0, 100, 1000, 0, _nowPs), _nowPs);
        guest.Raise(0, 0, 0);
        List<GuestStep> steps = Run(guest);
        Assert.Equal([64L, 36L], steps.Where(s => s.RunPs >= 30 * Setup.RxFramePs).Select(s => s.RunPs / Setup.RxFramePs));
    }

    [Fact]
    public void A_guest_that_runs_out_of_work_halts_before_it_blocks()
    {
        GuestMachine guest = Booted();
        guest.Raise(0, 2, 0);
        List<GuestStep> steps = Run(guest);
        Assert.Equal([GuestStepEnd.Eoi, GuestStepEnd.Continue, GuestStepEnd.Halt, GuestStepEnd.Block], steps.Select(s => s.End));
        Assert.Equal([Setup.InjectionPs, 0, 0, 0], steps.Select(s => s.InjectPs));
    }

    [Fact]
    public void A_long_burst_is_sent_in_pieces_between_which_a_poll_has_its_turn()
    {
        GuestMachine guest = Booted(Setup with { TxRing = 512 });
        guest.Send(0, new OutgoingFrames(0, 200, 1000, _nowPs));
        List<GuestStep> steps = Run(guest);
        Assert.Equal([64L, 64, 64, 8], steps.Where(s => s.RunPs > 0).Select(s => s.RunPs / Setup.TxFramePs));
        Assert.Equal(200, guest.Nics[0].TxFrames);
    }

    [Fact]
    public void Eoi_in_shared_memory_exits_while_another_interrupt_waits()
    {
        GuestMachine guest = Booted(Setup with { Eoi = EoiMode.Pv });
        guest.Raise(0, 0, 0);
        guest.Raise(0, 1, 0);
        List<GuestStep> steps = Run(guest);
        Assert.Equal(1, steps.Count(s => s.End == GuestStepEnd.Eoi));
        Assert.Equal(2, guest.Counters.Serviced);
    }

    [Fact]
    public void An_interrupt_that_ends_a_hlt_is_followed_by_another_hlt()
    {
        GuestMachine guest = Booted();
        guest.Raise(0, 2, 0);
        GuestStep step = guest.Step(0, _nowPs, 0, false, false);
        while (step.End != GuestStepEnd.Halt)
        {
            step = guest.Step(0, _nowPs, step.RunPs, true, step.End == GuestStepEnd.Continue);
        }

        guest.Raise(0, 2, 0);
        List<GuestStep> steps = Run(guest, step);
        Assert.Equal([GuestStepEnd.Eoi, GuestStepEnd.Continue, GuestStepEnd.Halt, GuestStepEnd.Block], steps.Select(s => s.End));
    }

    [Fact]
    public void Work_that_is_interrupted_goes_on_where_it_stopped()
    {
        GuestMachine guest = Booted();
        guest.Receive(0, new FrameTrain(_nowPs, 0, 10, 1000, 0, _nowPs), _nowPs);
        guest.Raise(0, 0, 0);
        GuestStep step = guest.Step(0, _nowPs, 0, false, false);
        while (step.RunPs < 10 * Setup.RxFramePs)
        {
            step = guest.Step(0, _nowPs, step.RunPs, true, step.End == GuestStepEnd.Continue);
        }

        Assert.Equal(7 * Setup.RxFramePs, guest.Step(0, _nowPs, 3 * Setup.RxFramePs, false, false).RunPs);
        guest.Descheduled(0, _nowPs, 2 * Setup.RxFramePs, false);
        Assert.Equal(5 * Setup.RxFramePs, guest.Step(0, _nowPs, 0, false, false).RunPs);
    }

    [Fact]
    public void Interrupts_that_meet_become_one()
    {
        GuestMachine guest = Booted();
        guest.Raise(0, 0, 0);
        guest.Raise(0, 0, 0);
        guest.Raise(0, 1, 0);
        Assert.Equal(1, guest.Counters.MergedAtVcpu);
        Assert.Equal(2, guest.PendingInterrupts());
        Run(guest);
        Assert.Equal(2, guest.Counters.Serviced);
        Assert.Equal((1L, 1L), (guest.Nics[0].RxInterrupts, guest.Nics[0].TxInterrupts));
        Assert.Equal(0, guest.PendingInterrupts());
    }

    [Fact]
    public void Interrupts_that_meet_on_their_way_past_vcpu_0_become_one()
    {
        GuestMachine guest = GuestMachine.Create(Setup with { ByWayOfVcpu0 = true }, [0]);
        guest.BringUp(0, _nowPs);
        guest.Raise(0, 0, 0);
        guest.Raise(0, 0, 0);
        Assert.Equal((1L, 0L), (guest.Counters.MergedOnTheWay, guest.Counters.MergedAtVcpu));
        Assert.Equal(1, guest.PendingInterrupts());
        Run(guest);
        Assert.Equal(1, guest.Nics[0].RxInterrupts);
    }

    [Fact]
    public void A_vcpu_elsewhere_is_kicked_once_until_the_kick_arrives()
    {
        GuestMachine guest = Booted();
        guest.Raise(0, 0, pcpu: 3);
        guest.Raise(0, 1, pcpu: 3);
        GuestEffect kick = Assert.Single(guest.Effects);
        Assert.Equal(new GuestEffect(GuestEffectKind.Kick, Vcpu: 0, PCpu: 3, Count: 0), kick);
        guest.Effects.Clear();
        guest.Kicked(0);
        Assert.Equal(GuestEffectKind.Wake, Assert.Single(guest.Effects).Kind);
        guest.Effects.Clear();
        Run(guest);
        guest.Effects.Clear();
        guest.Raise(0, 0, GuestMachine.ByIpi);
        Assert.Equal(GuestEffectKind.Kick, Assert.Single(guest.Effects).Kind);
    }

    [Fact]
    public void Write_backs_of_before_a_reset_free_no_descriptor_of_the_new_ring()
    {
        GuestMachine guest = Booted();
        guest.Send(0, new OutgoingFrames(0, 40, 1000, _nowPs));
        Run(guest);
        Assert.Equal(40, guest.Nics[0].TxInUse);
        guest.TakeDown(0, _nowPs);
        guest.BringUp(0, _nowPs);
        guest.TransmitDone(0, 40);
        guest.Raise(0, 1, 0);
        Run(guest);
        Assert.Equal(0, guest.Nics[0].TxInUse);
        guest.Send(0, new OutgoingFrames(0, 100, 1000, _nowPs));
        Run(guest);
        Assert.Equal(64, guest.Nics[0].TxInUse);
        Assert.Equal(36, guest.Nics[0].TxRingFullDrops);
    }

    [Fact]
    public void Descriptors_are_free_again_when_cleaned()
    {
        GuestMachine guest = Booted();
        guest.Send(0, new OutgoingFrames(0, 64, 1000, _nowPs));
        Run(guest);
        guest.TransmitDone(0, 50);
        guest.Raise(0, 1, 0);
        guest.Effects.Clear();
        Run(guest);
        Assert.Contains(new GuestEffect(GuestEffectKind.TxEnable, Count: 50), guest.Effects);
        Assert.Equal(14, guest.Nics[0].TxInUse);
    }

    private GuestMachine Booted(GuestSetup? setup = null)
    {
        GuestMachine guest = GuestMachine.Create(setup ?? Setup, [0]);
        guest.BringUp(0, _nowPs);
        guest.Effects.Clear();
        return guest;
    }

    /// <summary>Runs vCPU 0 until it blocks, every piece to its end.</summary>
    private List<GuestStep> Run(GuestMachine guest, GuestStep? from = null)
    {
        List<GuestStep> steps = [];
        GuestStep step = from ?? new GuestStep(0, 0, GuestStepEnd.Block);
        bool completed = from is not null;
        do
        {
            _nowPs += step.RunPs;
            step = guest.Step(0, _nowPs, step.RunPs, completed, completed && step.End == GuestStepEnd.Continue);
            completed = true;
            steps.Add(step);
        }
        while (step.End != GuestStepEnd.Block);
        return steps;
    }
}
