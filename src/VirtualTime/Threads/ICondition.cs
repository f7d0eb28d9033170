namespace IoScale.VirtualTime.Threads;

/// <summary>What a thread waits for; a struct, so that waiting allocates nothing.</summary>
internal interface ICondition
{
    bool Holds { get; }
}
