using IoScale.Hardware.Numbers;

namespace IoScale.Hardware.Pv;

/// <summary>The two directions, batch by batch.</summary>
public sealed partial class NetbackShard
{
    /// <summary>The bridge has frames for a vif: each takes a receive request, or waits behind the bridge, or is lost.</summary>
    /// <param name="from">vif that sent them, or <see cref="VifFrames.FromNic"/>.</param>
    public void FromBridge(int vif, int from, in FrameTrain train)
    {
        NetbackVif state = Vif(vif);
        int ready = state.Stopped ? 0 : Math.Min(train.Count, state.RxRequests);
        TakeRequests(vif, state, from, train.Take(ready));
        FrameTrain rest = train.Skip(ready);
        if (rest.Count == 0)
        {
            return;
        }

        Stop(vif, state);
        int waits = Math.Min(rest.Count, QdiscLength - state.QdiscFrames);
        if (waits > 0)
        {
            state.Qdisc.Enqueue(rest.Take(waits));
            state.QdiscSenders.Enqueue(from);
            state.QdiscFrames += waits;
        }

        state.Dropped += rest.Count - waits;
        Release(from, rest.Count - waits);
    }

    /// <summary>The guest has posted receive requests.</summary>
    public void PostReceive(int vif, int requests) => Vif(vif).RxRequests += requests;

    /// <summary>The guest has put frames into transmit requests; netback looks at them when it is told or looks anyway.</summary>
    public void FromGuest(int vif, in FrameTrain train)
    {
        NetbackVif state = Vif(vif);
        state.Tx.Enqueue(train);
        state.TxFrames += train.Count;
    }

    /// <summary>Frames that came from a vif have left, or reached their receiver, or been lost.</summary>
    public void Sent(int vif, int frames)
    {
        NetbackVif state = Vif(vif);
        if (state.TxDone == 0 && frames > 0)
        {
            _answers.Enqueue(vif);
        }

        state.TxDone += frames;
        _pending -= frames;
    }

    private void TakeRequests(int vif, NetbackVif state, int from, in FrameTrain train)
    {
        if (train.Count > 0)
        {
            state.RxRequests -= train.Count;
            state.RxUsed += train.Count;
            _rx.Enqueue(new VifFrames(vif, from, train));
        }
    }

    private void Stop(int vif, NetbackVif state)
    {
        if (!state.Stopped)
        {
            state.Stopped = true;
            _effects.Add(new NetbackEffect(NetbackEffectKind.RxWanted, vif, Used: state.RxUsed));
        }
    }

    private void Restart(int vif, NetbackVif state)
    {
        state.Stopped = false;
        while (state.RxRequests > 0 && state.QdiscFrames > 0)
        {
            FrameTrain train = state.Qdisc[0];
            int from = state.QdiscSenders.Peek();
            int taken = Math.Min(train.Count, state.RxRequests);
            if (taken == train.Count)
            {
                state.Qdisc.RemoveAt(0);
                state.QdiscSenders.Dequeue();
            }
            else
            {
                state.Qdisc[0] = train.Skip(taken);
            }

            state.QdiscFrames -= taken;
            TakeRequests(vif, state, from, train.Take(taken));
        }

        if (state.QdiscFrames > 0)
        {
            Stop(vif, state);
        }
    }

    private void Release(int from, int frames)
    {
        if (from != VifFrames.FromNic && frames > 0)
        {
            _effects.Add(new NetbackEffect(NetbackEffectKind.Released, from, frames));
        }
    }

    private void BeginReceive()
    {
        _stage = Stage.RxPrepare;
        while (_batchFrames < BatchSlots && _rx.TryPeek(out VifFrames frames))
        {
            FrameTrain train = frames.Train.Skip(_rxTaken);
            int taken = Math.Min(train.Count, BatchSlots - _batchFrames);
            _batch.Add(frames with { Train = train.Take(taken) });
            _batchFrames += taken;
            _rxTaken += taken;
            if (taken == train.Count)
            {
                _rx.Dequeue();
                _rxTaken = 0;
            }
        }
    }

    /// <summary>One frame of each vif in turn, as long as there are slots; the frames of a vif stay together.</summary>
    private void BeginTransmit()
    {
        _stage = Stage.TxMap;
        int room = BatchSlots - _pending;
        _turns.Clear();
        while (room > 0 && _scheduled.TryDequeue(out int vif))
        {
            NetbackVif state = Vif(vif);
            if (state.InBatch == 0)
            {
                _turns.Add(vif);
            }

            state.InBatch++;
            room--;
            state.Scheduled = state.InBatch < state.TxFrames;
            if (state.Scheduled)
            {
                _scheduled.Enqueue(vif);
            }
        }

        foreach (int vif in _turns)
        {
            TakeForSending(vif, Vif(vif));
        }
    }

    private void TakeForSending(int vif, NetbackVif state)
    {
        int left = state.InBatch;
        while (left > 0)
        {
            FrameTrain train = state.Tx[0];
            int taken = Math.Min(train.Count, left);
            _batch.Add(new VifFrames(vif, vif, train.Take(taken)));
            if (taken == train.Count)
            {
                state.Tx.RemoveAt(0);
            }
            else
            {
                state.Tx[0] = train.Skip(taken);
            }

            left -= taken;
        }

        _effects.Add(new NetbackEffect(NetbackEffectKind.Taken, vif, state.InBatch, !state.Scheduled));
        state.TxFrames -= state.InBatch;
        _batchFrames += state.InBatch;
        _pending += state.InBatch;
        state.InBatch = 0;
    }

    private long CopyPs()
    {
        long ps = _costs.CopyFixedPs;
        foreach (VifFrames frames in _batch)
        {
            ps += _costs.CopyPs(frames.Train.Count, frames.Train.FrameBytes);
        }

        return ps;
    }

    /// <summary>The batch is done: its frames go on, those of a vif together, vifs in order of their first frame.</summary>
    private void HandOver(NetbackEffectKind kind)
    {
        _turns.Clear();
        foreach (VifFrames frames in _batch)
        {
            NetbackVif state = Vif(frames.Vif);
            if (state.InBatch++ == 0)
            {
                _turns.Add(frames.Vif);
            }
        }

        foreach (int vif in _turns)
        {
            NetbackVif state = Vif(vif);
            FrameTrain[] trains = new FrameTrain[state.InBatch];
            state.InBatch = 0;
            foreach (VifFrames frames in _batch)
            {
                if (frames.Vif == vif)
                {
                    trains[state.InBatch++] = frames.Train;
                }
            }

            state.InBatch = 0;
            _effects.Add(new NetbackEffect(kind, vif, Trains: trains));
        }

        foreach (VifFrames frames in kind == NetbackEffectKind.ToGuest ? _batch : [])
        {
            Release(frames.From, frames.Train.Count);
        }

        Frames += _batchFrames;
        _batch.Clear();
        _batchFrames = 0;
        _stage = Stage.None;
    }
}
