namespace IoScale.Hardware.Traffic;

/// <summary>When a sender that hears nothing tries again.</summary>
public static class TransportTimeouts
{
    /// <summary>
    /// Before the first answer, on top of the way there and back, doubled each time: stands for opening a connection, which has no frames of its
    /// own here. A receiver whose driver is not up yet costs milliseconds this way, not the seconds of a real handshake (R-L).
    /// </summary>
    public const long OpeningPs = 1_000_000_000;

    /// <summary>Shortest retransmission timeout (Linux TCP_RTO_MIN: 200 ms, V).</summary>
    public const long LeastPs = 200_000_000_000;

    /// <summary>Longest retransmission timeout (Linux TCP_RTO_MAX: 120 s, V).</summary>
    public const long MostPs = 120_000_000_000_000;
}
