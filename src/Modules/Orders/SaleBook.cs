using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Orders.Engine;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>Makes, ends and tells of flash sales. Who gets a unit is decided by the engine alone (<see cref="OrderCommand.Reserve"/>).</summary>
public sealed class SaleBook(Database database, IdSource ids, PriceBooks books, StorefrontBook shops, TimeProvider clock)
{
    public const long UnitsMax = 10_000_000;
    public const long QuotaMax = 100;
    public const long PaySecondsMin = 30, PaySecondsMax = 900;

    /// <summary>A sale of a merchant's own storefront; price control and loss guard are those of its shelves.</summary>
    /// <param name="tenant">The merchant who asks; null for the operator, who may do it for any storefront.</param>
    public async Task<AgentsDecision<FlashSale>> CreateAsync(MerchantId? tenant, FlashSaleDraft draft, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var sale = new FlashSale
        {
            Id = await ids.NextAsync<OfSale>(),
            StorefrontId = draft.Storefront,
            SkuId = draft.Sku,
            Units = check.Number("units", draft.Units, 1, UnitsMax),
            Price = check.Amount("price", draft.Price, wholeFen: true),
            Quota = check.Number("quota", draft.Quota, 1, QuotaMax),
            PaySeconds = check.Number("pay_seconds", draft.PaySeconds, PaySecondsMin, PaySecondsMax),
            FromAt = Instants.FromMicros(draft.From.ToMicros()),
            ToAt = Instants.FromMicros(draft.To.ToMicros()),
            CreatedAt = clock.Now(),
        };
        if (sale.ToAt <= sale.FromAt || sale.ToAt <= sale.CreatedAt)
            check.Add("to", "ends_before_start", "It must end after it starts, and in the future.", "结束时间须晚于开始时间，且晚于现在。");
        if (await shops.FindAsync(tenant, draft.Storefront, cancel) is not { } shop)
        {
            check.Add("storefront", "not_found", "There is no such storefront.", "没有这个店铺。");
            return new AgentsDecision<FlashSale>.Refused(check.Errors);
        }

        sale = sale with { MerchantId = shop.Merchant };
        return await database.WriteAsync<AgentsDecision<FlashSale>>(async s =>
        {
            var errors = new List<FieldError>(check.Errors);
            var book = await books.LoadAsync(s);
            sale = sale with { FeeBps = await StorefrontFees.BpsAsync(s) };
            if (book.Sku(sale.SkuId) is not { Kind: "card" } sku || book.Terms(sale.MerchantId, sale.SkuId, 1, clock.Now()) is not { } terms)
                errors.Add(new("sku", "not_offered", "These goods are not offered to this merchant now.", "该商品目前未对该商户供货。"));
            else if (sale.Price.IsPositive && RetailRules.Check(
                sale.Price, terms.Unit, ChannelFees.At(sale.Price, sale.FeeBps), sku.Floor, sku.Ceiling) is { } why)
                errors.Add(RetailRules.Problem(why));
            if (errors.Count > 0) return new AgentsDecision<FlashSale>.Refused(errors);
            await s.ExecuteAsync(
                $"""
                insert into flash_sale ({SaleRows.Columns})
                values (@Id, @StorefrontId, @MerchantId, @SkuId, @Units, @Price, @FeeBps, @Quota, @PaySeconds, @FromAt, @ToAt, @CreatedAt, 0, 0, 0, 0)
                """,
                sale);
            return new AgentsDecision<FlashSale>.Saved(sale);
        }, cancel);
    }

    /// <summary>Ends a sale now; one that has not begun never begins. What is reserved may still be paid.</summary>
    /// <param name="tenant">When given, another merchant's sale is as if it did not exist.</param>
    public Task<AgentsDecision<FlashSale>> EndAsync(SaleId id, MerchantId? tenant, CancellationToken cancel = default) =>
        database.WriteAsync<AgentsDecision<FlashSale>>(async s =>
        {
            await s.ExecuteAsync(
                """
                update flash_sale set to_at = @now, from_at = case when from_at > @now then @now else from_at end
                where id = @id and to_at > @now and (@tenant = 0 or merchant_id = @tenant)
                """,
                new { now = clock.Now(), id, tenant = tenant?.Value ?? 0 });
            return await FindAsync(s, id, tenant) is { } sale ? new AgentsDecision<FlashSale>.Saved(sale) : new AgentsDecision<FlashSale>.Missing();
        }, cancel);

    public Task<FlashSale?> FindAsync(SaleId id, MerchantId? tenant = null, CancellationToken cancel = default) =>
        database.ReadAsync(s => FindAsync(s, id, tenant), cancel);

    /// <summary>The newest first, at most 100.</summary>
    public Task<List<FlashSale>> ListAsync(MerchantId? tenant = null, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.QueryAsync<FlashSale>(
            $"select {SaleRows.Columns} from flash_sale where (@tenant = 0 or merchant_id = @tenant) order by id desc limit 100",
            new { tenant = tenant?.Value ?? 0 }), cancel);

    private static Task<FlashSale?> FindAsync(Session s, SaleId id, MerchantId? tenant) => s.FirstAsync<FlashSale>(
        $"select {SaleRows.Columns} from flash_sale where id = @id and (@tenant = 0 or merchant_id = @tenant)",
        new { id, tenant = tenant?.Value ?? 0 });

    private sealed record OrderRowOf
    {
        public long No { get; init; }
        public OrderId OrderId { get; init; }
        public long Buyer { get; init; }
    }

    private sealed record UnpaidRow
    {
        public long Second { get; init; }
        public long Units { get; init; }
    }

    /// <summary>Everything that is news about the sales that end after a moment, on one snapshot.</summary>
    /// <param name="seen">For each sale the number of the last order that the caller has seen.</param>
    public Task<List<SaleNews>> NewsAsync(
        DateTimeOffset endingAfter, IReadOnlyDictionary<SaleId, long> seen, CancellationToken cancel = default) =>
        database.ReadAsync(async s =>
        {
            var sales = await s.QueryAsync<FlashSale>(
                $"select {SaleRows.Columns} from flash_sale where to_at > @endingAfter order by id", new { endingAfter });
            var news = new List<SaleNews>(sales.Count);
            foreach (var sale in sales)
            {
                var from = seen.GetValueOrDefault(sale.Id);
                var orders = sale.Opened <= from ? [] : await s.QueryAsync<OrderRowOf>(
                    "select no, order_id, buyer from flash_order where sale_id = @Id and no > @from order by no", new { sale.Id, from });
                var unpaid = sale.Unpaid == 0 ? [] : await s.QueryAsync<UnpaidRow>(
                    """
                    select o.expires_at / 1000000 as second, cast(sum(o.quantity) as bigint) as units
                    from orders o join flash_order f on f.order_id = o.id
                    where o.sku_id = @SkuId and o.status = 1 and f.sale_id = @Id group by o.expires_at / 1000000 order by 1
                    """, new { sale.SkuId, sale.Id });
                news.Add(new SaleNews(sale, orders.ConvertAll(o => new SaleOrder(o.No, o.OrderId, o.Buyer)),
                    unpaid.ConvertAll(u => new UnpaidUnits(DateTimeOffset.FromUnixTimeSeconds(u.Second + 1), u.Units))));
            }

            return news;
        }, cancel);
}
