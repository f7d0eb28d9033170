using CsCheck;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;

namespace IoScale.Hardware.Tests.Vectors;

/// <summary>Plain loops, the synchronous driver and the message-driven halves must agree on everything.</summary>
public class EquivalenceTests
{
    private const int Cpus = 3;
    private const int FirstIrq = 16;

    private static readonly Gen<(int Op, int Irq, int Cpu, int Mask)[]> Operations =
        Gen.Select(Gen.Frequency((12, Gen.Const(0)), (3, Gen.Const(1)), (3, Gen.Const(2)), (2, Gen.Const(3))), Gen.Int[FirstIrq, FirstIrq + 699], Gen.Int[0, Cpus - 1], Gen.Int[0, 7])
            .Array[0, 1500];

    private static readonly Gen<(int Op, int Irq, int Cpu, int Mask)[]> Turbulence =
        Gen.Select(Gen.Int[0, 9], Gen.Int[FirstIrq, FirstIrq + 29], Gen.Int[0, Cpus - 1], Gen.Int[1, 7]).Array[0, 200];

    public static TheoryData<VectorAllocatorKind, DestinationMode> PerCpu => new()
    {
        { VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Physical },
        { VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Flat },
        { VectorAllocatorKind.Xen, DestinationMode.Physical },
        { VectorAllocatorKind.Xen, DestinationMode.Flat },
        { VectorAllocatorKind.Linux2632, DestinationMode.Physical },
        { VectorAllocatorKind.Linux2632, DestinationMode.Flat },
        { VectorAllocatorKind.Linux, DestinationMode.Physical },
        { VectorAllocatorKind.Linux, DestinationMode.Flat },
    };

    public static TheoryData<VectorAllocatorKind, DestinationMode> All
    {
        get
        {
            var all = PerCpu;
            all.Add(VectorAllocatorKind.SlideGlobal, DestinationMode.Physical);
            all.Add(VectorAllocatorKind.SlideGlobal, DestinationMode.Flat);
            all.Add(VectorAllocatorKind.Xen2009Global, DestinationMode.Physical);
            all.Add(VectorAllocatorKind.Xen2009Global, DestinationMode.Flat);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(PerCpu))]
    public void The_synchronous_driver_does_what_the_plain_loops_do(VectorAllocatorKind kind, DestinationMode destination) => Operations.Sample(
        operations =>
        {
            var reference = new ReferenceAllocator(kind, destination, Cpus);
            var allocator = VectorAllocator.Online(kind, destination, Cpus);
            foreach (var (op, irq, cpu, mask) in operations)
            {
                switch (op)
                {
                    case 0:
                        Assert.Equal(reference.Assign(irq, Members(mask)), allocator.Assign(irq, MaskOf(mask)).Rc);
                        Assert.Equal(reference.VectorOf(irq), allocator.Host.Descriptor(irq)!.Vector);
                        break;
                    case 1:
                        reference.FirstInterrupt(irq);
                        FirstInterrupt(allocator.Host, irq);
                        allocator.Run();
                        break;
                    case 2:
                        reference.Cleanup(cpu);
                        allocator.Cleanup(cpu, default, out _);
                        break;
                    case 3 when reference.MayFree(irq):
                        reference.FreeIrq(irq);
                        allocator.Free(irq);
                        break;
                }
            }

            for (var cpu = 0; cpu < Cpus; cpu++)
            {
                for (var vector = 0; vector < 256; vector++)
                {
                    Assert.Equal(reference.Table[cpu, vector], allocator.Tables[cpu].Owner(vector));
                }
            }
        },
        iter: 40);

    [Theory]
    [MemberData(nameof(All))]
    public void Halves_that_talk_by_messages_do_what_the_synchronous_driver_does(VectorAllocatorKind kind, DestinationMode destination) =>
        Gen.Select(Turbulence, Gen.Int).Sample(
            (operations, seed) =>
            {
                var allocator = new VectorAllocator(kind, destination, Cpus);
                var messages = new MessageDriver(kind, destination, Cpus, seed);
                var expected = new List<VectorOutcome>();
                for (var cpu = 0; cpu < Cpus; cpu++)
                {
                    Both((Op: 6, 0, cpu, 0));
                }

                foreach (var operation in operations)
                {
                    Both(operation);
                }

                messages.Run();
                Assert.Equal(expected, messages.Outcomes);
                for (var cpu = 0; cpu < Cpus; cpu++)
                {
                    Assert.Equal(Enumerable.Range(0, 256).Select(allocator.Tables[cpu].Owner), Enumerable.Range(0, 256).Select(messages.Tables[cpu].Owner));
                    Assert.Equal(allocator.Tables[cpu].Counts, messages.Tables[cpu].Counts);
                }

                void Both((int Op, int Irq, int Cpu, int Mask) operation)
                {
                    // What depends on the answers waits for them; everything else may pile up while answers are on their way.
                    if (operation.Op is 4 or 9)
                    {
                        messages.Run();
                    }

                    if (operation.Op == 4)
                    {
                        allocator.Cleanup(operation.Cpu, default, out _);
                        messages.Cleanup(operation.Cpu);
                        messages.Run();
                        return;
                    }

                    Apply(allocator.Host, operation);
                    while (allocator.Host.TryNextRequest(out var request))
                    {
                        allocator.Host.Digest(allocator.Tables[request.Cpu].Answer(request));
                    }

                    while (allocator.Host.TryNextOutcome(out var outcome))
                    {
                        expected.Add(outcome);
                    }

                    Apply(messages.Host, operation);
                }
            },
            iter: 60);

    private static void Apply(HypervisorVectors host, (int Op, int Irq, int Cpu, int Mask) operation)
    {
        var (op, irq, cpu, mask) = operation;
        switch (op)
        {
            case 5:
                host.TakeOffline(cpu);
                break;
            case 6:
                host.BringOnline(cpu);
                break;
            case 7:
                host.Free(irq);
                break;
            case 8:
                host.SetAffinity(irq, MaskOf(mask));
                break;
            case 9:
                FirstInterrupt(host, irq);
                break;
            case 3 when (irq & 3) == 0:
                host.Reserve(irq, MaskOf(mask));
                host.Activate(irq, CpuMask.Single(cpu));
                break;
            case 3:
                host.ReserveManaged(irq, MaskOf(mask));
                host.Activate(irq, CpuMask.None);
                host.Deactivate(irq);
                break;
            case 4:
                break;
            default:
                host.Assign(irq, MaskOf(mask));
                break;
        }
    }

    private static void FirstInterrupt(HypervisorVectors host, int irq)
    {
        if (host.Descriptor(irq) is { Vector: >= 0 } descriptor)
        {
            host.Interrupted(irq, descriptor.Cpus.First, descriptor.Vector);
        }
    }

    private static int[] Members(int mask) => [.. Enumerable.Range(0, Cpus).Where(cpu => (mask >> cpu & 1) != 0)];

    private static CpuMask MaskOf(int mask) => CpuMask.Of(Members(mask));
}
