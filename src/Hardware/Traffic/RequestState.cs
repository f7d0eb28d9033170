using MemoryPack;

namespace IoScale.Hardware.Traffic;

/// <summary>Requests of a client that have no response yet.</summary>
/// <param name="SentPs">When they were sent last.</param>
/// <param name="FirstPs">When they were sent first.</param>
/// <param name="Lost">To be sent again.</param>
[MemoryPackable]
public readonly partial record struct PendingRequest(long SentPs, long FirstPs, int Count, bool Lost);

/// <summary>Responses on their way to the client.</summary>
/// <param name="ResponsePs">When they set out.</param>
/// <param name="SentPs">When their requests were sent.</param>
[MemoryPackable]
public readonly partial record struct AnnouncedResponse(long ResponsePs, long SentPs, int Count);
