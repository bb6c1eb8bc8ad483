using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Suppliers;

/// <summary>Replaced: the supplier asked for another cost before anybody decided.</summary>
public enum CostChangeState { Waiting, Passed, Refused, Replaced }

/// <summary>A cost that a supplier asks for.</summary>
public sealed record CostChange
{
    public long Id { get; init; }
    public SupplyId SupplyId { get; init; }
    public SupplierId SupplierId { get; init; }

    /// <summary>What it cost when it was asked; null: there was no cost.</summary>
    public Money? Before { get; init; }
    public Money Cost { get; init; }
    public CostChangeState State { get; init; }
    public string Actor { get; init; } = "";
    public string Reason { get; init; } = "";
    public string DecidedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
}

/// <summary>The front door of costs that suppliers change: a lower one is in force at once, a higher or first one waits for a person.</summary>
/// <remarks>Of one supply one change waits; a later one takes its place. Asking for the same again changes nothing.
/// Held by: tests/Integration/OpenApi/SupplierCostApiTests.cs. Why: docs/decisions/0029-costs-that-suppliers-change.md.</remarks>
public sealed class CostChanges(Database database, IdSource ids, Catalog.Catalog catalog, TimeProvider clock)
{
    private const string Columns =
        "select id, supply_id, supplier_id, before, cost, state, actor, reason, decided_by, created_at, decided_at from cost_change";

    /// <summary>Those that wait first, oldest first; then the others, newest first.</summary>
    /// <param name="supplier">The tenant; null: of all, for the operator.</param>
    public Task<List<CostChange>> ListAsync(SupplierId? supplier, CancellationToken cancel = default) => database.ReadAsync(s => s.QueryAsync<CostChange>(
        $"""
        {Columns} {(supplier is null ? "" : "where supplier_id = @supplier")}
        order by case when state = 'waiting' then 0 else 1 end, case when state = 'waiting' then id else -id end limit 200
        """, new { supplier }), cancel);

    public Task<CostChange?> FindAsync(long id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<CostChange>($"{Columns} where id = @id", new { id }), cancel);

    /// <param name="cost">Per unit, as typed.</param>
    /// <returns>The change as it stands: passed when it is in force. Missing: this supplier has no such supply.</returns>
    public async Task<CatalogDecision<CostChange>> AskAsync(SupplierId supplier, SupplyId supply, string cost, string actor, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var wanted = check.Amount("cost", cost);
        if (check.Errors.Count > 0) return new CatalogDecision<CostChange>.Refused(check.Errors);
        var id = await ids.NextAsync();
        return await database.WriteAsync<CatalogDecision<CostChange>>(async s =>
        {
            // Locked, so that of two who ask at once the second sees what the first asked for.
            if (await catalog.LockSupplyAsync(s, supply) is not { } now || now.SupplierId != supplier) return new CatalogDecision<CostChange>.Missing();
            var waiting = await s.FirstAsync<CostChange>($"{Columns} where supply_id = @supply and state = 'waiting'", new { supply });
            if (waiting?.Cost == wanted) return new CatalogDecision<CostChange>.Saved(waiting);
            if (waiting is not null)
                await s.ExecuteAsync("update cost_change set state = 'replaced', decided_by = @actor, decided_at = @Now where id = @Id", new { waiting.Id, actor, Now = clock.Now() });
            var isInForce = wanted <= now.Cost;
            var change = new CostChange
            {
                Id = id, SupplyId = supply, SupplierId = supplier, Before = now.Cost, Cost = wanted, Actor = actor, CreatedAt = clock.Now(),
                State = isInForce ? CostChangeState.Passed : CostChangeState.Waiting, DecidedAt = isInForce ? clock.Now() : null,
            };
            // Nothing to remember: it costs that already.
            if (wanted == now.Cost) return new CatalogDecision<CostChange>.Saved(change);
            await s.ExecuteAsync(
                """
                insert into cost_change (id, supply_id, supplier_id, before, cost, state, actor, created_at, decided_at)
                values (@Id, @SupplyId, @SupplierId, @Before, @Cost, @Word, @Actor, @CreatedAt, @DecidedAt)
                """,
                new { change.Id, change.SupplyId, change.SupplierId, change.Before, change.Cost, Word = isInForce ? "passed" : "waiting", change.Actor, change.CreatedAt, change.DecidedAt });
            if (isInForce) await catalog.SetCostAsync(s, now, wanted);
            return new CatalogDecision<CostChange>.Saved(change);
        }, cancel);
    }

    /// <summary>A person's verdict; passed, the cost is in force with the same commit.</summary>
    /// <returns>False when it does not wait any more.</returns>
    public Task<bool> DecideAsync(long id, bool isPassed, string reason, string actor, CancellationToken cancel = default) => database.WriteAsync(async s =>
    {
        if (await s.FirstAsync<CostChange>($"{Columns} where id = @id", new { id }) is not { } asked || await catalog.LockSupplyAsync(s, asked.SupplyId) is not { } now) return false;
        var changed = await s.ExecuteAsync(
            "update cost_change set state = @State, reason = @reason, decided_by = @actor, decided_at = @Now where id = @id and state = 'waiting'",
            new { id, State = isPassed ? "passed" : "refused", reason, actor, Now = clock.Now() });
        if (changed == 1 && isPassed) await catalog.SetCostAsync(s, now, asked.Cost);
        return changed == 1;
    }, cancel);
}
