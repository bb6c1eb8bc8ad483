using Lianka.Kernel;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Find;

/// <summary>Looking orders up. The tenant is a condition of the statement, never a check afterwards.</summary>
internal static class OrderQueries
{
    public static async Task<Order?> FindAsync(Session session, OrderId id, MerchantId? tenant)
    {
        var sql = "from orders o where o.id = @id";
        List<(string, object)> args = [("@id", id.Value)];
        if (tenant is { } merchant)
        {
            sql += " and o.merchant_id = @merchant";
            args.Add(("@merchant", merchant.Value));
        }

        return (await OrderRow.ReadAsync(session, sql, [.. args])).FirstOrDefault();
    }

    /// <summary>The order as it stands, and as it stays until the caller's transaction ends.</summary>
    public static async Task<Order?> LockAsync(Session session, OrderId id) =>
        (await OrderRow.ReadAsync(session, $"from orders o where o.id = @id{session.ForUpdate}", ("@id", id.Value))).FirstOrDefault();

    public static async Task<Order?> FindByKeyAsync(Session session, MerchantId merchant, string key) =>
        (await OrderRow.ReadAsync(session, "from orders o where o.merchant_id = @merchant and o.client_key = @key",
            ("@merchant", merchant.Value), ("@key", key))).FirstOrDefault();

    public static async Task<Order?> FindByContactAsync(Session session, OrderId id, byte[] contactKey) =>
        (await OrderRow.ReadAsync(session,
            "from orders o join order_contact c on c.order_id = o.id where o.id = @id and c.contact_key = @key",
            ("@id", id.Value), ("@key", contactKey))).FirstOrDefault();

    private sealed record EventRow
    {
        public string Kind { get; init; } = "";
        public string Actor { get; init; } = "";
        public DateTimeOffset At { get; init; }
        public string? Data { get; init; }
    }

    public static async Task<IReadOnlyList<TimelineEvent>> TimelineAsync(Session session, OrderId id)
    {
        var rows = await session.QueryAsync<EventRow>(
            """
            select kind, actor, at, data from (
                select id as no, kind, actor, at, data from order_event where order_id = @id
                union all
                select 9000000000000000000, 'released', 'system', at, null from settlement
                where id = coalesce((select settlement_id from orders where id = @id),
                                    (select settlement_id from settlement_part where order_id = @id limit 1))) e
            order by at, no
            """,
            new { id });
        return rows.ConvertAll(r => new TimelineEvent(r.Kind, r.Actor, r.At, r.Data));
    }
}
