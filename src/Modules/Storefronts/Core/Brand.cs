namespace Lianka.Modules.Storefronts.Core;

/// <summary>A shop's colour, as it may stand in a style sheet.</summary>
public static class Brand
{
    public const string Default = "#1f5fbf";

    /// <summary>The colour when it is <c>#rrggbb</c>, else the default: nothing else may reach a style sheet.</summary>
    public static string Safe(string? text) =>
        text is ['#', ..] && text.Length == 7 && text[1..].All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : Default;
}
