using CsCheck;
using IoScale.Hardware.Apic;
using MemoryPack;

namespace IoScale.Hardware.Tests.Apic;

public class LocalApicTests
{
    [Fact]
    public void A_vector_is_requested_then_in_service_then_done()
    {
        var apic = new LocalApic();
        Assert.Equal(AcceptResult.Accepted, apic.Accept(0x41));
        Assert.True(apic.IsRequested(0x41));
        Assert.Equal(0x41, apic.Dispatch());
        Assert.False(apic.IsRequested(0x41));
        Assert.True(apic.IsInService(0x41));
        Assert.Equal(0x40, apic.Ppr);
        Assert.Equal(new EoiResult(0x41, false), apic.Eoi());
        Assert.Equal(0, apic.Ppr);
        Assert.Equal(0, apic.InServiceCount + apic.RequestedCount);
    }

    [Fact]
    public void A_second_request_of_a_requested_vector_merges_and_one_in_service_does_not()
    {
        var apic = new LocalApic();
        apic.Accept(0x41);
        Assert.Equal(AcceptResult.Merged, apic.Accept(0x41));
        apic.Dispatch();
        Assert.Equal(AcceptResult.Accepted, apic.Accept(0x41));
        Assert.Equal(AcceptResult.Merged, apic.Accept(0x41));
        Assert.Equal(LocalApic.None, apic.Dispatch());
        apic.Eoi();
        Assert.Equal(0x41, apic.Dispatch());
        apic.Eoi();
        Assert.Equal(LocalApic.None, apic.Dispatch());
    }

    [Theory]
    [InlineData(0, AcceptResult.IllegalVector)]
    [InlineData(15, AcceptResult.IllegalVector)]
    [InlineData(16, AcceptResult.Accepted)]
    [InlineData(31, AcceptResult.Accepted)]
    [InlineData(255, AcceptResult.Accepted)]
    public void Vectors_below_16_are_illegal(int vector, AcceptResult expected)
    {
        var apic = new LocalApic();
        Assert.Equal(expected, apic.Accept(vector));
        Assert.Equal(expected == AcceptResult.IllegalVector ? ApicErrors.ReceiveIllegalVector : ApicErrors.None, apic.TakeErrors());
        Assert.Equal(ApicErrors.None, apic.Errors);
    }

    [Fact]
    public void Sending_an_illegal_vector_is_an_error_of_its_own()
    {
        var apic = new LocalApic();
        Assert.True(apic.CheckSend(0x10));
        Assert.False(apic.CheckSend(0x0f));
        apic.Accept(3);
        Assert.Equal(ApicErrors.SendIllegalVector | ApicErrors.ReceiveIllegalVector, apic.TakeErrors());
    }

    [Fact]
    public void A_higher_class_interrupts_a_service_and_the_same_class_waits()
    {
        var apic = new LocalApic();
        apic.Accept(0x41);
        apic.Dispatch();
        apic.Accept(0x4f);
        Assert.Equal(LocalApic.None, apic.Dispatch());
        apic.Accept(0x50);
        Assert.Equal(0x50, apic.Dispatch());
        Assert.Equal(0x50, apic.Eoi().Vector);
        Assert.Equal(LocalApic.None, apic.Dispatch());
        Assert.Equal(0x41, apic.Eoi().Vector);
        Assert.Equal(0x4f, apic.Dispatch());
    }

    [Fact]
    public void The_task_priority_holds_back_its_class_and_lower()
    {
        var apic = new LocalApic { Tpr = 0x53 };
        apic.Accept(0x5f);
        Assert.Equal(0x53, apic.Ppr);
        Assert.Equal(LocalApic.None, apic.HighestDeliverable);
        apic.Accept(0x60);
        Assert.Equal(0x60, apic.Dispatch());
        Assert.Equal(0x60, apic.Ppr);
        apic.Eoi();
        apic.Tpr = 0x4f;
        Assert.Equal(0x5f, apic.HighestDeliverable);
    }

    [Fact]
    public void The_eoi_of_a_level_vector_says_so_and_an_eoi_without_service_does_nothing()
    {
        var apic = new LocalApic();
        apic.Accept(0x61, level: true);
        apic.Dispatch();
        Assert.Equal(new EoiResult(0x61, true), apic.Eoi());
        Assert.Equal(new EoiResult(LocalApic.None, false), apic.Eoi());
        apic.Accept(0x61);
        apic.Dispatch();
        Assert.False(apic.Eoi().Level);
    }

    [Fact]
    public void A_withdrawn_request_is_not_dispatched()
    {
        var apic = new LocalApic();
        apic.Accept(0x41);
        Assert.True(apic.Withdraw(0x41));
        Assert.False(apic.Withdraw(0x41));
        Assert.Equal(LocalApic.None, apic.Dispatch());
    }

    [Fact]
    public void It_agrees_with_a_model_of_sets()
    {
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 255], Gen.Bool).Array[0, 300].Sample(
            steps =>
            {
                var apic = new LocalApic();
                var model = new NaiveApic();
                foreach ((int kind, int value, bool level) in steps)
                {
                    Step(apic, model, kind, value, level);
                    Assert.Equal(model.Deliverable, apic.HighestDeliverable);
                    Assert.Equal(model.Requested.Count, apic.RequestedCount);
                    Assert.Equal(model.InService.Count, apic.InServiceCount);
                }
            },
            iter: 300);
    }

    [Fact]
    public void Its_state_survives_capture_and_restore()
    {
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 255], Gen.Bool).Array[0, 60].Sample(
            steps =>
            {
                var apic = new LocalApic();
                var model = new NaiveApic();
                foreach ((int kind, int value, bool level) in steps)
                {
                    Step(apic, model, kind, value, level);
                }

                LocalApic restored = MemoryPackSerializer.Deserialize<LocalApic>(MemoryPackSerializer.Serialize(apic))!;
                Assert.Equal(apic.Tpr, restored.Tpr);
                Assert.Equal(apic.Errors, restored.Errors);
                for (int vector = 0; vector < 256; vector++)
                {
                    Assert.Equal(apic.IsRequested(vector), restored.IsRequested(vector));
                    Assert.Equal(apic.IsInService(vector), restored.IsInService(vector));
                    Assert.Equal(apic.IsLevel(vector), restored.IsLevel(vector));
                }
            },
            iter: 50);
    }

    private static void Step(LocalApic apic, NaiveApic model, int kind, int value, bool level)
    {
        switch (kind)
        {
            case < 5:
                Assert.Equal(model.Accept(value, level), apic.Accept(value, level));
                break;
            case < 7:
                int previousClass = model.InService.Count == 0 ? 0 : model.InService.Max >> 4;
                int vector = apic.Dispatch();
                Assert.Equal(model.Dispatch(), vector);
                // Never one of a class already in service, or of a lower one.
                Assert.True(vector < 0 || vector >> 4 > previousClass);
                break;
            case < 9:
                Assert.Equal(model.Eoi(), apic.Eoi());
                break;
            default:
                apic.Tpr = (byte)value;
                model.Tpr = value;
                break;
        }
    }

    /// <summary>The rules as sets: what is requested, what is in service, what was last requested as level.</summary>
    private sealed class NaiveApic
    {
        public SortedSet<int> Requested { get; } = [];

        public SortedSet<int> InService { get; } = [];

        public HashSet<int> Level { get; } = [];

        public int Tpr { get; set; }

        public int Deliverable
        {
            get
            {
                int busy = Math.Max(Tpr / 16, InService.Count == 0 ? 0 : InService.Max / 16);
                return Requested.Count > 0 && Requested.Max / 16 > busy ? Requested.Max : -1;
            }
        }

        public AcceptResult Accept(int vector, bool level)
        {
            if (vector < 16)
            {
                return AcceptResult.IllegalVector;
            }

            Level.Remove(vector);
            if (level)
            {
                Level.Add(vector);
            }

            return Requested.Add(vector) ? AcceptResult.Accepted : AcceptResult.Merged;
        }

        public int Dispatch()
        {
            int vector = Deliverable;
            if (vector >= 0)
            {
                Requested.Remove(vector);
                Assert.True(InService.Add(vector));
            }

            return vector;
        }

        public EoiResult Eoi()
        {
            if (InService.Count == 0)
            {
                return new EoiResult(-1, false);
            }

            int vector = InService.Max;
            InService.Remove(vector);
            return new EoiResult(vector, Level.Contains(vector));
        }
    }
}
