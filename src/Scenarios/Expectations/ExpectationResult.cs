namespace IoScale.Scenarios.Expectations;

/// <summary>What became of an expectation.</summary>
/// <param name="Actual">The values of both sides, or why there are none.</param>
public sealed record ExpectationResult(string Text, bool Passed, string Actual);
