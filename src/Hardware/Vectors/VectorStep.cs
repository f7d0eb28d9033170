namespace IoScale.Hardware.Vectors;

/// <summary>Where a search stands: either one more pCPU is to be asked, or the result is known.</summary>
/// <param name="IsDone">True when the search has ended and <paramref name="Rc"/>, <paramref name="Vector"/> and <paramref name="Domain"/> hold its result.</param>
/// <param name="Rc">0 or a negative errno (<see cref="VectorErrors"/>).</param>
/// <param name="Vector">The vector found, or -1.</param>
/// <param name="Domain">The pCPUs on which the vector is claimed.</param>
/// <param name="Request">The next question when not done.</param>
public readonly record struct VectorStep(bool IsDone, int Rc, int Vector, CpuMask Domain, VectorRequest Request)
{
    /// <summary>Ask this next.</summary>
    public static VectorStep Ask(in VectorRequest request) => new(false, 0, -1, CpuMask.None, request);

    /// <summary>Ended without a vector.</summary>
    public static VectorStep Failed(int rc) => new(true, rc, -1, CpuMask.None, default);

    /// <summary>Ended with a vector claimed on <paramref name="domain"/>.</summary>
    public static VectorStep Found(int vector, CpuMask domain) => new(true, VectorErrors.Ok, vector, domain, default);
}
