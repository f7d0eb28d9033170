namespace IoScale.Nodes.Cluster.Planning;

/// <summary>
/// Makes a plan cut less, after Kernighan and Lin (1970) and Fiduccia and Mattheyses (1982): in a pass every unit moves at most once, each time the
/// one that gains most, losses included; the pass keeps the moves up to the best plan on the way. A slot may be too full between two moves,
/// which is how two units change places, but not in a plan that is kept.
/// </summary>
internal sealed class PlanRefinement
{
    private const int MostPasses = 6;

    /// <summary>Moves without a better plan after which a pass ends.</summary>
    private const int Patience = 300;

    private readonly PlanGraph _graph;
    private readonly int _slots;
    private readonly long _capacity;
    private readonly long _largest;
    private readonly int[] _slotOf;
    private readonly long[] _loads;
    private readonly int[] _counts;

    /// <summary>Cost of the links of each unit to each slot.</summary>
    private readonly long[] _ties;

    private readonly bool[] _moved;
    private PriorityQueue<int, (long Loss, int Unit)>[] _queues = [];
    private int _emptiest;
    private long _cut;

    /// <param name="slotOf">Slot of each unit; every slot has one.</param>
    /// <param name="capacity">Most load of a slot.</param>
    public PlanRefinement(PlanGraph graph, int slots, int[] slotOf, long capacity)
    {
        _graph = graph;
        _slots = slots;
        _slotOf = [.. slotOf];
        _capacity = capacity;
        _largest = graph.Weights.Max();
        _loads = new long[slots];
        _counts = new int[slots];
        _ties = new long[graph.Count * slots];
        _moved = new bool[graph.Count];
        for (int unit = 0; unit < graph.Count; unit++)
        {
            _loads[slotOf[unit]] += graph.Weights[unit];
            _counts[slotOf[unit]]++;
            foreach (PlanGraph.Edge edge in graph.Edges[unit])
            {
                _ties[(unit * slots) + slotOf[edge.Unit]] += edge.Cost;
                _cut += slotOf[edge.Unit] != slotOf[unit] ? edge.Cost : 0;
            }
        }

        _cut /= 2;
    }

    public int[] SlotOf => _slotOf;

    /// <summary>Cost of the links that the plan cuts.</summary>
    public long Cut => _cut;

    public long HeaviestLoad => _loads.Max();

    public bool Fits => HeaviestLoad <= _capacity;

    /// <summary>Passes until one brings nothing.</summary>
    public PlanRefinement Run()
    {
        for (int pass = 0; pass < MostPasses && (_cut > 0 || !Fits) && Pass(); pass++)
        {
        }

        return this;
    }

    private bool Pass()
    {
        _queues = [.. Enumerable.Range(0, _slots).Select(_ => new PriorityQueue<int, (long, int)>())];
        Array.Clear(_moved);
        for (int unit = 0; unit < _graph.Count; unit++)
        {
            Offer(unit);
        }

        List<(int Unit, int From)> moves = [];
        long best = Fits ? _cut : long.MaxValue;
        int kept = 0;
        while (moves.Count - kept < Patience && Next(out int unit, out int target))
        {
            moves.Add((unit, _slotOf[unit]));
            _moved[unit] = true;
            Move(unit, target);
            foreach (PlanGraph.Edge edge in _graph.Edges[unit])
            {
                Offer(edge.Unit);
            }

            if (_cut < best && Fits)
            {
                best = _cut;
                kept = moves.Count;
            }
        }

        for (int i = moves.Count - 1; i >= kept; i--)
        {
            Move(moves[i].Unit, moves[i].From);
        }

        return kept > 0;
    }

    /// <summary>The move that loses least: from the fullest slot while one is too full, else from any.</summary>
    private bool Next(out int unit, out int target)
    {
        int fullest = _emptiest = 0;
        for (int slot = 1; slot < _slots; slot++)
        {
            fullest = _loads[slot] > _loads[fullest] ? slot : fullest;
            _emptiest = _loads[slot] < _loads[_emptiest] ? slot : _emptiest;
        }

        bool over = _loads[fullest] > _capacity;
        long limit = over ? _capacity : _capacity + _largest;
        while (true)
        {
            int from = over ? fullest : CheapestQueue();
            if (from < 0 || !_queues[from].TryDequeue(out unit, out (long Loss, int Unit) offered))
            {
                unit = target = -1;
                return false;
            }

            if (_moved[unit] || _slotOf[unit] != from || _counts[from] == 1)
            {
                continue;
            }

            target = BestTarget(unit, limit);
            if (target < 0)
            {
                continue;
            }

            long loss = LossOf(unit, target);
            if (loss <= offered.Loss)
            {
                return true;
            }

            // What made it cheap has moved away, or is full.
            _queues[from].Enqueue(unit, (loss, unit));
        }
    }

    private int CheapestQueue()
    {
        int cheapest = -1;
        (long Loss, int Unit) least = default;
        for (int slot = 0; slot < _slots; slot++)
        {
            if (_queues[slot].TryPeek(out _, out (long Loss, int Unit) offered) && (cheapest < 0 || offered.CompareTo(least) < 0))
            {
                cheapest = slot;
                least = offered;
            }
        }

        return cheapest;
    }

    private void Offer(int unit)
    {
        if (!_moved[unit] && BestTarget(unit, long.MaxValue) is >= 0 and int target)
        {
            _queues[_slotOf[unit]].Enqueue(unit, (LossOf(unit, target), unit));
        }
    }

    /// <summary>The slot with room that the unit has the tightest ties with; among equals the one with the least load.</summary>
    private int BestTarget(int unit, long limit)
    {
        PlanGraph.Edge[] edges = _graph.Edges[unit];
        int best = Better(unit, -1, _emptiest, limit);
        if (edges.Length < _slots)
        {
            // No other slot has ties with it.
            foreach (PlanGraph.Edge edge in edges)
            {
                best = Better(unit, best, _slotOf[edge.Unit], limit);
            }
        }
        else
        {
            for (int slot = 0; slot < _slots; slot++)
            {
                best = Better(unit, best, slot, limit);
            }
        }

        return best;
    }

    private int Better(int unit, int best, int slot, long limit)
    {
        if (slot == _slotOf[unit] || _loads[slot] > limit - _graph.Weights[unit])
        {
            return best;
        }

        if (best < 0)
        {
            return slot;
        }

        int order = Ties(unit, slot).CompareTo(Ties(unit, best));
        order = order != 0 ? order : _loads[best].CompareTo(_loads[slot]);
        return order > 0 || (order == 0 && slot < best) ? slot : best;
    }

    private long LossOf(int unit, int target) => Ties(unit, _slotOf[unit]) - Ties(unit, target);

    private long Ties(int unit, int slot) => _ties[(unit * _slots) + slot];

    private void Move(int unit, int target)
    {
        int from = _slotOf[unit];
        _cut += LossOf(unit, target);
        _slotOf[unit] = target;
        _loads[from] -= _graph.Weights[unit];
        _loads[target] += _graph.Weights[unit];
        _counts[from]--;
        _counts[target]++;
        foreach (PlanGraph.Edge edge in _graph.Edges[unit])
        {
            _ties[(edge.Unit * _slots) + from] -= edge.Cost;
            _ties[(edge.Unit * _slots) + target] += edge.Cost;
        }
    }
}
