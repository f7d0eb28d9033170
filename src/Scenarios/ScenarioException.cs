namespace IoScale.Scenarios;

/// <summary>A scenario that cannot be run. Holds its mistakes in the order of their lines.</summary>
public sealed class ScenarioException : Exception
{
    public ScenarioException(IReadOnlyList<ScenarioError> errors)
        : base(string.Join(Environment.NewLine, errors)) => Errors = errors;

    /// <summary>Never empty. When there are very many, the first ones by line and a last entry that counts the rest.</summary>
    public IReadOnlyList<ScenarioError> Errors { get; }
}
