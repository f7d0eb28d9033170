using MemoryPack;

namespace IoScale.Hardware.Traffic;

/// <summary>Frames of a flow that set out together and are not acknowledged.</summary>
/// <param name="SentPs">When; the acknowledgement echoes it.</param>
[MemoryPackable]
public readonly partial record struct SentFrames(long SentPs, int Count);
