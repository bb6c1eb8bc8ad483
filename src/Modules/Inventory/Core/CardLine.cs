using System.Buffers;
using System.Text.RegularExpressions;

namespace Lianka.Modules.Inventory.Core;

/// <summary>One row of an import: a card, or the code of what is wrong with it.</summary>
/// <param name="Number">Null when the card is a secret alone.</param>
/// <param name="IsBarcode">The secret is to be shown as a barcode.</param>
internal readonly record struct CardLine(string? Number, string Secret, string? Fault, bool IsBarcode = false)
{
    public const int SecretMax = 500, NumberMax = 200;

    /// <summary>The most characters of a barcode: more bars than this do not fit the width of a phone.</summary>
    public const int BarcodeMax = 48;

    private const string Separator = "----";
    private static readonly char[] _separators = [' ', '\t', '\u3000', ',', '\uFF0C'];
    private static readonly SearchValues<char> _blank = SearchValues.Create(" \t\u3000");
    private static readonly SearchValues<char> _comma = SearchValues.Create(",\uFF0C");

    /// <summary>Reads one line of text: <c>secret</c>, or number and secret with a separator between them.</summary>
    /// <remarks>
    /// The first of these that is in the line separates: four hyphens, tab, comma, blank. A link or a picture (data URI)
    /// at the end is one secret, whatever stands in it. More than two parts are never guessed at.
    /// Held by: tests/Unit/Inventory/CardLineExamples.cs.
    /// </remarks>
    public static CardLine OfText(string line, CardKind kind = CardKind.Told)
    {
        var text = line.Trim();
        if (text.Length == 0) return Bad("empty");
        if (OfAddress(text, kind) is { } address) return address;
        if (text.Contains(Separator, StringComparison.Ordinal)) return OfParts(text.Split(Separator), kind);
        if (text.Contains('\t')) return OfParts(text.Split('\t', StringSplitOptions.RemoveEmptyEntries), kind);
        if (text.AsSpan().ContainsAny(_comma)) return OfParts(text.Split(',', '\uFF0C'), kind);
        return text.AsSpan().ContainsAny(_blank) ? OfParts(text.Split([' ', '\u3000'], StringSplitOptions.RemoveEmptyEntries), kind) : Of(null, text, kind);
    }

    /// <summary>Checks a number (may be null or empty) and a secret that stand apart already.</summary>
    /// <param name="kind">What the secret is said to be; it is refused when it cannot be that.</param>
    public static CardLine Of(string? number, string secret, CardKind kind = CardKind.Told)
    {
        number = number?.Trim();
        secret = secret.Trim();
        if (string.IsNullOrEmpty(number)) number = null;
        if (secret.Length == 0) return Bad("no_secret");
        // A data URI as the number is half of a picture, which a comma without quotes cut off.
        var isImage = kind == CardKind.Image || CardImage.IsDataUri(secret) || CardImage.IsDataUri(number ?? "");
        if (isImage && (kind is not (CardKind.Told or CardKind.Image) || !CardImage.IsPicture(secret))) return Bad(FaultOf(kind));
        if ((secret.Length > SecretMax && !isImage) || number?.Length > NumberMax) return Bad("too_long");
        if (kind == CardKind.Link && !CardText.IsLink(secret)) return Bad(FaultOf(kind));
        if (kind == CardKind.Barcode && (secret.Length > BarcodeMax || secret.AsSpan().ContainsAnyExceptInRange(' ', '~'))) return Bad(FaultOf(kind));
        if (IsBroken(secret) || (number is not null && IsBroken(number))) return Bad("bad_character");
        // A spreadsheet turned a long number into this and threw its last digits away.
        if (IsMangled(secret) || (number is not null && IsMangled(number))) return Bad("mangled_number");
        return new CardLine(number, secret, null, kind == CardKind.Barcode);
    }

    private static string FaultOf(CardKind kind) => kind switch
    {
        CardKind.Link => "not_a_link",
        CardKind.Barcode => "bad_barcode",
        _ => "bad_image",
    };

    public static CardLine Bad(string fault) => new(null, "", fault);

    /// <summary>
    /// A link or a data URI may contain what separates other cards, so what stands before it is the number and all from
    /// it the secret.
    /// </summary>
    private static CardLine? OfAddress(string text, CardKind kind)
    {
        var at = text.IndexOf("http", StringComparison.OrdinalIgnoreCase);
        if (at < 0) at = text.IndexOf(CardImage.Scheme, StringComparison.OrdinalIgnoreCase);
        if (at < 0 || !(CardText.IsLink(text[at..]) || CardImage.IsDataUri(text[at..]))) return null;
        var link = text[at..];
        var number = text[..at].TrimEnd(_separators);
        if (number.EndsWith(Separator, StringComparison.Ordinal)) number = number[..^Separator.Length].TrimEnd(_separators);
        if (at == 0 && !link.AsSpan().ContainsAny(_blank)) return Of(null, link, kind);
        if (number.Length == at || link.AsSpan().ContainsAny(_blank)) return null;
        if (number.AsSpan().ContainsAny(_separators) || number.Contains(Separator, StringComparison.Ordinal)) return null;
        return number.Length == 0 ? Bad("no_number") : Of(number, link, kind);
    }

    private static CardLine OfParts(string[] parts, CardKind kind) => parts switch
    {
        [var secret] => Of(null, secret, kind),
        [var number, _] when number.Trim().Length == 0 => Bad("no_number"),
        [var number, var secret] => Of(number, secret, kind),
        _ => Bad("too_many_parts"),
    };

    /// <summary>Control characters, halves of surrogate pairs, and the mark that a decoder puts where it lost a character.</summary>
    private static bool IsBroken(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c) || c == '\uFFFD') return true;
            if (!char.IsSurrogate(c)) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(c, text[i + 1])) return true;
            i++;
        }

        return false;
    }

    private static bool IsMangled(string text) =>
        text.Length <= 24 && text.Contains("E+", StringComparison.Ordinal)
        && Regex.IsMatch(text, @"^[0-9](\.[0-9]+)?E\+[0-9]{1,3}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
