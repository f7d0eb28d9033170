using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;

namespace IoScale.Scenarios.Building;

/// <summary>Which ways to deliver and to acknowledge interrupts go together, and which processors have them.</summary>
internal static class ChoiceRules
{
    /// <summary>The profile of a processor that has what 2009's had not.</summary>
    public const string ModernProfile = "skylake-2020";

    public static void Check(BuildContext context, CheckedMap map, DeliveryMode delivery, EoiMode eoi)
    {
        CostProfile costs = context.Costs;
        bool known = costs.Constants.Count > 0;
        if (eoi == EoiMode.Apicv && known && !costs.Has(CostName.EoiApicv))
        {
            context.Wrong(map, "eoi", $"apicv is not in the processors of {costs.Name}; write eoi: x2apic, or costProfile: {ModernProfile}");
        }

        if (delivery != DeliveryMode.Posted)
        {
            return;
        }

        if (known && !costs.Has(CostName.PostedDelivery))
        {
            context.Wrong(map, "delivery", $"posted interrupts are not in the processors of {costs.Name}; write delivery: follow-vcpu, or costProfile: {ModernProfile}");
        }

        if (eoi != EoiMode.Apicv && map.Text("eoi") is { } word)
        {
            context.Wrong(map, "delivery", $"posted interrupts enter the guest through virtual-interrupt delivery and eoi {word} is without; write eoi: apicv, or delivery: follow-vcpu");
        }

        if (!map.Map("iommu").Flag("remapping"))
        {
            context.Wrong(map, "delivery", "posted interrupts are posted by the remapping table, which is off; write iommu: {remapping: true}, or delivery: follow-vcpu");
        }
    }
}
