using Lianka.Kernel;
using Lianka.Modules.Analytics.Core;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Modules.Analytics.Store;

internal sealed record SupplyDay
{
    public long Day { get; init; }
    public long SupplierId { get; init; }
    public long SupplyId { get; init; }
    public long Units { get; init; }
    public long Cost { get; init; }
    public long Succeeded { get; init; }
    public long Failed { get; init; }
}

internal sealed record AccountDay
{
    public long AccountId { get; init; }
    public long Day { get; init; }
    public string Kind { get; init; } = "";
    public long Came { get; init; }
    public long Went { get; init; }
}

/// <summary>How far days and earnings go.</summary>
internal sealed record FoldMarks
{
    public long Days { get; init; }
    public long Earnings { get; init; }

    public static async Task<FoldMarks> ReadAsync(Session session) =>
        (await session.FirstAsync<FoldMarks>("select up_to as days, earned_up_to as earnings from figure_mark where id = 1"))!;
}

/// <summary>What happened behind one mark and up to the next. Days and earnings go on from where each of them is; who is behind catches up alone.</summary>
internal sealed record FoldStep(FoldMarks From, FoldMarks UpTo, List<SaleFact> Sales, List<SupplyDay> Supplies, List<AccountDay> Accounts)
{
    public bool IsOfDays => From.Days != UpTo.Days;
    public bool IsOfEarnings => From.Earnings != UpTo.Earnings;
}

/// <summary>Reads what is to be folded. Of orders, only columns that never change once the order is paid.</summary>
internal static class FactRows
{
    /// <summary>Transfers by which an order was paid, and by which money of it went back.</summary>
    internal const string Moved =
        """
        select id, id as order_id, 0 as is_back, 0 as is_late, amount, at from order_transfer where id > @from and id <= @upTo
        union all
        select id, order_id, case when kind = 'order' then 0 else 1 end, case when kind = 'refund_late' then 1 else 0 end, amount, at from transfer_row
        where id > @from and id <= @upTo and order_id is not null and kind in ('order', 'refund', 'refund_late')
        """;

    /// <summary>Deliveries of paid orders whose cards came out of stock; what was bought for one order counts when it came.</summary>
    internal const string Delivered =
        """
        select m.at, o.supplier_id, o.supply_id, o.quantity as units, o.unit_cost from moved m join orders o on o.id = m.order_id
        where m.is_back = 0 and o.lot_id is not null and not exists (select 1 from purchase b where b.order_id = m.order_id)
        union all
        select m.at, p.supplier_id, p.supply_id, p.count, p.unit_cost from moved m join orders o on o.id = m.order_id join order_part p on p.order_id = o.id
        where m.is_back = 0 and o.lot_id is null and not exists (select 1 from purchase b where b.order_id = m.order_id)
        """;

    /// <summary>Both sides of each transfer, on the accounts that have days.</summary>
    internal const string Sides =
        """
        select t.credit_account as account_id, t.at, t.kind, t.amount as came, 0 as went from transfer_row t join account a on a.id = t.credit_account
        where t.id > @from and t.id <= @upTo and ((a.party_id = 0 and a.kind <> 'settling') or a.kind = 'payable')
        union all
        select t.debit_account, t.at, t.kind, 0, t.amount from transfer_row t join account a on a.id = t.debit_account
        where t.id > @from and t.id <= @upTo and ((a.party_id = 0 and a.kind <> 'settling') or a.kind = 'payable')
        """;

    /// <returns>Null when there is nothing behind the marks.</returns>
    public static async Task<FoldStep?> ReadAsync(Session session, int most)
    {
        var marks = await FoldMarks.ReadAsync(session);
        var from = Math.Min(marks.Days, marks.Earnings);
        var horizon = marks.Days == marks.Earnings ? await LedgerFold.MarkAsync(session) : Math.Max(marks.Days, marks.Earnings);
        if (horizon <= from) return null;
        var upTo = await session.ScalarAsync<long?>(
            """
            select id from (
                select id from (select id from transfer_row where id > @from and id <= @horizon order by id limit @most) as rows
                union all
                select id from (select id from order_transfer where id > @from and id <= @horizon order by id limit @most) as told) as both_places
            order by id limit 1 offset @most - 1
            """, new { from, horizon, most }) ?? horizon;
        var isOfDays = marks.Days == from;
        var args = new { from, upTo };
        return new FoldStep(
            marks, new FoldMarks { Days = isOfDays ? upTo : marks.Days, Earnings = marks.Earnings == from ? upTo : marks.Earnings },
            await SalesAsync(session, from, upTo),
            !isOfDays ? [] : await session.QueryAsync<SupplyDay>(
                $"""
                with moved as ({Moved})
                select {FigureDay.Sql("at")} as day, supplier_id, supply_id, cast(sum(units) as bigint) as units, cast(sum(units * unit_cost) as bigint) as cost
                from ({Delivered}) as d group by 1, supplier_id, supply_id
                """, args),
            !isOfDays ? [] : await session.QueryAsync<AccountDay>(
                $"""
                select account_id, {FigureDay.Sql("at")} as day, kind, cast(sum(came) as bigint) as came, cast(sum(went) as bigint) as went
                from ({Sides}) as s group by account_id, 2, kind
                """, args));
    }

    /// <summary>Sales and refunds behind a mark.</summary>
    /// <param name="upTo">Null: all that are there.</param>
    /// <param name="merchant">Null: everyone's; otherwise only those in which it has a part.</param>
    public static Task<List<SaleFact>> SalesAsync(Session session, long from, long? upTo, MerchantId? merchant = null) => session.QueryAsync<SaleFact>(
        $"""
        select {FigureDay.Sql("m.at")} as day, m.is_back, m.is_late, o.source = 3 as is_retail, m.amount, o.merchant_id, o.quantity, o.unit_price, o.merchant_unit,
            o.a1, o.a1_unit, o.a2, o.a2_unit, o.a3, o.a3_unit, o.top_unit, o.fee,
            case when m.is_back = 0 then 0 else coalesce((
                select cast(sum(b.amount) as bigint) from transfer_row b where b.order_id = m.order_id and b.order_id <> b.posting_id
                    and b.kind in ('refund', 'refund_late') and b.id < m.id), 0) end as back_before
        from ({Moved}) as m join orders o on o.id = m.order_id
        {(merchant is null ? "" : "where o.merchant_id = @merchant or o.a1 = @merchant or o.a2 = @merchant or o.a3 = @merchant")}
        """, new { from, upTo = upTo ?? long.MaxValue, merchant });
}
