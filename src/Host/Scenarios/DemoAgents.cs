using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;

namespace Lianka.Host.Scenarios;

/// <summary>The demo's levels, merchants with wallets, prices, API keys, storefronts and shelves.</summary>
internal sealed class DemoAgents(
    string scenario, Merchants merchants, PriceLists prices, Shelves shelves, StorefrontBook shops, ApiKeys keys, StorefrontFees fees, Ledger ledger,
    Database database)
{
    /// <summary>How the key of the demo is named, by which it is found again.</summary>
    public const string KeyName = "demo";

    public async Task SeedAsync(ScenarioFile file, IReadOnlyDictionary<string, SkuId> skus, CancellationToken cancel)
    {
        foreach (var level in file.Levels)
            Saved("level", await merchants.SaveLevelAsync(
                new LevelDraft { Rank = $"{level.Rank}", NameZh = level.NameZh, NameEn = level.NameEn }, cancel));

        var ids = new Dictionary<string, MerchantId>(StringComparer.Ordinal);
        foreach (var part in file.Merchants)
        {
            MerchantId? parent = part.Parent is { } above ? ids[above] : null;
            var id = ids[part.Slug] = (await merchants.FindAsync(part.Slug, cancel))?.Id ?? Saved(part.Slug, await merchants.CreateAsync(
                new MerchantDraft { Slug = part.Slug, NameZh = part.NameZh, NameEn = part.NameEn, Level = $"{part.Level}", Parent = parent }, cancel)).Id;
            await CreditAsync(part, id, cancel);
            await OpenShopAsync(part.Storefront, id, cancel);
            if ((await keys.ListAsync(id, cancel)).Exists(k => k.Name == KeyName && !k.IsRevoked)) continue;
            Saved(part.Slug, await keys.CreateAsync(id, new ApiKeyDraft { Name = KeyName, Scopes = ApiScopes.All }, cancel));
        }

        await SetPricesAsync(file, skus, ids, cancel);
        // Last, because what stands on a shelf follows from all prices.
        var feeBps = await fees.BpsAsync(cancel);
        foreach (var part in file.Merchants)
            Saved(part.Slug, await shelves.FillAsync(
                ids[part.Slug], $"{part.Storefront.RetailMarginBps}", r => ChannelFees.At(r, feeBps), keepsOwn: false, cancel));
    }

    private Task CreditAsync(MerchantPart part, MerchantId id, CancellationToken cancel) => database.WriteAsync(async s =>
    {
        var bank = await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), Parties.Platform);
        var wallet = await ledger.OpenAsync(s, AccountKinds.Wallet, id.Value);
        await ledger.MustPostAsync(s, new Posting(
            "top_up", "demo", [new Leg(bank, wallet, Money.Parse(part.Wallet), "top_up")], "Demo: opening balance", $"scenario:{scenario}:{part.Slug}"));
    }, cancel);

    private async Task OpenShopAsync(StorefrontPart part, MerchantId id, CancellationToken cancel)
    {
        if ((await shops.ListAsync(id, cancel)).Exists(s => s.Slug == part.Slug)) return;
        Saved(part.Slug, await shops.CreateAsync(id, new StorefrontDraft
        {
            Slug = part.Slug, NameZh = part.NameZh, NameEn = part.NameEn, NoticeZh = part.NoticeZh, NoticeEn = part.NoticeEn, Brand = part.Brand, Theme = part.Theme,
        }, cancel));
    }

    private async Task SetPricesAsync(
        ScenarioFile file, IReadOnlyDictionary<string, SkuId> skus, Dictionary<string, MerchantId> ids, CancellationToken cancel)
    {
        Saved("level prices", await prices.SetLevelPricesAsync(
        [
            .. from product in file.Products
               from sku in product.Skus
               from price in sku.LevelPrices
               select new LevelPriceDraft(skus[sku.Code], int.Parse(price.Key), price.Value),
        ], cancel));
        foreach (var part in file.Markups)
            Saved("mark-up", await prices.SetMarkupAsync(
                ids[part.Parent], new MarkupDraft { Child = ids[part.Child], Mode = part.Mode, Value = part.Value }, cancel));
        foreach (var tiers in file.QuantityTiers.GroupBy(t => t.Sku, StringComparer.Ordinal))
            Saved(tiers.Key, await prices.SetTiersAsync(
                skus[tiers.Key], [.. tiers.Select(t => new QuantityTierDraft($"{t.MinQty}", $"{t.OffBps}"))], cancel));
        foreach (var part in file.SpecialPrices)
        {
            var (merchant, sku) = (ids[part.Merchant], skus[part.Sku]);
            if ((await prices.SpecialsAsync(merchant, cancel)).Exists(s => s.Sku == sku)) continue;
            Saved(part.Sku, await prices.AddSpecialAsync(new SpecialPriceDraft { Merchant = merchant, Sku = sku, Price = part.Price }, cancel));
        }
    }

    private static T Saved<T>(string what, AgentsDecision<T> decision) => decision switch
    {
        AgentsDecision<T>.Saved saved => saved.Value,
        AgentsDecision<T>.Refused refused => throw new DemoRefusedException(what, refused.Errors),
        _ => throw new DemoRefusedException(what, []),
    };
}
