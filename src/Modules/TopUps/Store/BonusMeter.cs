using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Modules.TopUps.Store;

/// <summary>Brings bonus into the wallet as the merchant's orders are settled: a yuan for each yuan.</summary>
internal static class BonusMeter
{
    /// <summary>What settlement takes out of a merchant's escrow is its turnover.</summary>
    private const string Settled = "settle_out";

    private sealed record Row
    {
        public long CountedTo { get; init; }
    }

    /// <summary>Turnover counts from here on, unless a bonus waits already.</summary>
    public static async Task StartAsync(Session session, Ledger.Ledger ledger, MerchantId merchant)
    {
        var escrow = await ledger.OpenAsync(session, AccountKinds.Escrow, merchant.Value);
        await session.ExecuteAsync(
            "insert into bonus_meter (merchant_id, counted_to) values (@merchant, @Mark) on conflict do nothing",
            new { merchant, Mark = await Statements.FoldMarkAsync(session, escrow) });
    }

    /// <returns>What came into the wallet.</returns>
    public static async Task<Money> CountAsync(Session session, Ledger.Ledger ledger, MerchantId merchant)
    {
        await LedgerWrites.EnterAsync(session);
        if (await session.FirstAsync<Row>($"select counted_to from bonus_meter where merchant_id = @merchant{session.ForUpdate}", new { merchant }) is not { } row) return Money.Zero;
        var escrow = await ledger.OpenAsync(session, AccountKinds.Escrow, merchant.Value);
        var mark = await Statements.FoldMarkAsync(session, escrow);
        var turnover = await Statements.TakenAsync(session, escrow, Settled, row.CountedTo, mark);
        if (turnover.IsZero) return Money.Zero;

        var bonus = await ledger.OpenAsync(session, AccountKinds.Bonus, merchant.Value);
        var wallet = await ledger.OpenAsync(session, AccountKinds.Wallet, merchant.Value);
        var left = (await ledger.LockAsync(session, [bonus, wallet]))[bonus].Balance;
        var free = Money.Min(turnover, left);
        if (free.IsPositive)
            await ledger.MustPostAsync(session, new Posting("bonus_free", "system", [new Leg(bonus, wallet, free, "bonus_free")], Key: $"bonus_free:{merchant.Value}:{mark}"));
        await session.ExecuteAsync(free == left
            ? "delete from bonus_meter where merchant_id = @merchant"
            : "update bonus_meter set counted_to = @mark where merchant_id = @merchant", new { merchant, mark });
        return free;
    }
}
