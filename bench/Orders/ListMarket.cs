using System.Globalization;
using Lianka.Host;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lianka.Bench.Orders;

/// <summary>What lists are asked with: people who log in, retail orders with contacts, and the numbers of orders that exist.</summary>
/// <remarks>Made by the real use cases, and found again when the market is used another time.</remarks>
internal static class ListMarket
{
    public const string Shop = "lists-shop", Password = "a phrase of many words";
    public const int Sessions = 8;
    private const int RetailOrders = 10_000, AtOnce = 512;

    public static string Login(int session) => session == 0 ? "lists-operator" : string.Create(CultureInfo.InvariantCulture, $"lists-merchant-{session - 1}");

    public static string ContactOf(int buyer) => string.Create(CultureInfo.InvariantCulture, $"1391{buyer:D7}");

    /// <returns>How many retail orders are there, each of a contact of its own.</returns>
    public static async Task<long> PrepareAsync(string folder, string connection)
    {
        var settings = new Settings(folder, "http://127.0.0.1:0", connection, "none", Market.MasterKey);
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        await using var services = Market.Services(settings, database, vault);
        var merchants = (await services.GetRequiredService<PriceBooks>().RefreshAsync()).Merchants;
        var people = services.GetRequiredService<People>();
        await people.CreateAsync(Login(0), Password, Roles.Operator, 0, "Operator");
        for (var i = 0; i < Sessions; i++) await people.CreateAsync(Login(i + 1), Password, Roles.Merchant, merchants.ElementAt(i * 7).Id.Value, "Merchant");
        var there = await database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from order_contact"));
        return there > 0 ? there : await SellAsync(services, vault, merchants.First(m => m.Level == 3).Id);
    }

    private static async Task<long> SellAsync(ServiceProvider services, CardVault vault, MerchantId merchant)
    {
        var shop = Market.Saved(await services.GetRequiredService<StorefrontBook>().CreateAsync(merchant, new StorefrontDraft { Slug = Shop, NameZh = "店", NameEn = "Shop" }));
        Market.Saved(await services.GetRequiredService<Shelves>().FillAsync(merchant, "1000", r => ChannelFees.At(r, StorefrontFees.BpsUnlessTold), keepsOwn: false));
        var book = await services.GetRequiredService<PriceBooks>().RefreshAsync();
        var skus = book.Skus.Select(s => s.Id).ToArray();
        var hosted = services.GetServices<IHostedService>().Where(s => s.GetType().Name is "PlatformAccounts" or "ChannelAccounts" or "OrderEngine").ToList();
        foreach (var each in hosted) await each.StartAsync(default);
        await SellAsync(services, vault, _ => shop.Id, _ => merchant, no => skus[no % skus.Length], RetailOrders);
        foreach (var each in hosted) await each.StopAsync(default);
        return RetailOrders;
    }

    /// <summary>Sells to guests: three of four pay, the fourth changes its mind.</summary>
    /// <param name="shopOf">By the number of the order.</param>
    public static async Task SellAsync(
        ServiceProvider services, CardVault vault, Func<int, StorefrontId> shopOf, Func<int, MerchantId> merchantOf, Func<int, SkuId> skuOf, int count)
    {
        var book = services.GetRequiredService<PriceBooks>().Current;
        var desk = services.GetRequiredService<OrderDesk>();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            for (int no; (no = Interlocked.Increment(ref next)) < count;) await BuyAsync(no);
        })));
        // What a channel would have told: the money of each paid order is there.
        await services.GetRequiredService<Database>().WriteAsync(async s =>
        {
            await s.ExecuteAsync(
                """
                insert into payment_attempt (id, payment_id, channel_id, method, amount, state, live, booked, created_at, expires_at, paid_at)
                select id, id, 1, 'page', amount, 'paid', 0, 0, created_at, expires_at, paid_at from payment where state = 'paid' and attempt_id is null
                """);
            await s.ExecuteAsync("update payment set attempt_id = id where state = 'paid' and attempt_id is null");
        });

        async Task BuyAsync(int no)
        {
            var (merchant, sku) = (merchantOf(no), skuOf(no));
            var retail = book.Retail(merchant, sku)!.Value;
            var contact = ContactOf(no);
            var reserved = await desk.RunAsync(new OrderCommand.Reserve(
                shopOf(no), merchant, $"lists-{no}", sku, 1, retail, ChannelFees.At(retail, StorefrontFees.BpsUnlessTold), PaymentBook.Clearing, null,
                contact, vault.Fingerprint(contact, OrderDesk.ContactScope), DateTimeOffset.UtcNow.AddMinutes(15), "buyer"));
            if (reserved is not OrderDecision.Done { Order: var order }) throw new InvalidOperationException($"Retail order {no} was refused: {reserved}");
            var ended = await desk.RunAsync(no % 4 == 3
                ? new OrderCommand.Cancel(order.Id, null, "buyer")
                : new OrderCommand.Pay(order.Id, order.Total, "test", "channel:test"));
            if (ended is not OrderDecision.Done) throw new InvalidOperationException($"Retail order {no} did not end: {ended}");
        }
    }
}
