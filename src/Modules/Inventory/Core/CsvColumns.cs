namespace Lianka.Modules.Inventory.Core;

/// <summary>Which column of a CSV holds the secret, and which the number.</summary>
/// <param name="Number">-1: there is none.</param>
internal readonly record struct CsvColumns(int Number, int Secret)
{
    private static readonly string[] _secretNames = ["secret", "卡密", "密码"];
    private static readonly string[] _numberNames = ["number", "卡号", "账号"];

    /// <summary>The columns named by a header; null when this record is a card and not a header.</summary>
    public static CsvColumns? OfHeader(IReadOnlyList<string> fields)
    {
        var names = fields.Select(f => f.Trim().ToLowerInvariant()).ToList();
        var secret = names.FindIndex(n => _secretNames.Contains(n));
        return secret < 0 ? null : new CsvColumns(names.FindIndex(n => _numberNames.Contains(n)), secret);
    }

    /// <summary>Reads a record under a header: other columns are not looked at.</summary>
    public CardLine Read(IReadOnlyList<string> fields) => Secret >= fields.Count
        ? CardLine.Bad("no_secret")
        : CardLine.Of(Number >= 0 && Number < fields.Count ? fields[Number] : null, fields[Secret]);

    /// <summary>Reads a record of a file without header: <c>secret</c> or <c>number,secret</c>.</summary>
    public static CardLine ReadPlain(IReadOnlyList<string> fields)
    {
        var used = fields.Count;
        while (used > 0 && fields[used - 1].Trim().Length == 0) used--;
        return used switch
        {
            // "number," is a card whose secret was forgotten, not a card called by its number.
            1 when fields.Count == 2 => CardLine.Bad("no_secret"),
            1 => CardLine.Of(null, fields[0]),
            2 => CardLine.Of(fields[0], fields[1]),
            0 => CardLine.Bad("no_secret"),
            _ => CardLine.Bad("too_many_parts"),
        };
    }
}
