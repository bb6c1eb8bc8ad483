using Lianka.Kernel;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Purchases;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>What the engine reads and writes of purchases, in its own transaction.</summary>
internal static class PurchaseRows
{
    private sealed record SumRow
    {
        public SupplyId SupplyId { get; init; }
        public long Units { get; init; }
    }

    /// <summary>Units bought since midnight in China, by supply; what failed does not count.</summary>
    public static async Task<Dictionary<SupplyId, long>> BoughtTodayAsync(Session session, List<SupplyId> supplies, DateTimeOffset now)
    {
        if (supplies.Count == 0) return [];
        var china = now.ToOffset(TimeSpan.FromHours(8));
        var rows = await session.QueryAsync<SumRow>(
            $"""
            select supply_id, cast(sum(count) as bigint) as units from purchase
            where {session.AnyOf("supply_id", "@ids")} and created_at >= @Midnight and state <> 5 group by supply_id
            """,
            new { ids = session.List(supplies.Select(s => s.Value)), Midnight = new DateTimeOffset(china.Date, china.Offset) });
        return rows.ToDictionary(r => r.SupplyId, r => r.Units);
    }

    public static async Task SaveAsync(Session session, BatchWrites writes, DateTimeOffset now)
    {
        await session.InsertAsync(
            "purchase", "id, order_id, no, sku_id, supply_id, supplier_id, connection_id, count, unit_cost, route, state, merges, due_at, created_at",
            writes.Purchases, (p, w) =>
            {
                w.Number(p.Number);
                w.Number(p.Order.Value);
                w.Number(p.No);
                w.Number(p.Sku.Value);
                w.Number(p.Supply.Value);
                w.Number(p.Supplier.Value);
                w.Number(p.Connection);
                w.Number(p.Count);
                w.Number(p.UnitCost.Units);
                w.Text(p.Route);
                w.Small((short)PurchaseState.Queued);
                w.Small((short)(p.Merges ? 1 : 0));
                // People find their work in a list; a system is called at once, or a moment later together with what comes meanwhile.
                w.Number(p.Connection is null ? null : (p.Merges ? now + PurchaseCall.Linger : now).ToMicros());
                w.Number(now.ToMicros());
            });
        foreach (var end in writes.PurchaseEnds)
        {
            await session.ExecuteAsync(
                """
                update purchase set state = @State, fault = @Fault, detail = @Detail, upstream_no = coalesce(@UpstreamNo, upstream_no),
                       receipt = @Receipt, charged = @Charged, due_at = null, ended_at = @now
                where id = @Number
                """,
                new { end.Number, State = (short)end.State, end.Fault, end.Detail, end.UpstreamNo, end.Receipt, Charged = end.Charged?.Units, now });
        }

        foreach (var open in writes.Cases)
        {
            await session.ExecuteAsync(
                """
                insert into purchase_case (purchase_id, order_id, kind, ours, theirs, detail, opened_at)
                values (@Purchase, @Order, @Kind, @Ours, @Theirs, @Detail, @now) on conflict (purchase_id, kind) do nothing
                """,
                new { open.Purchase, open.Order, open.Kind, open.Ours, open.Theirs, open.Detail, now });
            await session.ExecuteAsync("update purchase set asked_at = coalesce(asked_at, @now) where id = @Purchase", new { open.Purchase, now });
        }
    }
}
