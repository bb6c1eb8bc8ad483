using System.Globalization;
using System.Text;
using Lianka.Bench.Orders;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Bench.Crash;

internal sealed record CrashMerchant(MerchantId Id, int Level, string Key, byte[] Secret);

/// <summary>A small market in which all times are short: money is released two seconds after the sale, commission matures
/// three seconds later, a reservation lapses after eight.</summary>
internal sealed class CrashMarket
{
    public const string Shop = "crash-shop", Login = "operator", Password = "a phrase of many words", Product = "card";
    public const int Skus = 6;

    /// <summary>It has little money, so that orders are refused for it; what comes in by top-ups is spent at once.</summary>
    public const int Poor = 5;

    /// <summary>Of this SKU there are few cards and never more: it sells out.</summary>
    public const int Scarce = Skus - 1;

    public static readonly long Opening = Money.Parse("50000000").Units, OpeningPoor = Money.Parse("2000").Units;

    private static readonly string[] _prices = ["45", "47", "50"];

    public IReadOnlyList<CrashMerchant> Merchants { get; private set; } = [];
    public long[] Supplies { get; } = new long[Skus];

    public static string Sku(int sku) => $"c-{sku}";

    public static string PriceOf(int level) => _prices[level - 1];

    /// <summary>The secret on a card, by its number.</summary>
    public static string Secret(int card) => string.Create(CultureInfo.InvariantCulture, $"X{card:D9}{(uint)(card * 2654435761L):X8}");

    /// <returns>The number of a card; -1 when the secret is none of ours.</returns>
    public static int CardOf(string secret) =>
        secret.Length == 18 && int.TryParse(secret.AsSpan(1, 9), NumberStyles.None, CultureInfo.InvariantCulture, out var card) && Secret(card) == secret ? card : -1;

    public static byte[] File(int first, int count)
    {
        var text = new StringBuilder(count * 19);
        for (var i = 0; i < count; i++) text.Append(Secret(first + i)).Append('\n');
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    public static async Task<CrashMarket> FillAsync(ServiceProvider services)
    {
        var market = new CrashMarket();
        await market.GoodsAsync(services);
        await market.AgentsAsync(services);
        await services.GetRequiredService<People>().CreateAsync(Login, Password, Roles.Operator, 0, "Operator");
        foreach (var (name, value) in ((string, string)[])[("retail.hold_seconds", "8"), ("dispute_window_seconds", "3")])
            await services.GetRequiredService<Database>().WriteAsync(s => s.ExecuteAsync("insert into setting (name, value) values (@name, @value)", new { name, value }));
        return market;
    }

    private async Task GoodsAsync(ServiceProvider services)
    {
        var catalog = services.GetRequiredService<Catalog>();
        var supplier = Saved(await services.GetRequiredService<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "supplier", NameZh = "货源", NameEn = "Supplier" })).Id;
        var category = Saved(await catalog.CreateCategoryAsync(new CategoryDraft { Slug = "cards", NameZh = "卡", NameEn = "Cards", Sort = "1" })).Id;
        var product = Saved(await catalog.CreateProductAsync(new ProductDraft { Slug = Product, CategoryId = category, NameZh = "卡", NameEn = "Card" })).Id;
        var levels = services.GetRequiredService<Merchants>();
        for (var level = 1; level <= 3; level++) Saved(await levels.SaveLevelAsync(new LevelDraft { Rank = $"{level}", NameZh = $"{level}级", NameEn = $"Level {level}" }));
        for (var i = 0; i < Skus; i++)
        {
            var sku = Saved(await catalog.CreateSkuAsync(new SkuDraft
            {
                Code = Sku(i), ProductId = product, NameZh = $"卡{i}", NameEn = $"Card {i}", FaceValue = "50", FaceCurrency = "CNY", QtyMax = "100",
                SuggestedRetail = "52", RetailFloor = "50", RetailCeiling = "60",
            })).Id;
            Supplies[i] = Saved(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = sku, SupplierId = supplier, Cost = "42", HoldSeconds = "2", Priority = "1" })).Id.Value;
            Saved(await services.GetRequiredService<PriceLists>().SetLevelPricesAsync([.. Enumerable.Range(1, 3).Select(l => new LevelPriceDraft(sku, l, PriceOf(l)))]));
        }
    }

    private async Task AgentsAsync(ServiceProvider services)
    {
        var database = services.GetRequiredService<Database>();
        var ledger = services.GetRequiredService<Ledger>();
        var merchants = new List<CrashMerchant>();
        // One of the first level, two of the second below it, two of the third below each; the poor one stands alone.
        int?[] parents = [null, 0, 0, 1, 2, null, 1, 2];
        int[] ranks = [1, 2, 2, 3, 3, 1, 3, 3];
        for (var i = 0; i < ranks.Length; i++)
        {
            var id = Saved(await services.GetRequiredService<Merchants>().CreateAsync(new MerchantDraft
            {
                Slug = $"m{i}", NameZh = $"代理{i}", NameEn = $"Agent {i}", Level = $"{ranks[i]}", Parent = parents[i] is { } p ? merchants[p].Id : null,
            })).Id;
            var key = Saved(await services.GetRequiredService<ApiKeys>().CreateAsync(id, new ApiKeyDraft { Name = "crash", Scopes = ApiScopes.All, CallsPerSecond = "100000" }));
            merchants.Add(new CrashMerchant(id, ranks[i], key.Line.Key, Encoding.UTF8.GetBytes(key.Secret)));
            await database.WriteAsync(async s =>
            {
                var bank = await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), Parties.Platform);
                var wallet = await ledger.OpenAsync(s, AccountKinds.Wallet, id.Value);
                await ledger.PostAsync(s, new Posting("top_up", "crash", [new Leg(bank, wallet, new Money(i == Poor ? OpeningPoor : Opening), "top_up")], "Opening", $"crash:{i}"));
            });
        }

        Merchants = merchants;
        var seller = merchants[^1].Id;
        Saved(await services.GetRequiredService<StorefrontBook>().CreateAsync(seller, new StorefrontDraft { Slug = Shop, NameZh = "店", NameEn = "Shop", Brand = "#be185d" }));
        Saved(await services.GetRequiredService<Shelves>().FillAsync(seller, "1000", r => ChannelFees.At(r, StorefrontFees.BpsUnlessTold), keepsOwn: false));
    }

    private static T Saved<T>(CatalogDecision<T> decision) =>
        decision is CatalogDecision<T>.Saved saved ? saved.Value : throw new InvalidOperationException($"Refused: {decision}");

    private static T Saved<T>(AgentsDecision<T> decision) => decision is AgentsDecision<T>.Saved saved ? saved.Value
        : throw new InvalidOperationException(decision is AgentsDecision<T>.Refused r ? string.Join(", ", r.Errors.Select(e => $"{e.Field} {e.Code}")) : "missing");
}
