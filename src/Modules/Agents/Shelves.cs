using Lianka.Kernel;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Agents.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

/// <summary>What a merchant sells in its storefronts, and at which retail price. Every change raises the version 'prices'.</summary>
/// <remarks>
/// The channel's fee is given by the caller, because fees are agreed with channels, which Agents knows nothing of:
/// <c>r =&gt; ChannelFees.At(r, bps)</c>.
/// </remarks>
public sealed class Shelves(Database database, PriceBooks books, TimeProvider clock)
{
    /// <summary>Everything the merchant ever priced, listed or not.</summary>
    public Task<List<RetailLine>> ListAsync(MerchantId merchant, CancellationToken cancel = default) => database.ReadAsync(async s =>
        (await s.QueryAsync<LineRow>("select sku_id, price, listed from retail_price where merchant_id = @merchant order by sku_id", new { merchant }))
            .ConvertAll(r => new RetailLine(r.SkuId, r.Price, r.Listed == 1)), cancel);

    /// <summary>Puts a SKU on the merchant's shelves at this price per unit, or changes its price.</summary>
    public async Task<AgentsDecision<RetailLine>> SetAsync(
        MerchantId merchant, SkuId sku, string price, Func<Money, Money> expectedFee, CancellationToken cancel = default)
    {
        if (!Money.TryParse(price, out var retail))
            return new AgentsDecision<RetailLine>.Refused([new("price", "not_an_amount",
                "Write an amount in plain digits with at most 2 decimals, for example 49.50.", "请用半角数字填写金额，最多两位小数，例如 49.50。")]);
        return await database.WriteAsync<AgentsDecision<RetailLine>>(async s =>
        {
            var book = await books.LoadAsync(s);
            if (book.Merchant(merchant) is null || book.Sku(sku) is not { } entry) return new AgentsDecision<RetailLine>.Missing();
            if (book.Terms(merchant, sku, 1, clock.Now()) is not { } terms)
                return new AgentsDecision<RetailLine>.Refused([new("sku", "not_offered",
                    "These goods are not offered to you now.", "该商品目前未对您供货。")]);
            var fee = retail.IsPositive ? expectedFee(retail) : Money.Zero;
            if (RetailRules.Check(retail, terms.Unit, fee, entry.Floor, entry.Ceiling) is { } why)
                return new AgentsDecision<RetailLine>.Refused([Refusals.Of(why)]);
            await ShelfRows.WriteAsync(s, merchant, [(sku, retail)]);
            return new AgentsDecision<RetailLine>.Saved(new(sku, retail, IsListed: true));
        }, cancel);
    }

    /// <summary>Takes a SKU off the shelves; the price is kept for the day it comes back.</summary>
    public Task<AgentsDecision<RetailLine>> TakeOffAsync(MerchantId merchant, SkuId sku, CancellationToken cancel = default) =>
        database.WriteAsync<AgentsDecision<RetailLine>>(async s =>
        {
            var version = await s.RaisePricesAsync();
            var row = await s.FirstAsync<LineRow>(
                """
                update retail_price set listed = 0, changed = @version where merchant_id = @merchant and sku_id = @sku
                returning sku_id, price, listed
                """, new { merchant, sku, version });
            return row is null
                ? new AgentsDecision<RetailLine>.Missing()
                : new AgentsDecision<RetailLine>.Saved(new(row.SkuId, row.Price, IsListed: false));
        }, cancel);

    /// <summary>Lists everything offered to the merchant at a margin over its own price, clamped to price control.</summary>
    /// <param name="marginBps">Basis points over price(m).</param>
    /// <param name="keepsOwn">Leaves prices that stand on the shelves already as they are.</param>
    public async Task<AgentsDecision<ShelfFilling>> FillAsync(
        MerchantId merchant, string marginBps, Func<Money, Money> expectedFee, bool keepsOwn, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var rule = new RetailRule(check.Number("margin_bps", marginBps, 0, RetailRule.MarginBpsMax));
        if (check.Errors.Count > 0) return new AgentsDecision<ShelfFilling>.Refused(check.Errors);
        return await database.WriteAsync<AgentsDecision<ShelfFilling>>(async s =>
        {
            var book = await books.LoadAsync(s);
            if (book.Merchant(merchant) is null) return new AgentsDecision<ShelfFilling>.Missing();
            var now = clock.Now();
            var priced = new List<(SkuId, Money)>();
            var left = new List<SkuId>();
            foreach (var sku in book.Skus)
            {
                if (keepsOwn && book.Retail(merchant, sku.Id) is not null) continue;
                if (book.Terms(merchant, sku.Id, 1, now) is not { } terms) continue;
                if (rule.Propose(terms.Unit, expectedFee, sku.Floor, sku.Ceiling).Retail is { } retail) priced.Add((sku.Id, retail));
                else left.Add(sku.Id);
            }

            await ShelfRows.WriteAsync(s, merchant, priced);
            return new AgentsDecision<ShelfFilling>.Saved(new(priced.Count, left));
        }, cancel);
    }

    private sealed record LineRow
    {
        public SkuId SkuId { get; init; }
        public Money Price { get; init; }
        public long Listed { get; init; }
    }
}
