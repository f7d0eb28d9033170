namespace IoScale.Protocol.Wire;

public sealed partial class WindowPart : IWireMessage;

public sealed partial class WindowCredit : IWireMessage;

public sealed partial class NodeHello : IWireMessage;

public sealed partial class NodeRefused : IWireMessage;

public sealed partial class PrepareShare : IWireMessage;

public sealed partial class SharePrepared : IWireMessage;

public sealed partial class RunTo : IWireMessage;

public sealed partial class Reached : IWireMessage;

public sealed partial class CaptureShare : IWireMessage;

public sealed partial class ShareCaptured : IWireMessage;

public sealed partial class ShareDurable : IWireMessage;

public sealed partial class ShareDelayed : IWireMessage;

public sealed partial class ShareFailed : IWireMessage;

public sealed partial class DropShare : IWireMessage;

public sealed partial class ToPartition : IWireMessage;

public sealed partial class Piece : IWireMessage;

public sealed partial class SubmitRun : IWireMessage;

public sealed partial class Submitted : IWireMessage;

public sealed partial class AskStatus : IWireMessage;

public sealed partial class StatusReply : IWireMessage;

public sealed partial class FetchPiece : IWireMessage;

public sealed partial class FetchList : IWireMessage;

public sealed partial class FileList : IWireMessage;

public sealed partial class CancelRun : IWireMessage;

public sealed partial class Cancelled : IWireMessage;

public sealed partial class Refusal : IWireMessage;

public sealed partial class RunSubmitted : IWireMessage;

public sealed partial class EpochStarted : IWireMessage;

public sealed partial class CheckpointCommitted : IWireMessage;

public sealed partial class RunFinished : IWireMessage;

public sealed partial class RunFailed : IWireMessage;

public sealed partial class RunCancelled : IWireMessage;

public sealed partial class StoredState : IWireMessage;

public sealed partial class StoredResult : IWireMessage;
