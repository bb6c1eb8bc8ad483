using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Purchases;

/// <summary>The SQL of purchases outside the engine: who calls next, and how a call went. Money and goods are the engine's.</summary>
internal static class PurchaseStore
{
    private const string Columns =
        """
        id, order_id, no, sku_id, supply_id, supplier_id, connection_id, count, unit_cost, route, state, tries, due_at, upstream_no, fault, detail,
        receipt, charged, created_at, sent_at, ended_at, asked_at, merges, batch_id
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
        public short Merges { get; init; }
        public long? BatchId { get; init; }

        public Purchase ToPurchase() => new()
        {
            Id = Id, OrderId = OrderId, No = No, SkuId = SkuId, SupplyId = SupplyId, SupplierId = SupplierId, ConnectionId = ConnectionId, Count = Count,
            UnitCost = UnitCost, Route = Route, State = (PurchaseState)State, Tries = Tries, DueAt = DueAt, UpstreamNo = UpstreamNo, Fault = Fault,
            Detail = Detail, Receipt = Receipt, Charged = Charged, CreatedAt = CreatedAt, SentAt = SentAt, EndedAt = EndedAt, AskedAt = AskedAt,
            Merges = Merges == 1, BatchId = BatchId,
        };
    }

    /// <summary>Takes purchases that are due, the longest waiting first, and lets nobody else have them until <paramref name="until"/>.</summary>
    /// <remarks>
    /// One that was queued is marked as sent before anything leaves: whoever finds it so after a crash asks, and never buys again (F2). Small ones that
    /// wait for the same supply go together, and get their number in the same transaction.
    /// </remarks>
    /// <param name="ids">Gives numbers for what is told as one.</param>
    /// <param name="unitsMax">How many units a supply takes in one call.</param>
    public static async Task<List<PurchaseCall>> ClaimAsync(
        Session session, IdSource ids, Func<SupplyId, long> unitsMax, int most, DateTimeOffset now, DateTimeOffset until)
    {
        var skip = session.Kind == DatabaseKind.Postgres ? " for update skip locked" : "";
        var due = (await session.QueryAsync<Row>(
            $"select {Columns} from purchase where due_at <= @now order by due_at limit @most{skip}", new { now, most })).ConvertAll(r => r.ToPurchase());
        if (due.Count == 0) return [];

        var batches = due.Where(p => p.BatchId is not null).Select(p => p.BatchId!.Value).Distinct().ToList();
        var rest = batches.Count == 0 ? [] : await MoreAsync($"{session.AnyOf("batch_id", "@ids")} and state in (1, 2, 3, 6)", batches);
        var supplies = due.Where(IsWaiting).Select(p => p.SupplyId.Value).Distinct().ToList();
        // Whoever goes takes along all that wait for the same supply.
        if (supplies.Count > 0)
            rest.AddRange(await MoreAsync($"{session.AnyOf("supply_id", "@ids")} and due_at > @now and state = 1 and merges = 1 and batch_id is null", supplies));

        List<Purchase> claimed = [.. due, .. rest.Where(r => due.TrueForAll(d => d.Id != r.Id))];
        await session.ExecuteAsync(
            $"""
            update purchase set due_at = @until, tries = tries + 1, state = case when state = 1 then 2 else state end, sent_at = coalesce(sent_at, @now)
            where {session.AnyOf("id", "@ids")}
            """,
            new { ids = session.List(claimed.Select(r => r.Id)), now, until });

        var calls = claimed.Where(p => p.BatchId is null && !IsWaiting(p)).Select(p => new PurchaseCall(p.Id, [p], p.State == PurchaseState.Queued)).ToList();
        foreach (var group in PurchaseCall.Group(await WithFieldsAsync(session, claimed.FindAll(IsWaiting)), unitsMax))
        {
            if (group.Count == 1)
            {
                calls.Add(new PurchaseCall(group[0].Id, group, IsFirst: true));
                continue;
            }

            var batch = await ids.NextAsync(session);
            await session.ExecuteAsync(
                $"update purchase set batch_id = @batch where {session.AnyOf("id", "@ids")}", new { batch, ids = session.List(group.Select(p => p.Id)) });
            calls.Add(new PurchaseCall(batch, group, IsFirst: true));
        }

        foreach (var batch in batches)
        {
            var parts = await OfBatchAsync(session, batch);
            calls.Add(new PurchaseCall(batch, parts, claimed.Where(p => p.BatchId == batch).All(p => p.State == PurchaseState.Queued)));
        }

        return calls;

        async Task<List<Purchase>> MoreAsync(string where, List<long> of) =>
            (await session.QueryAsync<Row>($"select {Columns} from purchase where {where} order by id limit 1000{skip}", new { ids = session.List(of), now }))
            .ConvertAll(r => r.ToPurchase());
    }

    private static bool IsWaiting(Purchase purchase) => purchase is { State: PurchaseState.Queued, Merges: true, BatchId: null };

    private sealed record FieldsRow
    {
        public long Id { get; init; }
        public string? Fields { get; init; }
    }

    private static async Task<List<(Purchase, string?)>> WithFieldsAsync(Session session, List<Purchase> purchases)
    {
        if (purchases.Count == 0) return [];
        var fields = (await session.QueryAsync<FieldsRow>(
            $"select id, fields from orders where {session.AnyOf("id", "@ids")}", new { ids = session.List(purchases.Select(p => p.OrderId.Value)) }))
            .ToDictionary(r => r.Id, r => r.Fields);
        return purchases.ConvertAll(p => (p, fields.GetValueOrDefault(p.OrderId.Value)));
    }

    private static async Task<List<Purchase>> OfBatchAsync(Session session, long batch) => (await session.QueryAsync<Row>(
        $"select {Columns} from purchase where batch_id = @batch order by id", new { batch })).ConvertAll(r => r.ToPurchase());

    /// <summary>What was told under a number of ours.</summary>
    public static async Task<PurchaseCall?> CallAsync(Session session, long number)
    {
        if (await OfBatchAsync(session, number) is { Count: > 0 } parts) return new PurchaseCall(number, parts, IsFirst: false);
        return await FindAsync(session, number) is { BatchId: null } alone ? new PurchaseCall(number, [alone], IsFirst: false) : null;
    }

    /// <summary>Nothing final is known: when to ask again.</summary>
    public static Task<int> WaitAsync(Session session, long number, PurchaseState state, string? upstreamNo, string? detail, DateTimeOffset due) =>
        session.ExecuteAsync(
            $"""
            update purchase set state = @State, upstream_no = coalesce(@upstreamNo, upstream_no), detail = @detail, due_at = @due
            where {OfNumber} and state in (2, 3, 6)
            """,
            new { number, State = (short)state, upstreamNo, detail, due });

    /// <summary>It never left this node: it may be told to them as if for the first time.</summary>
    public static Task<int> ResendAsync(Session session, long number, string detail, DateTimeOffset due) => session.ExecuteAsync(
        $"update purchase set state = 1, sent_at = null, detail = @detail, due_at = @due where {OfNumber} and state = 2", new { number, detail, due });

    /// <summary>Ask them now, because they say that something happened.</summary>
    public static Task<int> HurryAsync(Session session, long number, DateTimeOffset now) => session.ExecuteAsync(
        $"update purchase set due_at = @now where {OfNumber} and state in (2, 3, 6) and due_at > @now", new { number, now });

    /// <summary>Told under this number: alone, or with others.</summary>
    private const string OfNumber = "((id = @number and batch_id is null) or batch_id = @number)";

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
