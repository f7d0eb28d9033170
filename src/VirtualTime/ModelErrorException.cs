namespace IoScale.VirtualTime;

/// <summary>An entity failed, or broke a rule of virtual time. The inner exception is what it threw.</summary>
public sealed class ModelErrorException : Exception
{
    public ModelErrorException(string entityPath, long timePs, string sender, VirtualMessage? message, Exception cause)
        : base(Describe(entityPath, timePs, sender, message, cause), cause)
    {
        EntityPath = entityPath;
        TimePs = timePs;
        Sender = sender;
        VirtualMessage = message;
    }

    /// <summary>The entity that failed.</summary>
    public required EntityId Entity { get; init; }

    /// <summary>Path of the entity that failed, <c>PARTITION/NAME</c>.</summary>
    public string EntityPath { get; }

    /// <summary>Virtual time of the failure.</summary>
    public long TimePs { get; }

    /// <summary>Path of the sender of the message; the entity's own while it was created or started.</summary>
    public string Sender { get; }

    /// <summary>The message that was handled; null where the entity failed while it was created or started.</summary>
    public VirtualMessage? VirtualMessage { get; }

    private static string Describe(string entityPath, long timePs, string sender, VirtualMessage? message, Exception cause) =>
        message is null
            ? $"Entity {entityPath} failed to start: {cause.Message}"
            : $"Entity {entityPath} failed at {timePs} ps, handling {message} from {sender}: {cause.Message}";
}
