using Lianka.Kernel;

namespace Lianka.Modules.Inventory.Core;

/// <summary>How a card's two parts become one text to seal, and one text to compare.</summary>
internal static class CardText
{
    private const string BarcodeMark = "\nbarcode";

    /// <summary>
    /// What is sealed: <c>number LF secret</c>, and <c>LF barcode</c> behind it when it is to be shown as one. Neither
    /// part can contain a line feed (<see cref="CardLine"/>).
    /// </summary>
    public static string Join(string? number, string secret, bool isBarcode = false) => $"{number}\n{secret}{(isBarcode ? BarcodeMark : "")}";

    /// <summary>The parts of what was sealed, and what kind of card they are.</summary>
    public static (string? Number, string Secret, string Kind) Split(string plain)
    {
        var at = plain.IndexOf('\n', StringComparison.Ordinal);
        var number = at == 0 ? null : plain[..at];
        var secret = plain[(at + 1)..];
        return secret.EndsWith(BarcodeMark, StringComparison.Ordinal)
            ? (number, secret[..^BarcodeMark.Length], "barcode")
            : (number, secret, KindOf(number, secret));
    }

    /// <summary>A picture is known by its beginning alone: the import has looked at the rest of it.</summary>
    private static string KindOf(string? number, string secret) =>
        secret.StartsWith("data:image/", StringComparison.Ordinal) ? "image" : number is not null ? "pair" : IsLink(secret) ? "link" : "code";

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
