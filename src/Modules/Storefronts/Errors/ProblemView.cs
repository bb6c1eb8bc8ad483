namespace Lianka.Modules.Storefronts.Errors;

/// <summary>A page that says why there is nothing to see.</summary>
public sealed record ProblemView(string Title, string Hint);
