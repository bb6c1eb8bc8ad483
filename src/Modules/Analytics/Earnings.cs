using Lianka.Kernel;
using Lianka.Modules.Analytics.Core;
using Lianka.Modules.Analytics.Store;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;

namespace Lianka.Modules.Analytics;

/// <summary>What a merchant earned from one source, refunds taken off.</summary>
/// <param name="Child">The direct child below whom the sales were made; null: own retail sales.</param>
/// <param name="Orders">Those of which something stands.</param>
/// <param name="Waiting">In escrow still: sold, not yet released.</param>
public sealed record EarningsLine(MerchantId? Child, long Orders, long Units, Money Turnover, Money Released, Money Waiting);

/// <param name="Lines">What released most stands first.</param>
/// <param name="IsComplete">False after an upgrade, while sales of before are still being added up: then what was released is known, and the rest is not.</param>
public sealed record MerchantEarnings(IReadOnlyList<EarningsLine> Lines, bool IsComplete);

/// <summary>What merchants earned from their sub-agents' sales, by direct child, and from their own retail sales.</summary>
/// <remarks>
/// Kept sums and, in the same snapshot, what has come since their mark: up to date, and as quick with ten million orders as with ten.
/// Held by: tests/Integration/Analytics/FigureTests.cs, tests/Integration/Orders/SettlementTests.cs.
/// </remarks>
public sealed class Earnings(Database database)
{
    /// <param name="merchant">The tenant.</param>
    public Task<MerchantEarnings> OfAsync(MerchantId merchant) => database.ReadAsync(async s =>
    {
        var marks = await FoldMarks.ReadAsync(s);
        var isComplete = marks.Earnings >= marks.Days;
        var sums = isComplete ? FoldEarnings.Of(await FactRows.SalesAsync(s, marks.Earnings, upTo: null, merchant), merchant.Value) : [];
        foreach (var kept in await s.QueryAsync<Row>("select child_id, orders, units, turnover, earned, released from earning where party_id = @merchant", new { merchant }))
            Add(kept.ChildId, new(kept.Orders, kept.Units, kept.Turnover, kept.Earned, kept.Released));
        foreach (var share in await ReleasedShares.LeftAsync(s, merchant))
            Add(share.Child?.Value ?? FoldEarnings.Own, new(0, 0, 0, 0, share.Amount.Units));
        return new MerchantEarnings(
            [
                .. sums.Where(e => e.Value != default).OrderByDescending(e => e.Value.Released).ThenBy(e => e.Key.Child).Select(e => new EarningsLine(
                    e.Key.Child == FoldEarnings.Own ? null : new MerchantId(e.Key.Child),
                    e.Value.Orders, e.Value.Units, new(e.Value.Turnover), new(e.Value.Released), new(e.Value.Earned - e.Value.Released))),
            ], isComplete);

        void Add(long child, EarningSums more)
        {
            var key = new EarningKey(merchant.Value, child);
            sums[key] = sums.GetValueOrDefault(key) + more;
        }
    });

    private sealed record Row
    {
        public long ChildId { get; init; }
        public long Orders { get; init; }
        public long Units { get; init; }
        public long Turnover { get; init; }
        public long Earned { get; init; }
        public long Released { get; init; }
    }
}
