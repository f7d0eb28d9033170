namespace IoScale.Hardware.Vectors;

/// <summary>Results of vector operations, as the kernels number them: 0 or a negative errno.</summary>
public static class VectorErrors
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>-EAGAIN: a move is under way and its target is alive; try again (Xen today).</summary>
    public const int Again = -11;

    /// <summary>-EBUSY: a move is under way (Xen 2009, Linux).</summary>
    public const int Busy = -16;

    /// <summary>-EINVAL: an argument that cannot be right.</summary>
    public const int Invalid = -22;

    /// <summary>-ENOSPC: no vector free where it was asked for.</summary>
    public const int NoSpace = -28;
}
