namespace IoScale.Hardware.Vectors;

public sealed partial class CpuVectors
{
    private static MatrixMap NewMatrix(VectorLayout layout)
    {
        var matrix = new MatrixMap(layout.First, layout.Last + 1);
        for (var vector = layout.Never.NextMember(0); vector >= 0; vector = layout.Never.NextMember(vector + 1))
        {
            matrix.MarkSystem(vector, replace: false);
        }

        return matrix;
    }

    // The loop of every allocator with a rotor. The vector at which the rotor stands ends the search before it is looked at, free or not.
    private VectorReply Propose(in VectorRequest request)
    {
        var layout = Layout;
        var vector = request.Vector;
        var offset = request.Offset;
        do
        {
            vector += layout.Stride;
            if (vector > layout.Last)
            {
                offset = (offset + 1) % layout.Stride;
                vector = layout.First + offset;
            }

            if (vector == request.Stop)
            {
                return Refuse(request);
            }
        }
        while (_entries[vector] >= 0 || !layout.Allows(_cpu, vector));

        Set(vector, request.Irq, request.Watch);
        return Grant(request, vector, offset);
    }

    private VectorReply TryClaim(in VectorRequest request)
    {
        if (_entries[request.Vector] >= 0 || !Layout.Allows(_cpu, request.Vector))
        {
            return Refuse(request);
        }

        Set(request.Vector, request.Irq, request.Watch);
        return Grant(request, request.Vector);
    }

    private VectorReply Release(in VectorRequest request)
    {
        if (Owner(request.Vector) != request.Irq)
        {
            return _matrix is null ? Refuse(request) : Warn(request);
        }

        var freed = _matrix?.Free(request.Vector, request.Managed) ?? true;
        Erase(request.Vector);
        return freed ? Grant(request, request.Vector) : Warn(request);
    }

    private VectorReply Retire(in VectorRequest request)
    {
        if (Owner(request.Vector) != request.Irq)
        {
            return Refuse(request);
        }

        _retired.Set(request.Vector);
        if (request.Managed)
        {
            _retiredManaged.Set(request.Vector);
        }

        return Grant(request, request.Vector);
    }

    private VectorReply AnswerMatrix(in VectorRequest request)
    {
        if (_matrix is not { } matrix)
        {
            throw new InvalidOperationException($"pCPU {_cpu}: allocator {_kind} has no matrix to answer {request.Ask}");
        }

        int vector;
        switch (request.Ask)
        {
            case VectorAsk.MatrixAlloc:
                vector = matrix.Alloc();
                break;
            case VectorAsk.MatrixAllocManaged:
                vector = matrix.AllocManaged();
                break;
            case VectorAsk.MatrixAssign:
                vector = matrix.Assign(request.Vector) ? request.Vector : -1;
                break;
            case VectorAsk.MatrixReserveManaged:
                return matrix.ReserveManaged() is var reserved and >= 0 ? Grant(request, reserved) : Refuse(request);
            case VectorAsk.MatrixRemoveManaged:
                return matrix.RemoveManaged() is var removed and >= 0 ? Grant(request, removed) : Warn(request);
            default:
                throw new InvalidOperationException($"pCPU {_cpu}: unknown question {request.Ask}");
        }

        if (vector < 0)
        {
            return request.Ask == VectorAsk.MatrixAssign ? Warn(request) : Refuse(request);
        }

        Set(vector, request.Irq, request.Watch);
        return Grant(request, vector);
    }

    private void Set(int vector, int irq, bool watch)
    {
        Erase(vector);
        _entries[vector] = irq;
        if (watch)
        {
            _watched.Set(vector);
        }
    }

    private void Erase(int vector)
    {
        if (_entries[vector] >= 0)
        {
            _entries[vector] = ~_entries[vector];
        }

        _watched.Clear(vector);
        _retired.Clear(vector);
        _retiredManaged.Clear(vector);
    }

    private VectorReply Grant(in VectorRequest request, int vector, int offset = 0) =>
        new(request.Ask, _cpu, request.Irq, vector, offset, Erased: false, Warned: false, Counts);

    private VectorReply Refuse(in VectorRequest request) =>
        new(request.Ask, _cpu, request.Irq, -1, 0, Erased: false, Warned: false, Counts);

    private VectorReply Warn(in VectorRequest request) =>
        new(request.Ask, _cpu, request.Irq, -1, 0, Erased: false, Warned: true, Counts);
}
