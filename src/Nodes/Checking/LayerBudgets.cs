using System.Globalization;
using IoScale.Hardware.Nics;
using IoScale.Hardware.Platform;

namespace IoScale.Nodes.Checking;

/// <summary>Capacity and demand of every resource of a host, layer by layer.</summary>
internal static class LayerBudgets
{
    public static IReadOnlyList<LayerBudget> Of(HostSpec host, int demand, int capacity)
    {
        List<LayerBudget> layers = [];
        foreach (NicSpec nic in host.Nics)
        {
            for (int port = 0; port < nic.VfsPerPort.Count; port++)
            {
                layers.Add(new(Layer.VfPool, string.Create(CultureInfo.InvariantCulture, $"{nic.Name}.p{port}"), nic.Model.MaxVfsPerPort, nic.VfsPerPort[port]));
            }

            if (nic.Model.MaxVfsPerDevice > 0)
            {
                layers.Add(new(Layer.VfPool, nic.Name, nic.Model.MaxVfsPerDevice, nic.VfsPerPort.Sum()));
            }
        }

        foreach (NicSpec nic in host.Nics)
        {
            NicModel model = nic.Model;
            layers.Add(new(Layer.Msix, $"{nic.Name} each PF", model.PfVectors, nic.VectorsPerPf + (FunctionList.QueueVectors * nic.Dom0Queues.DefaultIfEmpty().Max())));
            if (nic.VfsPerPort.Sum() > 0)
            {
                layers.Add(new(Layer.Msix, $"{nic.Name} each VF", VectorBudget.Of(nic).VfTable, nic.VectorsPerVf));
            }

            if (model.DeviceVectors > 0)
            {
                layers.Add(new(Layer.Msix, $"{nic.Name} pool", model.DeviceVectors, VectorBudget.Of(nic).Demand));
            }
        }

        if (host.Iommu.Remapping)
        {
            for (int socket = 0; socket < host.Sockets; socket++)
            {
                int asked = host.Nics.Where(n => n.Socket == socket).Sum(n => VectorBudget.Of(n).Demand);
                layers.Add(new(Layer.Irte, string.Create(CultureInfo.InvariantCulture, $"socket {socket}"), host.Iommu.Entries, asked));
            }
        }

        layers.Add(new(Layer.Vectors, "host", capacity, demand));
        return layers;
    }
}
