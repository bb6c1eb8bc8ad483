using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Purchases;

/// <summary>The SQL of purchases outside the engine: who calls next, and how a call went. Money and goods are the engine's.</summary>
internal static class PurchaseStore
{
    private const string Columns =
        """
        id, order_id, no, sku_id, supply_id, supplier_id, connection_id, count, unit_cost, route, state, tries, due_at, upstream_no, fault, detail,
        receipt, charged, created_at, sent_at, ended_at, asked_at
        """;

    private sealed record Row
    {
        public long Id { get; init; }
        public OrderId OrderId { get; init; }
        public long No { get; init; }
        public SkuId SkuId { get; init; }
        public SupplyId SupplyId { get; init; }
        public SupplierId SupplierId { get; init; }
        public long? ConnectionId { get; init; }
        public long Count { get; init; }
        public Money UnitCost { get; init; }
        public string Route { get; init; } = "";
        public short State { get; init; }
        public long Tries { get; init; }
        public DateTimeOffset? DueAt { get; init; }
        public string? UpstreamNo { get; init; }
        public string? Fault { get; init; }
        public string? Detail { get; init; }
        public string? Receipt { get; init; }
        public Money? Charged { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? SentAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public DateTimeOffset? AskedAt { get; init; }

        public Purchase ToPurchase() => new()
        {
            Id = Id, OrderId = OrderId, No = No, SkuId = SkuId, SupplyId = SupplyId, SupplierId = SupplierId, ConnectionId = ConnectionId, Count = Count,
            UnitCost = UnitCost, Route = Route, State = (PurchaseState)State, Tries = Tries, DueAt = DueAt, UpstreamNo = UpstreamNo, Fault = Fault,
            Detail = Detail, Receipt = Receipt, Charged = Charged, CreatedAt = CreatedAt, SentAt = SentAt, EndedAt = EndedAt, AskedAt = AskedAt,
        };
    }

    /// <summary>Takes purchases that are due, the longest waiting first, and lets nobody else have them until <paramref name="until"/>.</summary>
    /// <remarks>
    /// One that was queued is marked as sent before anything leaves: whoever finds it so after a crash asks, and never buys again (F2).
    /// </remarks>
    /// <returns>As they stood before.</returns>
    public static async Task<List<Purchase>> ClaimAsync(Session session, int most, DateTimeOffset now, DateTimeOffset until)
    {
        var skip = session.Kind == DatabaseKind.Postgres ? " for update skip locked" : "";
        var rows = await session.QueryAsync<Row>(
            $"select {Columns} from purchase where due_at <= @now order by due_at limit @most{skip}", new { now, most });
        if (rows.Count == 0) return [];
        await session.ExecuteAsync(
            $"""
            update purchase set due_at = @until, tries = tries + 1, state = case when state = 1 then 2 else state end, sent_at = coalesce(sent_at, @now)
            where {session.AnyOf("id", "@ids")}
            """,
            new { ids = session.List(rows.Select(r => r.Id)), now, until });
        return rows.ConvertAll(r => r.ToPurchase());
    }

    /// <summary>Nothing final is known: when to ask again.</summary>
    public static Task<int> WaitAsync(Session session, long id, PurchaseState state, string? upstreamNo, string? detail, DateTimeOffset due) =>
        session.ExecuteAsync(
            """
            update purchase set state = @State, upstream_no = coalesce(@upstreamNo, upstream_no), detail = @detail, due_at = @due
            where id = @id and state in (2, 3, 6)
            """,
            new { id, State = (short)state, upstreamNo, detail, due });

    /// <summary>It never left this node: it may be told to them as if for the first time.</summary>
    public static Task<int> ResendAsync(Session session, long id, string detail, DateTimeOffset due) => session.ExecuteAsync(
        "update purchase set state = 1, sent_at = null, detail = @detail, due_at = @due where id = @id and state = 2", new { id, detail, due });

    /// <summary>Ask them now, because they say that something happened.</summary>
    public static Task<int> HurryAsync(Session session, long id, DateTimeOffset now) => session.ExecuteAsync(
        "update purchase set due_at = @now where id = @id and state in (2, 3, 6) and due_at > @now", new { id, now });

    public static async Task<Purchase?> FindAsync(Session session, long id) =>
        (await session.FirstAsync<Row>($"select {Columns} from purchase where id = @id", new { id }))?.ToPurchase();

    /// <summary>By a connection's own number for it.</summary>
    public static async Task<Purchase?> FindTheirsAsync(Session session, long connection, string theirs) =>
        (await session.FirstAsync<Row>($"select {Columns} from purchase where upstream_no = @theirs and connection_id = @connection", new { theirs, connection }))?.ToPurchase();

    public static async Task<List<Purchase>> OfOrderAsync(Session session, OrderId order) =>
        (await session.QueryAsync<Row>($"select {Columns} from purchase where order_id = @order order by no, id", new { order })).ConvertAll(r => r.ToPurchase());

    /// <summary>What a supplier still has to deliver, oldest first.</summary>
    public static async Task<List<Purchase>> OpenAsync(Session session, SupplierId supplier, long after, int limit) =>
        (await session.QueryAsync<Row>(
            $"select {Columns} from purchase where supplier_id = @supplier and state in (1, 2, 3, 6) and id > @after order by id limit @limit",
            new { supplier, after, limit })).ConvertAll(r => r.ToPurchase());

    /// <summary>Purchases that ended since, the newest first.</summary>
    public static async Task<List<Purchase>> EndedAsync(Session session, DateTimeOffset since, int limit) =>
        (await session.QueryAsync<Row>(
            $"select {Columns} from purchase where ended_at >= @since order by ended_at desc limit @limit", new { since, limit })).ConvertAll(r => r.ToPurchase());

    /// <summary>Purchases that have been under way for so long that a person is to be told, and is not yet.</summary>
    public static async Task<List<Purchase>> SlowAsync(Session session, DateTimeOffset before, int limit) =>
        (await session.QueryAsync<Row>(
            $"select {Columns} from purchase where due_at is not null and created_at < @before and asked_at is null order by due_at limit @limit",
            new { before, limit })).ConvertAll(r => r.ToPurchase());

    private const string CaseColumns = "id, purchase_id, order_id, kind, ours, theirs, detail, opened_at, closed_at, closed_by, note";

    public static Task<List<PurchaseCase>> CasesAsync(Session session, bool isOpen, long before, int limit) => session.QueryAsync<PurchaseCase>(
        $"select {CaseColumns} from purchase_case where closed_at is {(isOpen ? "null" : "not null")} and id < @before order by id desc limit @limit",
        new { before, limit });

    public static Task<List<PurchaseCase>> CasesOfAsync(Session session, OrderId order) => session.QueryAsync<PurchaseCase>(
        $"select {CaseColumns} from purchase_case where order_id = @order order by id", new { order });

    public static Task<int> CloseAsync(Session session, long id, string actor, string note, DateTimeOffset now) => session.ExecuteAsync(
        "update purchase_case set closed_at = @now, closed_by = @actor, note = @note where id = @id and closed_at is null", new { id, actor, note, now });
}
