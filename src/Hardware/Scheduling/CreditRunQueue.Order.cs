namespace IoScale.Hardware.Scheduling;

/// <summary>Who comes before whom: the distribution of credits and the order of the queue.</summary>
public sealed partial class CreditRunQueue
{
    private void Account()
    {
        Span<int> weights = stackalloc int[_units.Count];
        Span<int> shares = stackalloc int[_units.Count];
        int active = 0;
        foreach (RunUnit unit in _units)
        {
            if (unit.Active)
            {
                weights[active++] = unit.Weight;
            }
        }

        CreditAccounting.Share(weights[..active], 1, _slicePs, shares[..active]);
        int next = 0;
        foreach (RunUnit unit in _units)
        {
            if (unit.Active)
            {
                CreditAccounting.Grant(unit, shares[next++], SliceCredits);
            }
        }

        Sort();
    }

    /// <summary>Priorities have changed: a stable sort, so that who waited longer stays ahead.</summary>
    private void Sort()
    {
        for (int i = 1; i < _queue.Count; i++)
        {
            int id = _queue[i];
            RunPriority priority = Find(id).Priority;
            int j = i;
            for (; j > 0 && Find(_queue[j - 1]).Priority > priority; j--)
            {
                _queue[j] = _queue[j - 1];
            }

            _queue[j] = id;
        }
    }

    private void Enqueue(RunUnit unit)
    {
        int at = 0;
        while (at < _queue.Count && Find(_queue[at]).Priority <= unit.Priority)
        {
            at++;
        }

        _queue.Insert(unit.Yielded ? Math.Min(at + 1, _queue.Count) : at, unit.Id);
    }

    private RunUnit Find(int id)
    {
        foreach (RunUnit unit in _units)
        {
            if (unit.Id == id)
            {
                return unit;
            }
        }

        throw new InvalidOperationException($"vCPU {id} is not on pCPU {_pcpu}");
    }
}
