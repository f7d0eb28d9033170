using IoScale.Hardware.Platform;
using MemoryPack;

namespace IoScale.Hardware.Pv;

/// <summary>Which netback shard serves which vif. A vif joins one when it goes up, and stays until it goes down.</summary>
[MemoryPackable]
public sealed partial class VifShards
{
    [MemoryPackInclude]
    private ShardAssignment _assignment;

    [MemoryPackInclude]
    private int[] _vifs = [];

    /// <param name="shards">At least 1; exactly 1 for <see cref="ShardAssignment.Single"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">No shards, or several for a single one.</exception>
    public VifShards(ShardAssignment assignment, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, assignment == ShardAssignment.Single ? 1 : int.MaxValue);
        _assignment = assignment;
        _vifs = new int[shards];
    }

    [MemoryPackConstructor]
    private VifShards()
    {
    }

    /// <summary>vifs that each shard serves.</summary>
    [MemoryPackIgnore]
    public ReadOnlySpan<int> Vifs => _vifs;

    /// <summary>A vif goes up.</summary>
    /// <param name="domid">Domain id of its VM, not negative.</param>
    /// <returns>Its shard.</returns>
    /// <exception cref="InvalidOperationException">Every thread has its vif already (per-vif-thread).</exception>
    public int Join(int domid)
    {
        int shard = _assignment switch
        {
            ShardAssignment.Single => 0,
            ShardAssignment.Domid => domid % _vifs.Length,
            _ => LeastLoaded(),
        };
        if (_assignment == ShardAssignment.PerVifThread && _vifs[shard] > 0)
        {
            throw new InvalidOperationException($"{_vifs.Length} netback threads serve as many vifs; there is none for another");
        }

        _vifs[shard]++;
        return shard;
    }

    /// <summary>A vif of the shard goes down.</summary>
    /// <exception cref="InvalidOperationException">The shard serves none.</exception>
    public void Leave(int shard)
    {
        if (_vifs[shard] == 0)
        {
            throw new InvalidOperationException($"netback shard {shard} serves no vif");
        }

        _vifs[shard]--;
    }

    private int LeastLoaded()
    {
        int best = 0;
        for (int i = 1; i < _vifs.Length; i++)
        {
            best = _vifs[i] < _vifs[best] ? i : best;
        }

        return best;
    }
}
