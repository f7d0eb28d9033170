using IoScale.Hardware.Numbers;

namespace IoScale.Hardware.Costs;

/// <summary>Names of the costs as files and scenarios write them, for example exit-eoi-x2apic.</summary>
public static class CostNames
{
    public const int Count = (int)CostName.ThreadSwitch + 1;

    public static KebabNames<CostName> Names { get; } = new();
}
