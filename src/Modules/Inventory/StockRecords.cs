using Lianka.Kernel;
using Lianka.Modules.Inventory.Core;

namespace Lianka.Modules.Inventory;

/// <summary>Below how much a supplier is told; an empty stock is told in any case.</summary>
/// <param name="Days">Of stock left at the present rate; 0: not by days.</param>
/// <param name="Units">Left; 0: not by units.</param>
public readonly record struct StockLimit(long Days, long Units)
{
    /// <summary>For suppliers who have said nothing.</summary>
    public static readonly StockLimit Default = new(Days: 3, Units: 0);
}

/// <summary>How much of a supply is left, and how long it lasts.</summary>
/// <param name="SoldRecently">Units sold in the last seven days of UTC, the present one included.</param>
/// <param name="Rate">Thousandths of a unit a day; null: it has not been watched for long enough.</param>
public sealed record SupplyOutlook(SupplyId Supply, SkuId Sku, SupplierId Supplier, long Left, long SoldRecently, long? Rate)
{
    /// <summary>Until the last unit is sold at the present rate; null: at this rate, never.</summary>
    public long? SecondsLeft => StockForecast.SecondsLeft(Left, Rate);
}

/// <summary>A supply whose stock ran low, told once.</summary>
public sealed record StockAlert
{
    public required long Id { get; init; }
    public required SupplyId SupplyId { get; init; }
    public required SkuId SkuId { get; init; }
    public required SupplierId SupplierId { get; init; }

    /// <summary><c>out</c>, <c>units</c> or <c>days</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>As it was when it was raised.</summary>
    public long UnitsLeft { get; init; }
    public long? SecondsLeft { get; init; }
    public DateTimeOffset RaisedAt { get; init; }

    /// <summary>When the stock had recovered, or was no longer offered; null: it is still low.</summary>
    public DateTimeOffset? ClearedAt { get; init; }
}

/// <summary>Where a page of alerts ended.</summary>
public sealed record StockAlertCursor(bool IsCleared, long Id)
{
    public static StockAlertCursor Of(StockAlert alert) => new(alert.ClearedAt is not null, alert.Id);

    public override string ToString() => (IsCleared ? 'c' : 'o') + PublicId.Encode(Id);

    /// <returns>Null when it is not a cursor.</returns>
    public static StockAlertCursor? Read(string? text) =>
        text is ['c' or 'o', .. var number] && PublicId.TryDecode(number, out var id) ? new(text[0] == 'c', id) : null;
}

/// <summary>What became of a limit that was to be set.</summary>
public abstract record LimitDecision
{
    private LimitDecision() { }

    public sealed record Saved(StockLimit Limit) : LimitDecision;
    public sealed record Refused(IReadOnlyList<FieldError> Errors) : LimitDecision;
}
