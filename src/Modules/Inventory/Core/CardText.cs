using Lianka.Kernel;

namespace Lianka.Modules.Inventory.Core;

/// <summary>How a card's two parts become one text to seal, and one text to compare.</summary>
internal static class CardText
{
    /// <summary>What is sealed: <c>number LF secret</c>. Neither part can contain a line feed (<see cref="CardLine"/>).</summary>
    public static string Join(string? number, string secret) => $"{number}\n{secret}";

    public static (string? Number, string Secret) Split(string plain)
    {
        var at = plain.IndexOf('\n', StringComparison.Ordinal);
        return (at == 0 ? null : plain[..at], plain[(at + 1)..]);
    }

    public static string KindOf(string? number, string secret) =>
        number is not null ? "pair" : IsLink(secret) ? "link" : "code";

    public static bool IsLink(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the card's seal is bound to: a sealed text moved to another row does not open.</summary>
    public static string Context(LotId lot, long seq) => $"card:{lot.Value}:{seq}";

    /// <summary>Equal cards are looked for within one product: two products may use the same numbers.</summary>
    public static string Scope(ProductId product) => $"product:{product.Value}";

    /// <summary>
    /// The text by which equal cards are found: as given, with full-width forms as the plain ones they look like.
    /// </summary>
    /// <remarks>Letters keep their case, because many codes and all links distinguish it.</remarks>
    public static string Comparable(string? number, string secret) => Join(FullWidth.Narrow(number ?? ""), FullWidth.Narrow(secret));
}
