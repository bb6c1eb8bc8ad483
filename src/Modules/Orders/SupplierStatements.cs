using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders.Find;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>Days and months as the suppliers' books have them: of China, UTC+8, which has no summer time.</summary>
public static class ChinaDay
{
    public static readonly TimeSpan Zone = TimeSpan.FromHours(8);

    public static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), Zone);

    public static DateOnly Of(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Zone).DateTime);
}

/// <summary>One line of a supplier's statement.</summary>
/// <param name="Kind"><c>order</c>: its share of one order; <c>recovered</c>: kept for what it owed; <c>orders</c>: shares of orders that are too old to be
/// listed one by one; otherwise the kind of the transfer, for example <c>payout_request</c>.</param>
/// <param name="Amount">Positive: came in.</param>
public sealed record SupplierStatementLine(DateTimeOffset At, string Kind, OrderId? Order, string? Reason, Money Amount);

/// <summary>What stood in a supplier's payable before a time, what moved in it, and what stood there after.</summary>
/// <remarks>Opening balance and lines sum to the closing balance, which is the ledger's. Held by: tests/Integration/Payouts/SupplierStatementTests.cs.</remarks>
/// <param name="Last">The last day that belongs to it.</param>
public sealed record SupplierStatement(
    SupplierId Supplier, DateOnly First, DateOnly Last, Money Opening, IReadOnlyList<SupplierStatementLine> Lines, Money Closing)
{
    public Money In => Lines.Where(l => l.Amount.IsPositive).Aggregate(Money.Zero, (sum, l) => sum + l.Amount);
    public Money Out => Lines.Where(l => l.Amount.IsNegative).Aggregate(Money.Zero, (sum, l) => sum + l.Amount);
}

/// <summary>Money of orders not released yet, by the day on which it will be.</summary>
public sealed record OwedLine(DateOnly Day, long Orders, Money Amount);

/// <summary>All of a supplier's money as it stands now.</summary>
/// <param name="Payable">Released to it, by age, and what of it went to the bank.</param>
/// <param name="Releases">Sold and not released yet, by day.</param>
/// <param name="Debt">What it owes the platform; recovered first from later sales.</param>
public sealed record SupplierMoney(PayableAgeing Payable, IReadOnlyList<OwedLine> Releases, Money Debt)
{
    public Money InEscrow => Releases.Aggregate(Money.Zero, (sum, o) => sum + o.Amount);
}

/// <summary>What a supplier is told of its money: how it stands, statements, and what is still in escrow for it.</summary>
public sealed class SupplierStatements(Database database, PayoutDesk payouts)
{
    /// <summary>A statement holds at most so many entries of the ledger; a settlement with thousands of orders is one of them.</summary>
    public const int EntriesMax = 20_000;

    /// <summary>The statement of some days, both ends included, at most of 31.</summary>
    /// <returns>Null when there is no such supplier or more moved than one statement holds: then ask for fewer days.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The last day is before the first, or more than 31 days.</exception>
    public Task<SupplierStatement?> OfAsync(SupplierId supplier, DateOnly first, DateOnly last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, first.AddDays(30));
        return database.ReadAsync(s => StatementQueries.OfSupplierAsync(s, supplier, first, last));
    }

    /// <summary>What is owed to a supplier, held for it, released and paid.</summary>
    public async Task<SupplierMoney> MoneyAsync(SupplierId supplier, DateOnly today)
    {
        var accounts = await database.ReadAsync(s => Statements.BalancesAsync(s, supplier.Value));
        var debt = accounts.Find(a => a.Kind == AccountKinds.Receivable)?.Balance ?? Money.Zero;
        return new SupplierMoney(await payouts.AgeingAsync(supplier), await OwedAsync(supplier, today), -debt);
    }

    /// <summary>What is in escrow for a supplier, by the day of its release; the first day has what is due already.</summary>
    public Task<List<OwedLine>> OwedAsync(SupplierId supplier, DateOnly today) =>
        database.ReadAsync(s => StatementQueries.OwedAsync(s, supplier, today));
}
