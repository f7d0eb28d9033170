namespace IoScale.Hardware.Costs;

/// <summary>A named set of cost constants. Every constant carries its source and confidence; the figures live in <c>Data/profiles</c>.</summary>
public sealed class CostProfile
{
    private const long Missing = -1;

    // By CostName, so that a look-up costs an index.
    private readonly long[] _ps = new long[CostNames.Count];

    /// <exception cref="ArgumentException">A constant is given twice or is negative, or the clock is not positive.</exception>
    public CostProfile(string name, string description, long clockHz, IReadOnlyList<CostConstant> constants)
    {
        if (clockHz <= 0)
        {
            throw new ArgumentException($"cost profile {name}: the clock must be positive", nameof(clockHz));
        }

        Name = name;
        Description = description;
        ClockHz = clockHz;
        Constants = constants;
        Array.Fill(_ps, Missing);
        foreach (CostConstant constant in constants)
        {
            string constantName = CostNames.Names.Of(constant.Name);
            if (_ps[(int)constant.Name] != Missing)
            {
                throw new ArgumentException($"cost profile {name}: {constantName} is given twice", nameof(constants));
            }

            if (constant.Value < 0)
            {
                throw new ArgumentException($"cost profile {name}: {constantName} is negative", nameof(constants));
            }

            _ps[(int)constant.Name] = constant.Unit == CostUnit.Cycles ? CyclesToPs(constant.Value) : constant.Value;
        }
    }

    public string Name { get; }

    public string Description { get; }

    /// <summary>Clock of every pCPU, in hertz.</summary>
    public long ClockHz { get; }

    public IReadOnlyList<CostConstant> Constants { get; }

    /// <summary>Length of a number of cycles in picoseconds, rounded to nearest; the one place where cycles become time.</summary>
    public long CyclesToPs(long cycles) => (long)(((UInt128)(ulong)cycles * 1_000_000_000_000UL + (ulong)(ClockHz / 2)) / (ulong)ClockHz);

    /// <summary>The constant's length in picoseconds.</summary>
    /// <exception cref="KeyNotFoundException">No such constant in this profile.</exception>
    public long Ps(CostName name)
    {
        long ps = _ps[(int)name];
        return ps != Missing ? ps : throw new KeyNotFoundException($"cost profile {Name} has no {CostNames.Names.Of(name)}");
    }

    /// <summary>The profile's machines have what the constant is the cost of.</summary>
    public bool Has(CostName name) => _ps[(int)name] != Missing;

    /// <summary>The constant with its range and source.</summary>
    /// <exception cref="KeyNotFoundException">No such constant in this profile.</exception>
    public CostConstant Constant(CostName name) =>
        Constants.FirstOrDefault(c => c.Name == name) ?? throw new KeyNotFoundException($"cost profile {Name} has no {CostNames.Names.Of(name)}");

    /// <summary>The same profile with one constant set by the user. Its range stays, if the unit does, so that a report can tell a value outside it.</summary>
    public CostProfile WithOverride(CostName name, CostUnit unit, long value)
    {
        CostConstant old = Constant(name);
        bool sameUnit = old.Unit == unit;
        var replacement = new CostConstant(
            name, unit, value, sameUnit ? old.Low : value, sameUnit ? old.High : value, "set", $"set by the scenario instead of {Name}'s {old.Value} {old.Unit}");
        return new CostProfile(Name, Description, ClockHz, [.. Constants.Select(c => c.Name == name ? replacement : c)]);
    }
}
