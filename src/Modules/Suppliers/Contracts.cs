using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Suppliers;

/// <summary>What is agreed with suppliers: the operator proposes a version, the supplier accepts it, and from its day on it holds.</summary>
/// <remarks>
/// The version in force is put before the catalog (<see cref="Terms"/>) with its acceptance, and by the watch when its day comes.
/// Held by: tests/Integration/Onboarding/ContractTests.cs.
/// </remarks>
public sealed class Contracts(Database database, Catalog.Catalog catalog, IdSource ids, TimeProvider clock)
{
    private const string Columns =
        """
        select id, supplier_id, from_at as "from", commission_bps, hold_seconds, regions, products, note, state, made_by, made_at, answered_by, answered_at
        from supplier_contract
        """;

    /// <summary>The versions of one supplier, newest first.</summary>
    public Task<List<Contract>> ListAsync(SupplierId supplier, CancellationToken cancel = default) => database.ReadAsync(s =>
        s.QueryAsync<Contract>($"{Columns} where supplier_id = @supplier order by id desc", new { supplier }), cancel);

    /// <summary>Which of them holds now.</summary>
    public Contract? InForce(IEnumerable<Contract> ofSupplier) => ContractRules.InForce(ofSupplier, clock.Now());

    /// <summary>Proposes a version, which then waits for the supplier. One waits at a time.</summary>
    public async Task<CatalogDecision<Contract>> ProposeAsync(SupplierId supplier, ContractDraft draft, string actor, CancellationToken cancel = default)
    {
        if (await catalog.FindSupplierAsync(supplier, cancel) is null) return new CatalogDecision<Contract>.Missing();
        var (products, problems) = await ProductsAsync(draft.Products, cancel);
        var id = await ids.NextAsync();
        try
        {
            return await database.WriteAsync<CatalogDecision<Contract>>(async s =>
            {
                var all = await AcceptedAsync(s);
                var last = all.Where(c => c.SupplierId == supplier).MaxBy(c => c.From)?.From;
                var today = CoverRule.StartOf(CoverRule.DayOf(clock.Now()));
                var (value, errors) = ContractRules.Check(draft, products, today, last);
                List<FieldError> against = [.. problems, .. errors, .. await PromisedAsync(s, all, supplier, products)];
                if (against.Count > 0) return new CatalogDecision<Contract>.Refused(against);
                value = value with { Id = id, SupplierId = supplier, MadeBy = actor, MadeAt = clock.Now() };
                await s.ExecuteAsync(
                    """
                    insert into supplier_contract (id, supplier_id, from_at, commission_bps, hold_seconds, regions, products, note, state, made_by, made_at)
                    values (@Id, @SupplierId, @From, @CommissionBps, @HoldSeconds, @Regions, @Products, @Note, 'waiting', @MadeBy, @MadeAt)
                    """, value);
                return new CatalogDecision<Contract>.Saved(value);
            }, cancel);
        }
        catch (DbException fault) when (Database.IsDuplicate(fault))
        {
            return new CatalogDecision<Contract>.Refused([new FieldError("from", "waiting",
                "A version waits for the supplier already; withdraw it first.", "已有一版在等供应商确认，请先撤回。")]);
        }
    }

    /// <summary>The supplier's answer. What it accepts is in force with the commit, when its day has come.</summary>
    /// <returns>Missing when it does not wait any more.</returns>
    public Task<CatalogDecision<Contract>> AnswerAsync(SupplierId supplier, long id, bool isAccepted, string actor, CancellationToken cancel = default) =>
        database.WriteAsync<CatalogDecision<Contract>>(async s =>
        {
            var found = await s.FirstAsync<Contract>($"{Columns} where id = @id and supplier_id = @supplier and state = 'waiting'{s.ForUpdate}", new { id, supplier });
            if (found is null) return new CatalogDecision<Contract>.Missing();
            // Somebody else may have been promised the same goods since it was proposed.
            if (isAccepted && await PromisedAsync(s, await AcceptedAsync(s), supplier, found.ProductIds) is { Count: > 0 } errors)
                return new CatalogDecision<Contract>.Refused(errors);
            await EndAsync(s, id, isAccepted ? "accepted" : "declined", actor);
            if (isAccepted) await LookAsync(s);
            return new CatalogDecision<Contract>.Saved(found with { State = isAccepted ? ContractState.Accepted : ContractState.Declined });
        }, cancel);

    /// <summary>Takes back what the supplier has not answered.</summary>
    /// <returns>False when it does not wait any more.</returns>
    public async Task<bool> WithdrawAsync(SupplierId supplier, long id, string actor, CancellationToken cancel = default) => await database.WriteAsync(async s =>
        await s.FirstAsync<long?>($"select id from supplier_contract where id = @id and supplier_id = @supplier and state = 'waiting'{s.ForUpdate}", new { id, supplier }) is null
            ? 0 : await EndAsync(s, id, "withdrawn", actor), cancel) == 1;

    /// <summary>True when <see cref="LookAsync"/> would change something.</summary>
    internal async Task<bool> IsStaleAsync(Session s)
    {
        var (terms, exclusives) = await WantedAsync(s);
        return !terms.ToHashSet().SetEquals(await Terms.AllAsync(s)) || !exclusives.ToHashSet().SetEquals(await Terms.ExclusivesAsync(s));
    }

    /// <summary>Puts the terms as the contracts say at this moment.</summary>
    internal async Task LookAsync(Session s)
    {
        var (terms, exclusives) = await WantedAsync(s);
        await Terms.PutAsync(s, terms, exclusives);
    }

    private async Task<(List<SupplierTerms> Terms, IReadOnlyList<ExclusiveProduct> Exclusives)> WantedAsync(Session s)
    {
        var now = clock.Now();
        var inForce = (await AcceptedAsync(s)).GroupBy(c => c.SupplierId).Select(g => ContractRules.InForce(g, now)).OfType<Contract>().ToList();
        return (inForce.ConvertAll(c => new SupplierTerms
        {
            SupplierId = c.SupplierId, ContractId = c.Id, CommissionBps = c.CommissionBps, HoldSeconds = c.HoldSeconds, Regions = c.Regions,
        }), ContractRules.Exclusives(inForce));
    }

    private static Task<List<Contract>> AcceptedAsync(Session s) => s.QueryAsync<Contract>($"{Columns} where state = 'accepted'");

    private Task<int> EndAsync(Session s, long id, string state, string actor) => s.ExecuteAsync(
        "update supplier_contract set state = @state, answered_by = @actor, answered_at = @Now where id = @id", new { id, state, actor, Now = clock.Now() });

    /// <summary>Goods that somebody else supplies alone, now or later.</summary>
    private async Task<List<FieldError>> PromisedAsync(Session s, List<Contract> accepted, SupplierId supplier, IReadOnlyCollection<ProductId> products)
    {
        var now = clock.Now();
        var errors = new List<FieldError>();
        foreach (var others in accepted.Where(c => c.SupplierId != supplier).GroupBy(c => c.SupplierId))
        {
            var current = ContractRules.InForce(others, now);
            foreach (var product in others.Where(c => c == current || c.From > now).SelectMany(c => c.ProductIds).Intersect(products))
                if (await catalog.FindProductAsync(s, product) is { } goods)
                    errors.Add(new FieldError("products", "promised",
                        $"By contract another supplier supplies {goods.Slug} alone.", $"按合同，{goods.Slug} 由另一家供应商独家供应。"));
        }

        return errors;
    }

    private async Task<(List<ProductId> Products, List<FieldError> Errors)> ProductsAsync(string slugs, CancellationToken cancel)
    {
        var (products, errors) = (new List<ProductId>(), new List<FieldError>());
        foreach (var slug in slugs.Split([',', '，', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(ContractRules.ProductsMax + 1))
        {
            if (await catalog.FindProductAsync(slug, cancel) is { } product) products.Add(product.Id);
            else errors.Add(new FieldError("products", "not_found", $"There are no goods {slug}.", $"没有网址名是 {slug} 的商品。"));
        }

        return (products, errors);
    }
}
