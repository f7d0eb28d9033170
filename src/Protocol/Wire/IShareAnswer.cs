namespace IoScale.Protocol.Wire;

/// <summary>What a node says of its share to the coordinator; the epoch tells whether it still counts.</summary>
public interface IShareAnswer
{
    string Run { get; set; }

    long Epoch { get; set; }

    int Slot { get; set; }
}

public sealed partial class SharePrepared : IShareAnswer;

public sealed partial class Reached : IShareAnswer;

public sealed partial class ShareCaptured : IShareAnswer;

public sealed partial class ShareDurable : IShareAnswer;

public sealed partial class ShareDelayed : IShareAnswer;

public sealed partial class ShareFailed : IShareAnswer;
