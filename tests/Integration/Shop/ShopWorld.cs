using System.Net;
using System.Text.RegularExpressions;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Shop;

/// <summary>A node with one shop that sells one SKU at 49.50, bought from one supplier at 45.25.</summary>
internal sealed class ShopWorld : IAsyncDisposable
{
    public const string Slug = "xiaolu";
    public const string Contact = "13800135567";

    private int _cards;

    public HttpWorld Http { get; }
    public Sku Sku { get; private set; } = null!;
    public Supply Supply { get; private set; } = null!;
    public MerchantId Merchant { get; private set; }
    public Storefront Storefront { get; private set; } = null!;

    private ShopWorld(HttpWorld http) => Http = http;

    public OrderDesk Orders => Http.Get<OrderDesk>();
    public PaymentDesk Payments => Http.Get<PaymentDesk>();
    public Database Database => Http.Database;

    /// <param name="holdSeconds">How long a reservation lasts.</param>
    public static async Task<ShopWorld> CreateAsync(DatabaseKind kind, int cards = 10, long holdSeconds = 900, TimeProvider? clock = null,
        Action<IServiceCollection>? replace = null, string prefix = "")
    {
        var world = new ShopWorld(await HttpWorld.CreateAsync(kind, services =>
        {
            if (clock is not null) services.AddSingleton(clock);
            replace?.Invoke(services);
        }, prefix: prefix));
        await world.GoodsAsync();
        await world.SellerAsync();
        await world.ImportAsync(cards);
        await world.SetAsync("retail.hold_seconds", $"{holdSeconds}");
        await world.Http.Get<PriceBooks>().RefreshAsync();
        return world;
    }

    private async Task GoodsAsync()
    {
        var catalog = Http.Get<Modules.Catalog.Catalog>();
        var category = Goods.Saved(await catalog.CreateCategoryAsync(new CategoryDraft { Slug = "games", NameZh = "游戏点卡", NameEn = "Game cards" }));
        var product = Goods.Saved(await catalog.CreateProductAsync(new ProductDraft
        {
            Slug = "steam-wallet", CategoryId = category.Id, NameZh = "Steam 钱包充值码", NameEn = "Steam wallet code", RedeemZh = "第一步\n第二步",
        }));
        Sku = Goods.Saved(await catalog.CreateSkuAsync(Goods.SkuDraft(product.Id, "steam-50")));
        var supplier = Goods.Saved(await Http.Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "huanyu", NameZh = "寰宇", NameEn = "Huanyu" }));
        Supply = Goods.Saved(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = Sku.Id, SupplierId = supplier.Id, Cost = "45.2500", HoldSeconds = "3600" }));
    }

    private async Task SellerAsync()
    {
        Saved(await Http.Get<Merchants>().SaveLevelAsync(new LevelDraft { Rank = "1", NameZh = "总代", NameEn = "General agent" }));
        var merchant = Saved(await Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = "xiaolu", NameZh = "小鹿点卡", NameEn = "Xiaolu Cards", Level = "1" }));
        Merchant = merchant.Id;
        Saved(await Http.Get<PriceLists>().SetLevelPricesAsync([new LevelPriceDraft(Sku.Id, 1, "46.1550")]));
        Saved(await Http.Get<Shelves>().SetAsync(Merchant, Sku.Id, "49.50", r => ChannelFees.At(r, StorefrontFees.BpsUnlessTold)));
        Storefront = Saved(await Http.Get<StorefrontBook>().CreateAsync(Merchant, new StorefrontDraft
        {
            Slug = Slug, NameZh = "小鹿点卡", NameEn = "Xiaolu Cards", NoticeZh = "演示店铺", NoticeEn = "Demo shop", Brand = "#be185d",
        }));
    }

    /// <summary>A second SKU of the same product: at 99.00, bought from the same supplier at 90.50.</summary>
    public async Task<Supply> SecondAsync(int cards)
    {
        var catalog = Http.Get<Modules.Catalog.Catalog>();
        var sku = Goods.Saved(await catalog.CreateSkuAsync(Goods.SkuDraft(Sku.ProductId, "steam-100") with { NameZh = "100 元", NameEn = "100 yuan", FaceValue = "100.0000", SuggestedRetail = "99.00", RetailFloor = "95.00", RetailCeiling = "110.00" }));
        var supply = Goods.Saved(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = sku.Id, SupplierId = Supply.SupplierId, Cost = "90.5000", HoldSeconds = "3600" }));
        Saved(await Http.Get<PriceLists>().SetLevelPricesAsync([new LevelPriceDraft(sku.Id, 1, "92.3100")]));
        Saved(await Http.Get<Shelves>().SetAsync(Merchant, sku.Id, "99.00", r => ChannelFees.At(r, StorefrontFees.BpsUnlessTold)));
        await ImportAsync(cards, supply);
        await Http.Get<PriceBooks>().RefreshAsync();
        return supply;
    }

    /// <summary>The shop asks another price.</summary>
    public async Task RepriceAsync(string sku, string retail)
    {
        var id = (await Http.Get<Modules.Catalog.Catalog>().ListSkusAsync([Sku.ProductId])).Single(s => s.Code == sku).Id;
        Saved(await Http.Get<Shelves>().SetAsync(Merchant, id, retail, r => ChannelFees.At(r, StorefrontFees.BpsUnlessTold)));
        await Http.Get<PriceBooks>().RefreshAsync();
    }

    /// <summary>A further lot with so many cards; their secrets are CARD-0001, CARD-0002 …</summary>
    public async Task ImportAsync(int count, Supply? of = null)
    {
        if (count == 0) return;
        var supply = of ?? Supply;
        var ids = Http.Get<IdSource>();
        var lot = await ids.NextAsync<OfLot>();
        await Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync(
                "insert into lot (id, sku_id, supply_id, supplier_id, total, created_at) values (@lot, @Sku, @Supply, @Supplier, @count, @at)",
                new { lot, Sku = supply.SkuId, Supply = supply.Id, Supplier = supply.SupplierId, count, at = TimeProvider.System.Now() });
            for (var seq = 1; seq <= count; seq++)
            {
                var secret = $"CARD-{++_cards:D4}";
                await s.ExecuteAsync("insert into card (lot_id, seq, sealed, fingerprint) values (@lot, @seq, @Sealed, @Print)", new
                {
                    lot, seq,
                    Sealed = Http.Vault.Seal($"\n{secret}", $"card:{lot.Value}:{seq}"),
                    Print = Http.Vault.Fingerprint(secret, "test"),
                });
            }
        });
    }

    public Task SetAsync(string name, string value) => Database.WriteAsync(s => s.ExecuteAsync(
        "insert into setting (name, value) values (@name, @value) on conflict (name) do update set value = excluded.value", new { name, value }));

    public Task<long> CountAsync(string sql, object? args = null) => Database.ReadAsync(s => s.ScalarAsync<long>(sql, args));

    public async Task<long> StockAsync() =>
        (await Http.Get<Modules.Inventory.Inventory>().StockOfAsync([Sku.Id])).GetValueOrDefault(Sku.Id);

    /// <param name="host">The name by which the browser calls the node; null: its address.</param>
    public Guest NewGuest(string? host = null) => new(this, host);

    /// <summary>Waits until something that the workers do has happened.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition()) await Task.Delay(50, limit.Token);
    }

    private static T Saved<T>(AgentsDecision<T> decision) => decision is AgentsDecision<T>.Saved saved
        ? saved.Value
        : throw new InvalidOperationException(decision is AgentsDecision<T>.Refused refused
            ? string.Join(", ", refused.Errors.Select(e => $"{e.Field} {e.Code}")) : "missing");

    public ValueTask DisposeAsync() => Http.DisposeAsync();
}

/// <summary>A page as a browser without scripts has it.</summary>
internal sealed record Page(HttpStatusCode Status, Uri Address, string Html)
{
    public string Path => Address.AbsolutePath;

    /// <summary>What the browser may do with it.</summary>
    public string Policy { get; init; } = "";

    /// <summary>The value of a hidden or typed field.</summary>
    public string Field(string name)
    {
        var tag = Regex.Matches(Html, "<input[^>]*>").Select(m => m.Value).First(t => t.Contains($"name=\"{name}\"", StringComparison.Ordinal));
        return WebUtility.HtmlDecode(Regex.Match(tag, "value=\"([^\"]*)\"").Groups[1].Value);
    }

    public string Href(string pattern) => WebUtility.HtmlDecode(Regex.Match(Html, $"href=\"({pattern})\"").Groups[1].Value);
}

/// <summary>A buyer's browser: own cookies, follows redirects, sends the forms it was given.</summary>
internal sealed class Guest(ShopWorld world, string? host = null)
{
    private readonly HttpClient _client = world.Http.NewClient(cookies: true, redirects: true, host);

    /// <summary>What the browser says of itself.</summary>
    public string Agent
    {
        init => _client.DefaultRequestHeaders.UserAgent.ParseAdd(value);
    }

    /// <summary>What the browser wants to read.</summary>
    public string Accept
    {
        init => _client.DefaultRequestHeaders.Accept.ParseAdd(value);
    }

    public Task<Page> GetAsync(string path) => ReadAsync(_client.GetAsync(path));

    public async Task<Page> PostAsync(Page from, string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", from.Field("__RequestVerificationToken")), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
        return await ReadAsync(_client.PostAsync(path, form));
    }

    public Task<Page> ProductAsync() => GetAsync($"/s/{ShopWorld.Slug}/p/steam-wallet");

    /// <summary>Presses "buy" on a product page; ends on the shop's cashier.</summary>
    public Task<Page> BuyAsync(Page product, string quantity = "1", string contact = ShopWorld.Contact) => PostAsync(
        product, product.Path, ("sku", "steam-50"), ("quantity", quantity), ("contact", contact),
        ("token", product.Field("token")), ("price.steam-50", product.Field("price.steam-50")));

    public async Task<Page> OpenCashierAsync(Page pay) => await GetAsync(pay.Href("/s/[^\"]+/go/[^\"]+"));

    /// <summary>Presses a button at the simulated cashier; ends where the channel sends the buyer.</summary>
    public Task<Page> PressAsync(Page cashier, string act = "Paid") => PostAsync(cashier, cashier.Path, ("act", act));

    public static OrderId OrderOf(Page page) =>
        OrderId.TryParse(page.Path.Split('/')[^1], out var id) ? id : throw new InvalidOperationException($"{page.Path} is no order's page.");

    private static async Task<Page> ReadAsync(Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        return new Page(response.StatusCode, response.RequestMessage!.RequestUri!, await response.Content.ReadAsStringAsync())
        {
            Policy = response.Headers.TryGetValues("Content-Security-Policy", out var policy) ? policy.Single() : "",
        };
    }
}
