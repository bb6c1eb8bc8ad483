using Lianka.Modules.Orders;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>One opened card on the result page.</summary>
/// <param name="No">1 for the first.</param>
public sealed record CardPart(Texts T, OrderCard Card, int No, string SkuName, bool HasQr)
{
    public bool IsLink => Card.Kind == "link" && Uri.TryCreate(Card.Secret, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>The import has looked at its bytes; only a picture is shown as one.</summary>
    public bool IsImage => Card.Kind == "image";
    public bool IsBarcode => Card.Kind == "barcode";

    /// <summary>Long runs of digits are read in fours; between the groups there is nothing to copy.</summary>
    public static IReadOnlyList<string> Groups(string text) =>
        text.Length >= 12 && text.All(char.IsAsciiDigit) ? [.. text.Chunk(4).Select(c => new string(c))] : [text];
}
