namespace Lianka.Modules.Agents;

/// <summary>How a shop looks beside its colour. Each is a style sheet over the same pages.</summary>
/// <remarks>A further one needs a style sheet, a drawing in icons.svg and the check of the column. Held by: tests/Unit/Agents/ThemeExamples.cs.</remarks>
public static class StorefrontThemes
{
    /// <summary>Quiet surfaces; what a shop has that never chose.</summary>
    public const string Calm = "calm";

    /// <summary>Large tiles under a head in the shop's colour.</summary>
    public const string Bold = "bold";

    /// <summary>A compact list, for many goods.</summary>
    public const string Dense = "dense";

    public static IReadOnlyList<string> All { get; } = [Calm, Bold, Dense];
}
