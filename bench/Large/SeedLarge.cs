using System.Diagnostics;
using System.Security.Cryptography;
using Lianka.Bench.Orders;
using Lianka.Host;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Vault;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lianka.Bench.Large;

/// <summary><c>./lianka seed large</c>: fills an empty database with a platform of the size that lists and shops are to stand.</summary>
/// <remarks>Orders go through the engine; agents, shops and goods in bulk. <c>./lianka verify</c> holds on the result.</remarks>
internal static class SeedLarge
{
    public const string BigShop = "shop-0";
    private const int RetailOfOrders = 50;

    /// <summary>The operator; the merchant whose shop lists everything; an agent above half of all merchants; a supplier of a fortieth of all goods.</summary>
    public static readonly IReadOnlyList<string> Logins = ["large-operator", "large-merchant", "large-agent", "large-supplier"];

    public static async Task<int> MainAsync(string[] args, TextWriter output)
    {
        var settings = Settings.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build(), line => output.WriteLine(line));
        var password = Environment.GetEnvironmentVariable("LIANKA_LARGE_PASSWORD") ?? RandomNumberGenerator.GetHexString(20, lowercase: true);
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        if (await database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from merchant")) > 0)
        {
            await output.WriteLineAsync("There are merchants in this database already. Give an empty one: LIANKA_DATA=FOLDER, or LIANKA_DATABASE.");
            return 2;
        }

        await using var services = Market.Services(settings, database, vault);
        await FillAsync(services, LargeSize.Read(args), callers: null, password, output);
        await output.WriteLineAsync($"Log in as {string.Join(", ", Logins)} with the password {password}; the shop that lists everything: /s/{BigShop}");
        return 0;
    }

    public static async Task FillAsync(ServiceProvider services, LargeSize size, string? callers, string password, TextWriter output)
    {
        var began = Stopwatch.GetTimestamp();
        var goods = await LargeGoods.FillAsync(services, size, output);
        await Market.AgentsAsync(services, size.Merchants, callers, output);
        var shops = await ShopsAsync(services, size, goods);
        await output.WriteLineAsync($"  {shops.Count:N0} shops");
        await PeopleAsync(services, password);
        await OrdersAsync(services, size, goods, shops);
        await output.WriteLineAsync($"{size.Orders:N0} orders, {size.Products:N0} products, {size.Merchants:N0} merchants, {shops.Count:N0} shops in {Stopwatch.GetElapsedTime(began).TotalSeconds:N0} s");
    }

    private sealed record Stand(StorefrontId Shop, MerchantId Merchant, int[] Goods);

    private static async Task<List<Stand>> ShopsAsync(ServiceProvider services, LargeSize size, List<LargeSku> goods)
    {
        var ids = services.GetRequiredService<IdSource>();
        var merchants = (await services.GetRequiredService<PriceBooks>().RefreshAsync()).Merchants.Where(m => m.Level == 3).ToList();
        var now = TimeProvider.System.Now().ToMicros();
        var stands = new List<Stand>(size.Shops);
        for (var i = 0; i < Math.Min(size.Shops, merchants.Count); i++)
            // Half of a shelf is what everybody sells, the other half its own.
            stands.Add(new(await ids.NextAsync<OfStorefront>(), merchants[i].Id, i == 0
                ? [.. Enumerable.Range(0, goods.Count)]
                : [.. Enumerable.Range(0, LargeSize.ShelfSize).Select(n => Random.Shared.Next(n % 2 == 0 ? size.Selling : goods.Count)).Distinct().Order()]));
        string[] themes = ["calm", "bold", "dense"], brands = ["#1f5fbf", "#c2410c", "#047857", "#7c3aed", "#be123c"];
        await services.GetRequiredService<Database>().WriteAsync(async s =>
        {
            await s.InsertAsync("storefront", "id, merchant_id, slug, name_zh, name_en, notice_zh, notice_en, brand, theme, created_at", stands.Index(), (stand, w) =>
            {
                w.Number(stand.Item.Shop.Value);
                w.Number(stand.Item.Merchant.Value);
                w.Text($"shop-{stand.Index}");
                w.Text($"卡铺 {stand.Index} 号");
                w.Text($"Card shop {stand.Index}");
                w.Text("付款后自动发货，24 小时营业。");
                w.Text("Delivered at once, day and night.");
                w.Text(brands[stand.Index % brands.Length]);
                w.Text(themes[stand.Index % themes.Length]);
                w.Number(now);
            });
            var version = await s.ScalarAsync<long>("update version set value = value + 1 where name = 'prices' returning value");
            await s.InsertAsync("retail_price", "merchant_id, sku_id, price, listed, changed", stands.SelectMany(stand => stand.Goods.Select(g => (stand.Merchant, goods[g]))), (price, w) =>
            {
                w.Number(price.Merchant.Value);
                w.Number(price.Item2.Sku);
                w.Number(price.Item2.Retail.Units);
                w.Small(1);
                w.Number(version);
            });
            await s.ExecuteAsync("update version set value = value + 1 where name = 'access'");
        });
        return stands;
    }

    /// <summary>Those who are not there yet.</summary>
    public static async Task PeopleAsync(ServiceProvider services, string password)
    {
        var people = services.GetRequiredService<People>();
        var (merchant, agent, supplier) = await services.GetRequiredService<Database>().ReadAsync(async s => (
            await s.ScalarAsync<long>("select merchant_id from storefront where slug = @BigShop", new { BigShop }),
            await s.ScalarAsync<long>("select min(id) from merchant where level = 1"),
            await s.ScalarAsync<long>("select min(supplier_id) from supply")));
        await people.CreateAsync(Logins[0], password, Roles.Operator, 0, "Operator");
        await people.CreateAsync(Logins[1], password, Roles.Merchant, merchant, "Merchant");
        await people.CreateAsync(Logins[2], password, Roles.Merchant, agent, "Agent");
        await people.CreateAsync(Logins[3], password, Roles.Supplier, supplier, "Supplier");
    }

    private static async Task OrdersAsync(ServiceProvider services, LargeSize size, List<LargeSku> goods, List<Stand> stands)
    {
        var hosted = services.GetServices<IHostedService>().Where(s => s.GetType().Name is "PlatformAccounts" or "ChannelAccounts" or "OrderEngine").ToList();
        foreach (var each in hosted) await each.StartAsync(default);
        var book = await services.GetRequiredService<PriceBooks>().RefreshAsync();
        var retail = (int)(size.Orders / RetailOfOrders);
        var stalls = stands.ConvertAll(stand => stand with { Goods = [.. stand.Goods.Where(g => g < size.Selling)] }).FindAll(s => s.Goods.Length > 0);
        await ListMarket.SellAsync(services, services.GetRequiredService<CardVault>(),
            no => stalls[no % stalls.Count].Shop, no => stalls[no % stalls.Count].Merchant,
            no => new SkuId(goods[stalls[no % stalls.Count].Goods[no / stalls.Count % stalls[no % stalls.Count].Goods.Length]].Sku), retail);
        await Filler.RunAsync(services, [.. book.Merchants.Select(m => m.Id)], () => new SkuId(goods[Random.Shared.Next(size.Selling)].Sku), size.Orders - retail, "large-");
        foreach (var each in hosted) await each.StopAsync(default);
    }
}
