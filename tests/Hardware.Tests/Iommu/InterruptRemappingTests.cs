using CsCheck;
using IoScale.Hardware.Iommu;
using IoScale.Hardware.Msi;
using MemoryPack;

namespace IoScale.Hardware.Tests.Iommu;

public class InterruptRemappingTests
{
    private const ushort Nic = 0x0380;

    [Fact]
    public void A_request_is_remapped_to_the_entry_s_vector_and_destination()
    {
        InterruptRemapping iommu = XApic(16);
        iommu.Write(3, Irte.Remapped(0x51, 7u << 8, false, Nic));
        RemapResult result = iommu.Remap(Nic, Handle(3));
        Assert.Equal(
            new RemapResult(RemapStatus.Remapped, 0x51, 7, RedirectionHint: true, Index: 3, Looked: true),
            result);
        Assert.True(iommu.Remap(Nic, Handle(3)).CacheHit);
    }

    [Fact]
    public void X2apic_destinations_have_32_bits()
    {
        var iommu = new InterruptRemapping(16, enabled: true, extended: true);
        iommu.Write(3, Irte.Remapped(0x51, 0x0001_0203, true, Nic));
        RemapResult result = iommu.Remap(Nic, Handle(3));
        Assert.Equal((0x0001_0203u, true), (result.Destination, result.Logical));
    }

    [Fact]
    public void A_posted_entry_names_its_descriptor()
    {
        InterruptRemapping iommu = XApic(16);
        iommu.Write(0, default(Irte) with { Present = true, Posted = true, Urgent = true, Vector = 0x41, Descriptor = 0x1_0000_0040 });
        RemapResult result = iommu.Remap(Nic, Handle(0));
        Assert.Equal((RemapStatus.Posted, (byte)0x41, 0x1_0000_0040UL, true), (result.Status, result.Vector, result.Descriptor, result.Urgent));
    }

    [Fact]
    public void Subhandles_count_from_the_handle()
    {
        InterruptRemapping iommu = XApic(16);
        iommu.Write(6, Irte.Remapped(0x56, 0, false, Nic));
        RemapResult result = iommu.Remap(Nic, MsiMessage.From(new RemappableFields(4, true, 2)));
        Assert.Equal((6, (byte)0x56), (result.Index, result.Vector));
    }

    [Fact]
    public void Without_remapping_every_request_passes()
    {
        var iommu = new InterruptRemapping(16, enabled: false, extended: false);
        RemapResult result = iommu.Remap(Nic, MsiMessage.From(new CompatibilityFields(5, true, true, 0x61)));
        Assert.Equal(new RemapResult(RemapStatus.Passed, 0x61, 5, true, true), result);
    }

    [Theory]
    [InlineData(false, true, RemapStatus.Passed)]
    [InlineData(false, false, RemapStatus.Blocked)]
    [InlineData(true, true, RemapStatus.Blocked)]
    public void Compatibility_format_passes_only_where_allowed_and_never_with_x2apic(bool extended, bool allowed, RemapStatus expected)
    {
        var iommu = new InterruptRemapping(16, true, extended, allowed);
        RemapResult result = iommu.Remap(Nic, MsiMessage.From(new CompatibilityFields(5, false, true, 0x61)));
        Assert.Equal(expected, result.Status);
        Assert.Equal(expected == RemapStatus.Blocked ? RemapFault.CompatibilityBlocked : RemapFault.None, result.Fault);
    }

    [Fact]
    public void Checks_are_made_in_order()
    {
        // An entry with everything wrong; each repair reveals the next fault.
        var iommu = new InterruptRemapping(8, true, false, cacheLines: 0);
        ulong reserved = 1UL << 24;
        ulong high = Irte.Remapped(0, 0, false, 0x9999).Encode().High;
        iommu.Write(2, new IrteBits(reserved, high));
        MsiMessage reservedRequest = Handle(9) with { Data = 1 };
        Assert.Equal(RemapFault.ReservedInRequest, iommu.Remap(Nic, reservedRequest).Fault);
        Assert.Equal(RemapFault.IndexBeyondTable, iommu.Remap(Nic, Handle(8)).Fault);
        Assert.Equal(RemapFault.NotPresent, iommu.Remap(Nic, Handle(2)).Fault);
        iommu.Write(2, new IrteBits(reserved | 1, high));
        Assert.Equal(RemapFault.ReservedInEntry, iommu.Remap(Nic, Handle(2)).Fault);
        iommu.Write(2, new IrteBits(1, high));
        Assert.Equal(RemapFault.SourceMismatch, iommu.Remap(Nic, Handle(2)).Fault);
        Assert.Equal(RemapStatus.Remapped, iommu.Remap(0x9999, Handle(2)).Status);
    }

    [Fact]
    public void Subhandle_data_beyond_16_bits_is_reserved()
    {
        MsiMessage message = MsiMessage.From(new RemappableFields(0, true, 1)) with { Data = 0x1_0001 };
        Assert.Equal(RemapFault.ReservedInRequest, XApic(8).Remap(Nic, message).Fault);
    }

    [Fact]
    public void Fault_processing_disabled_suppresses_the_log_but_not_the_block()
    {
        InterruptRemapping iommu = XApic(8);
        iommu.Write(1, Irte.Remapped(0x41, 0, false, 0x9999) with { FaultProcessingDisabled = true });
        iommu.Write(2, Irte.Remapped(0x41, 0, false, 0x9999));
        Assert.Equal((RemapStatus.Blocked, false), (iommu.Remap(Nic, Handle(1)).Status, iommu.Remap(Nic, Handle(1)).Logged));
        Assert.True(iommu.Remap(Nic, Handle(2)).Logged);
        Assert.True(iommu.Remap(Nic, Handle(100)).Logged);
    }

    [Fact]
    public void A_changed_entry_may_deliver_to_the_old_target_until_it_is_invalidated()
    {
        InterruptRemapping iommu = XApic(16);
        Assert.False(iommu.Write(5, Irte.Remapped(0x41, 1u << 8, false, Nic)));
        iommu.Remap(Nic, Handle(5));
        Assert.True(iommu.Write(5, Irte.Remapped(0x42, 2u << 8, false, Nic)));
        RemapResult old = iommu.Remap(Nic, Handle(5));
        Assert.Equal((1u, (byte)0x41, true, true), (old.Destination, old.Vector, old.CacheHit, old.Stale));
        iommu.Invalidate(4);
        Assert.True(iommu.Remap(Nic, Handle(5)).Stale);
        iommu.Invalidate(5);
        RemapResult fresh = iommu.Remap(Nic, Handle(5));
        Assert.Equal((2u, (byte)0x42, false, false), (fresh.Destination, fresh.Vector, fresh.CacheHit, fresh.Stale));
    }

    [Fact]
    public void A_masked_invalidation_covers_the_aligned_group()
    {
        InterruptRemapping iommu = XApic(16);
        for (int i = 0; i < 16; i++)
        {
            iommu.Write(i, Irte.Remapped(0x41, 0, false, Nic));
            iommu.Remap(Nic, Handle(i));
        }

        iommu.Invalidate(6, 2);
        Assert.Equal([4, 5, 6, 7], Enumerable.Range(0, 16).Where(i => !iommu.Remap(Nic, Handle(i)).CacheHit));
        iommu.InvalidateAll();
        Assert.All(Enumerable.Range(0, 16), i => Assert.False(iommu.Remap(Nic, Handle(i)).CacheHit));
    }

    [Fact]
    public void An_entry_that_was_not_present_takes_effect_without_invalidation()
    {
        InterruptRemapping iommu = XApic(16);
        Assert.Equal(RemapFault.NotPresent, iommu.Remap(Nic, Handle(5)).Fault);
        iommu.Write(5, Irte.Remapped(0x41, 0, false, Nic));
        Assert.Equal(RemapStatus.Remapped, iommu.Remap(Nic, Handle(5)).Status);
    }

    [Fact]
    public void A_small_cache_displaces_and_still_gives_right_answers()
    {
        var iommu = new InterruptRemapping(8, true, false, cacheLines: 4);
        iommu.Write(1, Irte.Remapped(0x41, 0, false, Nic));
        iommu.Write(5, Irte.Remapped(0x45, 0, false, Nic));
        iommu.Remap(Nic, Handle(1));
        Assert.Equal(0x45, iommu.Remap(Nic, Handle(5)).Vector);
        RemapResult again = iommu.Remap(Nic, Handle(1));
        Assert.Equal(((byte)0x41, false), (again.Vector, again.CacheHit));
    }

    [Fact]
    public void Entries_run_out_and_come_back()
    {
        InterruptRemapping iommu = XApic(10);
        Assert.Equal(Enumerable.Range(0, 10), Enumerable.Range(0, 10).Select(_ => iommu.Allocate()));
        Assert.Equal(-1, iommu.Allocate());
        iommu.Write(4, Irte.Remapped(0x41, 0, false, Nic));
        iommu.Free(4);
        Assert.False(iommu.Read(4).Present);
        Assert.Equal(9, iommu.Allocated);
        Assert.Equal(4, iommu.Allocate());
        iommu.Free(4);
        Assert.Throws<InvalidOperationException>(() => iommu.Free(4));
    }

    [Fact]
    public void Blocks_are_aligned_to_their_size()
    {
        InterruptRemapping iommu = XApic(12);
        Assert.Equal(0, iommu.Allocate());
        Assert.Equal(4, iommu.Allocate(4));
        Assert.Equal(8, iommu.Allocate(4));
        Assert.Equal(-1, iommu.Allocate(4));
        Assert.Equal(2, iommu.Allocate(2));
    }

    [Fact]
    public void The_largest_table_can_be_filled()
    {
        InterruptRemapping iommu = XApic(InterruptRemapping.MaxEntries);
        iommu.Write(65_535, Irte.Remapped(0x41, 0, false, Nic));
        Assert.Equal(RemapStatus.Remapped, iommu.Remap(Nic, Handle(65_535)).Status);
        for (int i = 0; i < InterruptRemapping.MaxEntries; i++)
        {
            iommu.Allocate();
        }

        Assert.Equal(-1, iommu.Allocate());
    }

    [Fact]
    public void Its_state_survives_capture_and_restore()
    {
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 31], Gen.Byte).Array[0, 100].Sample(
            steps =>
            {
                var iommu = new InterruptRemapping(32, true, false, cacheLines: 8);
                var twin = new InterruptRemapping(32, true, false, cacheLines: 8);
                foreach ((int kind, int index, byte vector) in steps)
                {
                    Irte entry = Irte.Remapped(vector, (uint)index << 8, false, Nic);
                    switch (kind)
                    {
                        case 0:
                            Assert.Equal(iommu.Write(index, entry), twin.Write(index, entry));
                            break;
                        case 1:
                            iommu.Invalidate(index, vector & 3);
                            twin.Invalidate(index, vector & 3);
                            break;
                        case 2:
                            Assert.Equal(iommu.Allocate(), twin.Allocate());
                            break;
                        default:
                            Assert.Equal(iommu.Remap(Nic, Handle(index)), twin.Remap(Nic, Handle(index)));
                            break;
                    }

                    twin = MemoryPackSerializer.Deserialize<InterruptRemapping>(MemoryPackSerializer.Serialize(twin))!;
                }
            },
            iter: 50);
    }

    private static InterruptRemapping XApic(int size) => new(size, enabled: true, extended: false);

    private static MsiMessage Handle(int index) => MsiMessage.From(new RemappableFields((ushort)index, false, 0));
}
