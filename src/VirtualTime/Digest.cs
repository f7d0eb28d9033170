using System.Numerics;

namespace IoScale.VirtualTime;

/// <summary>A running 64-bit hash over the events an entity handled. Order matters; no allocation; the same on every platform.</summary>
public struct Digest : IEquatable<Digest>
{
    private ulong _value;

    public Digest(ulong value) => _value = value;

    public readonly ulong Value => _value;

    public void Add(ulong word)
    {
        // One multiply-rotate round an input word (the shape of xxHash64's round), then a final avalanche where values are combined.
        _value ^= BitOperations.RotateLeft(word * 0xC2B2AE3D27D4EB4FUL, 31) * 0x9E3779B185EBCA87UL;
        _value = (BitOperations.RotateLeft(_value, 27) * 0x9E3779B185EBCA87UL) + 0x85EBCA77C2B2AE63UL;
    }

    public void Add(long word) => Add(unchecked((ulong)word));

    public void Add(int word) => Add(unchecked((ulong)word));

    public void Add(bool flag) => Add(flag ? 1UL : 2UL);

    /// <summary>The length and every UTF-16 code unit.</summary>
    public void Add(string text)
    {
        Add(text.Length);
        foreach (char c in text)
        {
            Add((ulong)c);
        }
    }

    public void Add(EntityId id) => Add(unchecked((ulong)id.Value));

    /// <summary>The digest with every input bit spread over every output bit.</summary>
    public readonly ulong Finish()
    {
        ulong h = _value;
        h = (h ^ (h >> 33)) * 0xC2B2AE3D27D4EB4FUL;
        h = (h ^ (h >> 29)) * 0x165667B19E3779F9UL;
        return h ^ (h >> 32);
    }

    public readonly bool Equals(Digest other) => _value == other._value;

    public override readonly bool Equals(object? obj) => obj is Digest other && Equals(other);

    public override readonly int GetHashCode() => _value.GetHashCode();

    public static bool operator ==(Digest left, Digest right) => left.Equals(right);

    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);
}
