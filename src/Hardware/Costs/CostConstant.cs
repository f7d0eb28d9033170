namespace IoScale.Hardware.Costs;

public enum CostUnit
{
    Cycles,
    Picoseconds,
}

/// <summary>One cost, in cycles or picoseconds.</summary>
/// <param name="Low">Lower end of the plausible range, same unit.</param>
/// <param name="High">Upper end of the plausible range, same unit.</param>
/// <param name="Confidence">V verified, D stated in the deck, A arithmetic, X observed, R-H/R-M/R-L recalled.</param>
public sealed record CostConstant(CostName Name, CostUnit Unit, long Value, long Low, long High, string Confidence, string Source);
