namespace IoScale.VirtualTime;

/// <summary>A send broke a rule of virtual time: the cause inside a <see cref="ModelErrorException"/>.</summary>
public sealed class ModelRuleException : InvalidOperationException
{
    internal ModelRuleException(string message)
        : base(message)
    {
    }
}
