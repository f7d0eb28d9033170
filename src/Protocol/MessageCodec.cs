using System.Buffers;
using System.Buffers.Binary;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Protocol;

/// <summary>
/// Messages as bytes: two bytes that name the kind, then the fields. The names are written down here, one by one; a kind that is not listed is
/// refused, whoever sends it.
/// </summary>
public sealed class MessageCodec : IMessageCodec
{
    private readonly Dictionary<ushort, Kind> _byManifest = [];
    private readonly Dictionary<Type, Kind> _byType = [];

    public MessageCodec()
    {
        Add<Frames>(0x0101);
        Add<Transmit>(0x0102);
        Add<TransmitDone>(0x0103);
        Add<TransmitWriteback>(0x0104);
        Add<Received>(0x0105);
        Add<Depart>(0x0106);
        Add<RxEnable>(0x0107);
        Add<TxEnable>(0x0108);
        Add<MsiWrite>(0x0201);
        Add<Interrupt>(0x0202);
        Add<Ipi>(0x0203);
        Add<DeviceInterrupt>(0x0204);
        Add<KickVcpu>(0x0205);
        Add<Kicked>(0x0206);
        Add<ModerationDue>(0x0207);
        Add<WriteMsix>(0x0208);
        Add<WriteIrte>(0x0209);
        Add<HostInterrupt>(0x020A);
        Add<PostInterrupt>(0x020B);
        Add<PostedNotification>(0x020C);
        Add<ActivityDone>(0x0301);
        Add<SchedulerTick>(0x0302);
        Add<WakeVcpu>(0x0303);
        Add<VmEntry>(0x0304);
        Add<GuestRun>(0x0305);
        Add<Descheduled>(0x0306);
        Add<VcpuPlaced>(0x0307);
        Add<HandOverVcpu>(0x0308);
        Add<VcpuArrives>(0x0309);
        Add<StealRequest>(0x030A);
        Add<StealRefused>(0x030B);
        Add<Tickle>(0x030C);
        Add<GuestTick>(0x030D);
        Add<DeviceModelRequest>(0x030E);
        Add<DeviceModelDone>(0x030F);
        Add<MeasureStart>(0x0401);
        Add<MigrateVcpu>(0x0403);
        Add<SetAffinity>(0x0404);
        Add<OfflinePCpu>(0x0405);
        Add<OnlinePCpu>(0x0406);
        Add<ResetFunction>(0x0407);
        Add<AskVector>(0x0501);
        Add<VectorAnswer>(0x0502);
        Add<VectorTaken>(0x0503);
        Add<SendCleanup>(0x0504);
        Add<FunctionUp>(0x0505);
        Add<FunctionDown>(0x0506);
        Add<Mailbox>(0x0507);
        Add<BridgeToShard>(0x0601);
        Add<ShardToBridge>(0x0602);
        Add<VifReceived>(0x0603);
        Add<VifTransmit>(0x0604);
        Add<VifPosted>(0x0605);
        Add<VifTaken>(0x0606);
        Add<VifAnswered>(0x0607);
        Add<VifRxWanted>(0x0608);
        Add<VifPushed>(0x0609);
        Add<VifLook>(0x060A);
        Add<VifEvent>(0x060B);
        Add<VifSent>(0x060C);
        Add<ShardReady>(0x060D);
        Add<AskShard>(0x060E);
        Add<ShardPiece>(0x060F);
        Add<ShardDone>(0x0610);
        Add<NotificationDue>(0x0611);
        Add<FrontTimer>(0x0612);
        Add<SetNotification>(0x0613);
        Add<Acknowledge>(0x0701);
        Add<ReachedStation>(0x0702);
        Add<RetransmissionDue>(0x0703);
    }

    private delegate void Writer(IBufferWriter<byte> writer, VirtualMessage message);

    private delegate VirtualMessage Reader(ReadOnlySpan<byte> bytes);

    /// <summary>Every kind of message that can be written and read.</summary>
    public IReadOnlyCollection<Type> Kinds => _byType.Keys;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The kind is not listed.</exception>
    public void Write(IBufferWriter<byte> writer, VirtualMessage message)
    {
        if (!_byType.TryGetValue(message.GetType(), out Kind? kind))
        {
            throw new InvalidOperationException($"{message.GetType().Name} is not a message of the protocol");
        }

        BinaryPrimitives.WriteUInt16LittleEndian(writer.GetSpan(2), kind.Manifest);
        writer.Advance(2);
        kind.Write(writer, message);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The kind is unknown or the fields cannot be read.</exception>
    public VirtualMessage Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 || !_byManifest.TryGetValue(BinaryPrimitives.ReadUInt16LittleEndian(bytes), out Kind? kind))
        {
            throw new InvalidDataException("not a message of the protocol");
        }

        return kind.Read(bytes[2..]);
    }

    private void Add<T>(ushort manifest)
        where T : VirtualMessage
    {
        Kind kind = new(
            manifest,
            (writer, message) => MemoryPackSerializer.Serialize(writer, (T)message),
            bytes => Deserialize<T>(bytes));
        _byManifest.Add(manifest, kind);
        _byType.Add(typeof(T), kind);
    }

    private static T Deserialize<T>(ReadOnlySpan<byte> bytes)
        where T : VirtualMessage
    {
        try
        {
            T? message = null;
            int read = MemoryPackSerializer.Deserialize(bytes, ref message);
            return message is not null && read == bytes.Length
                ? message
                : throw new InvalidDataException($"a {typeof(T).Name} without content, or with something behind it");
        }
        catch (Exception e) when (e is MemoryPackSerializationException or OverflowException)
        {
            throw new InvalidDataException($"a {typeof(T).Name} that cannot be read: {e.Message}", e);
        }
    }

    private sealed record Kind(ushort Manifest, Writer Write, Reader Read);
}
