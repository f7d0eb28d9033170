namespace IoScale.Hardware.Iommu;

/// <summary>Where a host keeps the posted-interrupt descriptors of its vCPUs: one after the other, 64 bytes each, from a page of their own on.</summary>
public static class DescriptorAddress
{
    private const ulong First = 0x1_0000_0000;
    private const int Size = 64;

    /// <param name="vcpu">Number of the vCPU in the host.</param>
    public static ulong Of(int vcpu) => First + ((ulong)vcpu * Size);

    public static int VcpuOf(ulong address) => (int)((address - First) / Size);
}
