using Lianka.Modules.Analytics.Store;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;

namespace Lianka.Modules.Analytics;

/// <summary>What must hold for figures (I19): up to the mark they are what a fresh sum over the rows is, by another road than the fold's.</summary>
/// <remarks>Held by: tests/Integration/Analytics/FigureTests.cs, which breaks each by hand.</remarks>
public static class FigureInvariants
{
    private static string UpToTheMark(string sql, string mark = "up_to") => sql
        .Replace("@from", "0", StringComparison.Ordinal).Replace("@upTo", $"(select {mark} from figure_mark)", StringComparison.Ordinal);

    /// <summary>Each movement with the units that its order was about before and after it, by a running sum of what went back.</summary>
    private static string Facts(string mark) =>
        $"""
        with moved as ({UpToTheMark(FactRows.Moved, mark)}),
        running as (select moved.*, cast(sum(case when is_back = 1 then amount else 0 end) over (partition by order_id order by id) as bigint) as back from moved),
        facts as (
            select {FigureDay.Sql("r.at")} as day, 1 - r.is_back as orders, case when r.is_back = 0 then r.amount else 0 end as sold,
                r.is_back as refunds, case when r.is_back = 1 then r.amount else 0 end as refunded,
                case when r.is_back = 0 then 0 else o.quantity - (r.back - r.amount) / o.unit_price end as units_before,
                case when r.is_back = 0 then o.quantity else o.quantity - r.back / o.unit_price end as units_after,
                r.is_late, o.source, o.merchant_id, o.a1, o.a1_unit, o.a2, o.a2_unit, o.a3, o.a3_unit, o.top_unit, o.fee, o.quantity, o.unit_price - o.merchant_unit as margin
            from running r join orders o on o.id = r.order_id)
        """;

    private static string Part(string party, string child, string earned, string where = "") =>
        $"select {party}, {child}, day, orders, units_after - units_before, sold, refunds, refunded, {earned} from facts {where}";

    private static string Earned(string party, string child, string earned, string where) =>
        $"""
        select {party}, {child}, orders - case when refunds = 1 and units_after = 0 then 1 else 0 end, units_after - units_before, sold - refunded, {earned},
            case when is_late = 1 then {earned} else 0 end from facts where {where}
        """;

    private static string MarginOf(string units) =>
        $"(margin * {units} - case when fee * {units} / quantity < margin * {units} then fee * {units} / quantity else margin * {units} end)";

    private static string Minus(params string[] sums) => string.Join(", ", sums.Select(c => $"-{c}"));

    public static readonly IReadOnlyList<InvariantCheck> All =
    [
        new(19, "the sales of each day, party and branch are those of its orders and refunds",
            $"""
            {Facts("up_to")},
            fresh (party_id, child_id, day, orders, units, sold, refunds, refunded, earned) as (
                {Part("0", "0", "top_unit * (units_after - units_before)")}
                union all {Part("0", "coalesce(a3, a2, a1, merchant_id)", "top_unit * (units_after - units_before)")}
                union all {Part("merchant_id", "0", $"{MarginOf("units_after")} - {MarginOf("units_before")}")}
                union all {Part("a1", "merchant_id", "a1_unit * (units_after - units_before)", "where a1 is not null")}
                union all {Part("a2", "a1", "a2_unit * (units_after - units_before)", "where a2 is not null")}
                union all {Part("a3", "a2", "a3_unit * (units_after - units_before)", "where a3 is not null")})
            select party_id, child_id, day, cast(sum(orders) as bigint) as orders, cast(sum(units) as bigint) as units, cast(sum(sold) as bigint) as sold,
                cast(sum(refunds) as bigint) as refunds, cast(sum(refunded) as bigint) as refunded, cast(sum(earned) as bigint) as earned
            from (
                select party_id, child_id, day, orders, units, sold, refunds, refunded, earned from day_sale
                union all
                select party_id, child_id, day, {Minus("orders", "units", "sold", "refunds", "refunded", "earned")} from fresh) as both_roads
            group by party_id, child_id, day
            having sum(orders) <> 0 or sum(units) <> 0 or sum(sold) <> 0 or sum(refunds) <> 0 or sum(refunded) <> 0 or sum(earned) <> 0
            """),

        new(19, "what each merchant earned by branch, and what of it was released, is what its orders, refunds and settlements gave it",
            $"""
            {Facts("earned_up_to")},
            fresh (party_id, child_id, orders, units, turnover, earned, released) as (
                {Earned("merchant_id", "0", $"({MarginOf("units_after")} - {MarginOf("units_before")})", "source = 3")}
                union all {Earned("a1", "merchant_id", "a1_unit * (units_after - units_before)", "a1 is not null")}
                union all {Earned("a2", "a1", "a2_unit * (units_after - units_before)", "a2 is not null")}
                union all {Earned("a3", "a2", "a3_unit * (units_after - units_before)", "a3 is not null")}
                union all
                select l.party_id, case when l.role = 'merchant' then 0 when l.party_id = o.a1 then o.merchant_id when l.party_id = o.a2 then o.a1 else o.a2 end,
                    0, 0, 0, 0, l.amount
                from settlement_line l join orders o on o.id = l.order_id where l.role in ('ancestor', 'merchant')
                union all select party_id, child_id, 0, 0, 0, 0, -amount from released_share)
            select party_id, child_id, cast(sum(orders) as bigint) as orders, cast(sum(units) as bigint) as units, cast(sum(turnover) as bigint) as turnover,
                cast(sum(earned) as bigint) as earned, cast(sum(released) as bigint) as released
            from (
                select party_id, child_id, orders, units, turnover, earned, released from earning
                union all
                select party_id, child_id, {Minus("orders", "units", "turnover", "earned", "released")} from fresh) as both_roads
            group by party_id, child_id having sum(orders) <> 0 or sum(units) <> 0 or sum(turnover) <> 0 or sum(earned) <> 0 or sum(released) <> 0
            """),

        new(19, "the days of each supply are its deliveries and its purchases that were counted",
            $"""
            with moved as ({UpToTheMark(FactRows.Moved)})
            select supplier_id, supply_id, day, cast(sum(units) as bigint) as units, cast(sum(cost) as bigint) as cost,
                cast(sum(succeeded) as bigint) as succeeded, cast(sum(failed) as bigint) as failed
            from (
                select supplier_id, supply_id, day, units, cost, succeeded, failed from day_supply
                union all
                select supplier_id, supply_id, {FigureDay.Sql("at")}, -units, -units * unit_cost, 0, 0 from ({FactRows.Delivered}) as d
                union all
                select supplier_id, supply_id, {FigureDay.Sql("ended_at")}, case when state = 4 then -count else 0 end,
                    case when state = 4 then -count * unit_cost else 0 end, case when state = 4 then -1 else 0 end, case when state = 4 then 0 else -1 end
                from purchase where counted = 1 and {EndedPurchases.IsSuppliers}) as both_roads
            group by supplier_id, supply_id, day having sum(units) <> 0 or sum(cost) <> 0 or sum(succeeded) <> 0 or sum(failed) <> 0
            """),

        new(19, "the days of each account are its transfers",
            $"""
            select account_id, day, kind, cast(sum(came) as bigint) as came, cast(sum(went) as bigint) as went from (
                select account_id, day, kind, came, went from day_account
                union all
                select account_id, {FigureDay.Sql("at")}, kind, -came, -went from ({UpToTheMark(FactRows.Sides)}) as s) as both_roads
            group by account_id, day, kind having sum(came) <> 0 or sum(went) <> 0
            """),

        new(19, "the days of each channel are its attempts that were counted",
            $"""
            select channel_id, day, cast(sum(tried) as bigint) as tried, cast(sum(paid) as bigint) as paid from (
                select channel_id, day, tried, paid from day_channel
                union all
                select channel_id, {FigureDay.Sql("created_at")}, case when counted = 2 or {EndedAttempts.WasAsked} then -1 else 0 end, case when counted = 2 then -1 else 0 end
                from payment_attempt where counted > 0) as both_roads
            group by channel_id, day having sum(tried) <> 0 or sum(paid) <> 0
            """),
    ];
}
