using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;

namespace IoScale.Scenarios.Building;

/// <summary>What a guest cannot be at the same time.</summary>
internal static class GuestRules
{
    public static void Check(BuildContext context, CheckedMap map, bool hasVif, bool hasVf)
    {
        if (hasVif && (map.Has("vf") || map.Has("vfs")))
        {
            context.Wrong(map, "vif", "stands beside VFs; a VM has VFs or a vif, so remove one of them");
        }

        if (map.Has("notification") && !map.Has("vif"))
        {
            context.Wrong(map, "notification", $"belongs to a vif and the VM has none; give it one, for example vif: {Values.PortName.Example}, or remove it");
        }

        bool intx = HostBuilder.Choice(map, "interrupts", ChoiceNames.Interrupts) == InterruptKind.IntX;
        bool masks = map.Flag("maskPerInterrupt");
        if (HostBuilder.Choice(map, "virtualization", ChoiceNames.Virtualizations) == VirtualizationKind.Pv)
        {
            Paravirtual(context, map, intx, masks);
        }
        else if (masks && intx)
        {
            context.Wrong(map, "maskPerInterrupt", "masks an MSI-X entry and interrupts intx has none; write interrupts: msi, or maskPerInterrupt: false");
        }
        else if (masks && !hasVf && !map.Has("vf") && !map.Has("vfs"))
        {
            context.Wrong(map, "maskPerInterrupt", $"masks a VF's MSI-X entry and the VM has no VF; give it one, for example vf: {Values.FunctionName.Example}, or write false");
        }
    }

    /// <summary>What belongs to the virtual APIC and to emulated devices, a PV guest does not have.</summary>
    private static void Paravirtual(BuildContext context, CheckedMap map, bool intx, bool masks)
    {
        if (intx)
        {
            context.Wrong(map, "interrupts", "intx is a pin of a virtual IO-APIC and a PV guest has event channels instead; write msi, or virtualization: hvm");
        }

        if (masks)
        {
            context.Wrong(map, "maskPerInterrupt", "a PV guest masks its event channel, not the MSI-X entry; write false, or virtualization: hvm");
        }

        if (HostBuilder.Choice(map, "eoiInstruction", ChoiceNames.EoiInstructions) == EoiInstruction.Stos)
        {
            context.Wrong(map, "eoiInstruction", "a PV guest has no EOI register to write; leave it out, or write virtualization: hvm");
        }
    }
}
