namespace Lianka.Modules.Inventory.Core;

/// <summary>Which column of a CSV or a sheet holds the secret, which the number, and which says what kind it is.</summary>
/// <param name="Number">-1: there is none.</param>
/// <param name="Kind">-1: there is none.</param>
internal readonly record struct CsvColumns(int Number, int Secret, int Kind = -1)
{
    private static readonly string[] _secretNames = ["secret", "卡密", "密码"];
    private static readonly string[] _numberNames = ["number", "卡号", "账号"];
    private static readonly string[] _kindNames = ["kind", "类型"];

    private static readonly Dictionary<string, CardKind> _kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["code"] = CardKind.Told, ["text"] = CardKind.Told, ["pair"] = CardKind.Told, ["卡密"] = CardKind.Told, ["文本"] = CardKind.Told,
        ["link"] = CardKind.Link, ["链接"] = CardKind.Link,
        ["image"] = CardKind.Image, ["图片"] = CardKind.Image,
        ["barcode"] = CardKind.Barcode, ["条码"] = CardKind.Barcode, ["条形码"] = CardKind.Barcode,
    };

    /// <summary>The columns named by a header; null when this record is a card and not a header.</summary>
    public static CsvColumns? OfHeader(IReadOnlyList<string> fields)
    {
        var names = fields.Select(f => f.Trim().ToLowerInvariant()).ToList();
        var secret = names.FindIndex(n => _secretNames.Contains(n));
        return secret < 0 ? null : new CsvColumns(
            names.FindIndex(n => _numberNames.Contains(n)), secret, names.FindIndex(n => _kindNames.Contains(n)));
    }

    /// <summary>Whether a card under this header is read from this column too.</summary>
    public bool Uses(int column) => column == Number || column == Secret || column == Kind;

    /// <summary>Reads a record under a header: other columns are not looked at.</summary>
    /// <param name="kind">What the cards are where the record does not say it itself.</param>
    public CardLine Read(IReadOnlyList<string> fields, CardKind kind = CardKind.Told)
    {
        if (Secret >= fields.Count) return CardLine.Bad("no_secret");
        var told = At(Kind).Trim();
        if (told.Length > 0 && !_kinds.TryGetValue(told, out kind)) return CardLine.Bad("unknown_kind");
        return CardLine.Of(At(Number), fields[Secret], kind);

        string At(int column) => column >= 0 && column < fields.Count ? fields[column] : "";
    }

    /// <summary>Reads a record of a file without header: <c>secret</c> or <c>number,secret</c>.</summary>
    public static CardLine ReadPlain(IReadOnlyList<string> fields, CardKind kind = CardKind.Told)
    {
        var used = fields.Count;
        while (used > 0 && fields[used - 1].Trim().Length == 0) used--;
        return used switch
        {
            // "number," is a card whose secret was forgotten, not a card called by its number.
            1 when fields.Count == 2 => CardLine.Bad("no_secret"),
            1 => CardLine.Of(null, fields[0], kind),
            2 => CardLine.Of(fields[0], fields[1], kind),
            0 => CardLine.Bad("no_secret"),
            _ => CardLine.Bad("too_many_parts"),
        };
    }
}
