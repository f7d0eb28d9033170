namespace IoScale.Hardware.Numbers;

/// <summary>Equal frames of one flow at equal distances: frame i is there at FirstPs + i * SpacingPs.</summary>
/// <param name="SpacingPs">0 or more; 0 where the frames are there together.</param>
/// <param name="Count">1 or more; 0 only in what a split leaves over.</param>
/// <param name="FrameBytes">Header to FCS.</param>
/// <param name="SentPs">When the source handed the train to its wire or driver; latency counts from here.</param>
public readonly record struct FrameTrain(long FirstPs, long SpacingPs, int Count, int FrameBytes, int FlowId, long SentPs = 0)
{
    /// <summary>When the last frame is there.</summary>
    public long LastPs => AtPs(Count - 1);

    /// <summary>Bytes of all frames, header to FCS.</summary>
    public long Bytes => (long)Count * FrameBytes;

    /// <summary>When frame <paramref name="i"/> (from 0) is there.</summary>
    public long AtPs(int i) => FirstPs + i * SpacingPs;

    /// <summary>Frames that are there by <paramref name="ps"/>, this instant included.</summary>
    public int ArrivedBy(long ps)
    {
        if (Count == 0 || ps < FirstPs)
        {
            return 0;
        }

        return SpacingPs == 0 || (ps - FirstPs) / SpacingPs >= Count ? Count : (int)((ps - FirstPs) / SpacingPs) + 1;
    }

    /// <summary>The first <paramref name="n"/> frames, 0 to Count.</summary>
    public FrameTrain Take(int n) => this with { Count = n };

    /// <summary>The train without its first <paramref name="n"/> frames, 0 to Count.</summary>
    public FrameTrain Skip(int n) => this with { FirstPs = AtPs(n), Count = Count - n };
}
