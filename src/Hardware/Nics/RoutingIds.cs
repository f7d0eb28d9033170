namespace IoScale.Hardware.Nics;

/// <summary>PCIe routing ids (bus 15:8, device 7:3, function 2:0) of a card's functions.</summary>
public static class RoutingIds
{
    /// <summary>Routing id of a port's PF: the ports are functions of one device.</summary>
    /// <param name="bus">0 to 255.</param>
    /// <param name="device">0 to 31.</param>
    /// <param name="port">0 to 7.</param>
    public static ushort Pf(int bus, int device, int port) => (bus, device, port) is ( >= 0 and <= 255, >= 0 and <= 31, >= 0 and <= 7)
        ? (ushort)(bus << 8 | device << 3 | port)
        : throw new ArgumentOutOfRangeException(nameof(port), $"{bus}:{device}.{port} is not a function's address");

    /// <summary>
    /// Routing id of VF <paramref name="vf"/> (from 0): PF + first offset + vf * stride, which may reach into the next buses. Where the stride leaves
    /// no room for the other ports between, the ports' VFs follow each other block by block.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No such VF, or beyond the last bus.</exception>
    public static ushort Vf(NicModel model, int bus, int device, int port, int vf)
    {
        if (port < 0 || port >= model.Ports || vf < 0 || vf >= model.MaxVfsPerPort)
        {
            throw new ArgumentOutOfRangeException(nameof(vf), $"{model.Name} has no VF {vf} on a port {port}");
        }

        int id = model.VfStride >= model.Ports
            ? Pf(bus, device, port) + model.FirstVfOffset + vf * model.VfStride
            : Pf(bus, device, 0) + model.FirstVfOffset + (port * model.MaxVfsPerPort + vf) * model.VfStride;
        return id <= ushort.MaxValue
            ? (ushort)id
            : throw new ArgumentOutOfRangeException(nameof(bus), bus, $"VF {vf} of port {port} lies beyond the last bus");
    }

    /// <summary>Bus numbers that a card's functions occupy, from its own on.</summary>
    public static int Buses(NicModel model)
    {
        int last = model.MaxVfsPerPort == 0 ? 0 : Vf(model, 0, 0, model.Ports - 1, model.MaxVfsPerPort - 1);
        return (last >> 8) + 1;
    }
}
