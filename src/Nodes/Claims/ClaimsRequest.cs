namespace IoScale.Nodes.Claims;

/// <summary>What <c>claims</c> was asked to do.</summary>
/// <param name="Page">File of the page.</param>
/// <param name="Check">Compare with the page instead of writing it.</param>
internal sealed record ClaimsRequest(string Path, string Page, bool Sensitivity, bool Check, int Threads);
