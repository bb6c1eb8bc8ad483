using Lianka.Kernel;

namespace Lianka.Modules.Inventory;

/// <summary>Cards of one lot that follow each other.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct CardRange(long FromSeq, long Count)
{
    /// <summary>The first number behind the range.</summary>
    public long End => FromSeq + Count;
}

/// <summary>A lot from which cards can be drawn now.</summary>
/// <param name="Next">The lowest card number not drawn yet; the cards are 1 to <paramref name="Total"/>.</param>
/// <param name="Returned">Drawn cards that came back unseen, by number, without overlap.</param>
public sealed record OpenLot(
    LotId Id, SkuId Sku, SupplyId Supply, SupplierId Supplier, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt,
    long Next, long Total, IReadOnlyList<CardRange> Returned)
{
    public long Left => Total - Next + 1 + (Returned.Count == 0 ? 0 : Returned.Sum(r => r.Count));
}

/// <summary>Cards of one lot that one order gets.</summary>
/// <param name="IsReturned">They came from the lot's returned cards, not from its cursor.</param>
public sealed record Draw(LotId Lot, SupplyId Supply, SupplierId Supplier, long FromSeq, long Count, bool IsReturned);

/// <summary>A card, opened. Never logged, never cached.</summary>
/// <param name="Kind"><c>code</c>, <c>pair</c> (number and password), <c>link</c>, <c>image</c> (a data URI) or <c>barcode</c>.</param>
public sealed record OpenedCard(LotId Lot, long Seq, string? Number, string Secret, string Kind, DateTimeOffset? ExpiresAt);

public enum LotState { Active, Off }

/// <summary>A lot as its owner sees it.</summary>
public sealed record Lot
{
    public required LotId Id { get; init; }
    public required SkuId SkuId { get; init; }
    public required SupplyId SupplyId { get; init; }
    public required SupplierId SupplierId { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public long Total { get; init; }

    /// <summary>Cards that can still be drawn, returned ones included; whether it is on sale is another matter.</summary>
    public long Left { get; init; }
    public LotState State { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public string Note { get; init; } = "";
}

/// <param name="Supplier">The tenant: only its lots are seen. Null: the operator sees all.</param>
public sealed record LotFilter(SupplierId? Supplier = null, SkuId? Sku = null, LotId? Before = null, int Limit = 50, IReadOnlyCollection<LotId>? Lots = null);

/// <param name="Next">Ask with it as <see cref="LotFilter.Before"/> for the next page; newest first.</param>
public sealed record LotPage(IReadOnlyList<Lot> Items, LotId? Next);

public enum CardFormat { Text, Csv, Xlsx }

public static class CardFormats
{
    /// <summary>The format that a file's name tells; text when it tells none.</summary>
    public static CardFormat OfName(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".xlsx" or ".xlsm" or ".xls" => CardFormat.Xlsx,
        ".csv" => CardFormat.Csv,
        _ => CardFormat.Text,
    };
}

/// <summary>What the secrets of an import are said to be. Told: by each secret itself, which a barcode cannot.</summary>
public enum CardKind { Told, Link, Image, Barcode }

/// <summary>How the file's bytes are to be read. Anything but UTF-8 must be chosen, it is never guessed.</summary>
public enum CardEncoding { Utf8, Gb18030 }

/// <param name="Source">Where the cards came from, for people: a file's name, without its folder.</param>
/// <param name="Actor">Who imports, for the record.</param>
/// <param name="Supplier">The tenant: the supply must be this supplier's. Null: the operator.</param>
/// <param name="Kind">What the cards are where a row does not say it itself.</param>
/// <param name="ClientKey">The caller's own, with a tenant only: the same key with the same content is the same import.</param>
public sealed record ImportRequest(
    SupplyId Supply, CardFormat Format, CardEncoding Encoding, string Source, string Actor,
    DateTimeOffset? ExpiresAt = null, string Note = "", SupplierId? Supplier = null, CardKind Kind = CardKind.Told, string? ClientKey = null);

public enum ImportState { Running, Done, Failed }

/// <summary>How far an import has come, or how it ended.</summary>
public sealed record ImportJob
{
    public required long Id { get; init; }
    public required SupplyId SupplyId { get; init; }
    public required SupplierId SupplierId { get; init; }

    /// <summary>Null while it runs, when it failed, and when no card was new.</summary>
    public LotId? LotId { get; init; }
    public string Actor { get; init; } = "";
    public string Source { get; init; } = "";
    public ImportState State { get; init; }

    /// <summary>Cards asked for so far: imported + duplicate_in_file + duplicate_in_stock + malformed when done.</summary>
    public long Rows { get; init; }
    public long Imported { get; init; }
    public long DuplicateInFile { get; init; }
    public long DuplicateInStock { get; init; }
    public long Malformed { get; init; }

    /// <summary>A code of <see cref="ImportFailures"/>, with what it is about behind a colon.</summary>
    public string? Failure { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>0 to 100.</summary>
    public long Percent { get; init; }
}

/// <summary>Rows of a file that follow each other and were read as cards, imported or not.</summary>
public sealed record RowRange
{
    public required long FromRow { get; init; }
    public required long Count { get; init; }
}

/// <summary>A row that was not imported. Never contains what stood in it.</summary>
public sealed record ImportProblem
{
    /// <summary>The line of the file, from 1.</summary>
    public required long RowNo { get; init; }

    /// <summary><c>duplicate_in_file</c>, <c>duplicate_in_stock</c> or <c>malformed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Malformed: the code of the reason. Duplicate in the file: the row it repeats.</summary>
    public string Detail { get; init; } = "";
}

public abstract record ImportStart
{
    private ImportStart() { }

    public sealed record Accepted(long Id) : ImportStart;
    public sealed record Refused(IReadOnlyList<FieldError> Errors) : ImportStart;

    /// <summary>The same was sent before under this key; nothing was begun now.</summary>
    public sealed record Replayed(long Id) : ImportStart;

    /// <summary>Something else was sent before under this key.</summary>
    public sealed record KeyConflict : ImportStart;

    /// <summary>Enough imports wait on this node already; try again in a moment.</summary>
    public sealed record Busy : ImportStart;
}
