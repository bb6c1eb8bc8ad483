using Lianka.Kernel;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Agents.Store;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

/// <summary>Limited-time reductions, and the money from which losses below cost are paid.</summary>
/// <remarks>
/// A promotion without money still lowers prices; an order that would cost more than it brings is then refused by the loss
/// guard. The money stands in the promotion's own account (party = promotion id) and comes from marketing only.
/// </remarks>
public sealed class Promotions(Database database, IdSource ids, PriceBooks books, Ledger.Ledger ledger, TimeProvider clock)
{
    private const string Select = "select id, sku_id, off_bps, from_at, to_at, name_zh, name_en from promotion";

    /// <summary>Promotions of one SKU or of all, the newest first (at most 100), with what their accounts hold.</summary>
    public Task<List<FundedPromotion>> ListAsync(SkuId? sku = null, CancellationToken cancel = default) => database.ReadAsync(async s =>
    {
        var rows = await s.QueryAsync<PromotionRow>(
            $"{Select} where (@Sku = 0 or sku_id = @Sku) order by id desc limit 100", new { Sku = sku?.Value ?? 0 });
        var promotions = new List<FundedPromotion>(rows.Count);
        foreach (var row in rows) promotions.Add(new(row.ToPromotion(), await BudgetAsync(s, row.Id)));
        return promotions;
    }, cancel);

    public async Task<AgentsDecision<Promotion>> CreateAsync(PromotionDraft draft, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var promotion = new Promotion(
            await ids.NextAsync(), draft.Sku, check.Number("off_bps", draft.OffBps, 1, 9_999), draft.From.Stored(), draft.To.Stored(),
            check.Name("name_zh", draft.NameZh), check.Name("name_en", draft.NameEn));
        if (promotion.To <= promotion.From || promotion.To <= clock.Now()) check.Add(Refusals.EndsBeforeStart("to"));
        if (check.Errors.Count > 0) return new AgentsDecision<Promotion>.Refused(check.Errors);
        return await database.WriteAsync<AgentsDecision<Promotion>>(async s =>
        {
            if ((await books.LoadAsync(s)).Sku(draft.Sku) is null)
                return new AgentsDecision<Promotion>.Refused([Refusals.Unknown("sku")]);
            await s.ExecuteAsync(
                """
                insert into promotion (id, sku_id, off_bps, from_at, to_at, name_zh, name_en)
                values (@Id, @Sku, @OffBps, @From, @To, @NameZh, @NameEn)
                """, promotion);
            await ledger.OpenAsync(s, AccountKinds.Promotion, promotion.Id);
            await s.RaisePricesAsync();
            return new AgentsDecision<Promotion>.Saved(promotion);
        }, cancel);
    }

    /// <summary>Moves money from marketing into the promotion's account.</summary>
    /// <param name="actor">Who did it, for the ledger.</param>
    /// <param name="key">Makes a repeated request the same posting.</param>
    public async Task<AgentsDecision<FundedPromotion>> FundAsync(
        long id, string amount, string actor, string key, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var money = check.Amount("amount", amount);
        if (check.Errors.Count > 0) return new AgentsDecision<FundedPromotion>.Refused(check.Errors);
        return await database.WriteAsync<AgentsDecision<FundedPromotion>>(async s =>
        {
            if (await FindAsync(s, id) is not { } promotion) return new AgentsDecision<FundedPromotion>.Missing();
            var marketing = await ledger.OpenAsync(s, AccountKinds.Marketing, Parties.Platform);
            var budget = await ledger.OpenAsync(s, AccountKinds.Promotion, id);
            var posted = await ledger.PostAsync(s, new Posting(
                "promotion_funding", actor, [new Leg(marketing, budget, money, "promotion_funding")], promotion.NameEn, key));
            return posted is PostDecision.Posted
                ? new AgentsDecision<FundedPromotion>.Saved(new(promotion, await BudgetAsync(s, id)))
                : new AgentsDecision<FundedPromotion>.Refused([new("key", "idempotency_conflict",
                    "This key was used for another request.", "该幂等键已用于另一个请求。")]);
        }, cancel);
    }

    /// <summary>Ends a promotion now; one that has not begun never runs. Its account keeps what accepted orders may still need.</summary>
    public Task<AgentsDecision<Promotion>> EndAsync(long id, CancellationToken cancel = default) =>
        database.WriteAsync<AgentsDecision<Promotion>>(async s =>
        {
            if (await FindAsync(s, id) is not { } promotion) return new AgentsDecision<Promotion>.Missing();
            var now = clock.Now();
            if (promotion.To > now)
                // The shortest time there is instead of none, because a row must end after it starts.
                promotion = promotion.From < now
                    ? promotion with { To = now }
                    : promotion with { From = now.AddTicks(-TimeSpan.TicksPerMicrosecond), To = now };
            await s.ExecuteAsync("update promotion set from_at = @From, to_at = @To where id = @Id", new { promotion.From, promotion.To, promotion.Id });
            await s.RaisePricesAsync();
            return new AgentsDecision<Promotion>.Saved(promotion);
        }, cancel);

    private static async Task<Promotion?> FindAsync(Session s, long id) =>
        (await s.FirstAsync<PromotionRow>($"{Select} where id = @id{s.ForUpdate}", new { id }))?.ToPromotion();

    private static async Task<Money> BudgetAsync(Session s, long id) =>
        (await Statements.BalancesAsync(s, id)).Find(b => b.Kind == AccountKinds.Promotion)?.Balance ?? Money.Zero;
}
