using IoScale.Hardware.Platform;

namespace IoScale.Nodes.Tests;

public class FunctionListTests
{
    [Fact]
    public void Functions_boot_port_by_port_with_the_PF_before_its_VFs()
    {
        IReadOnlyList<HostFunction> functions = FunctionList.Of(Samples.Host(nics: [Samples.Nic(2, 1), Samples.Nic(0, 1, name: "nic1")]));
        Assert.Equal(
            ["nic0.p0.pf", "nic0.p0.vf0", "nic0.p0.vf1", "nic0.p1.pf", "nic0.p1.vf0", "nic1.p0.pf", "nic1.p1.pf", "nic1.p1.vf0"],
            functions.Select(f => f.Name));
    }

    [Fact]
    public void Every_vector_has_a_role() =>
        Assert.Equal(["rx", "tx", "mailbox", "queue-3", "queue-4"], Enumerable.Range(0, 5).Select(FunctionList.RoleOf));

    [Fact]
    public void A_pool_shared_by_a_card_limits_the_tables_of_its_VFs()
    {
        NicSpec nic = Samples.Nic(10, 10, vectorsPerVf: 9, model: Samples.Niantic with { VfVectors = 17, DeviceVectors = 106, VfVectorTiers = [17, 5, 3] });
        HostFunction vf = FunctionList.Of(Samples.Host(nics: nic)).First(f => !f.IsPf);
        Assert.Equal((9, 5), (vf.Vectors, vf.TableSize));
    }
}
