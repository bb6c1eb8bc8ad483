using System.Text;
using System.Text.Json;
using Lianka.Host.Proof;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Settle;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.OpenApi;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.FlashSales;

/// <summary>A shop with a flash sale that runs, and buyers who come over HTTP.</summary>
internal sealed class FlashWorld : IAsyncDisposable
{
    private FlashWorld(ShopWorld shop, TurnedClock clock, FlashSale sale) => (Shop, Clock, Sale) = (shop, clock, sale);

    public ShopWorld Shop { get; }
    public TurnedClock Clock { get; }
    public FlashSale Sale { get; }
    public FlashDesk Desk => Shop.Http.Get<FlashDesk>();
    public string Path => $"/api/v1/flash-sales/{Sale.Id}";

    public static async Task<FlashWorld> CreateAsync(DatabaseKind kind, int units, int cards = 100, string quota = "1", TimeSpan startsIn = default)
    {
        var clock = new TurnedClock();
        var shop = await ShopWorld.CreateAsync(kind, cards, clock: clock);
        var sale = await MakeAsync(shop, clock, units, quota, startsIn);
        return new FlashWorld(shop, clock, sale);
    }

    public static async Task<FlashSale> MakeAsync(ShopWorld shop, TimeProvider clock, int units, string quota = "1", TimeSpan startsIn = default)
    {
        var sale = (await shop.Http.Get<SaleBook>().CreateAsync(shop.Merchant, new FlashSaleDraft
        {
            Storefront = shop.Storefront.Id, Sku = shop.Sku.Id, Units = $"{units}", Price = "48.00", Quota = quota, PaySeconds = "60",
            From = clock.Now() + startsIn - TimeSpan.FromSeconds(1), To = clock.Now() + startsIn + TimeSpan.FromHours(1),
        })).ShouldBeOfType<AgentsDecision<FlashSale>.Saved>().Value;
        await shop.Http.Get<FlashDesk>().RefreshAsync();
        return sale;
    }

    public string Ticket(int buyer) => Desk.Issue(Sale, $"buyer {buyer}");

    public Task<Answer> TryAsync(string ticket, long? quantity = null, HttpClient? at = null, string? path = null) =>
        SendAsync(HttpMethod.Post, $"{path ?? Path}/attempts", ticket, quantity is null ? null : JsonSerializer.Serialize(new { quantity }), at);

    public Task<Answer> TryAsync(int buyer, long? quantity = null, HttpClient? at = null) => TryAsync(Ticket(buyer), quantity, at);

    public Task<Answer> FollowAsync(int buyer, HttpClient? at = null) => SendAsync(HttpMethod.Get, $"{Path}/attempts/mine", Ticket(buyer), null, at);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? ticket, string? body = null, HttpClient? at = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (ticket is not null) request.Headers.TryAddWithoutValidation("Lianka-Ticket", ticket);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Caller.ReadAsync(await (at ?? Shop.Http.Client).SendAsync(request));
    }

    public async Task PayAsync(Answer reserved)
    {
        OrderId.TryParse(reserved["order_no"], out var id).ShouldBeTrue();
        var order = (await Shop.Orders.FindAsync(id))!;
        await Shop.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync(
                """
                insert into payment_attempt (id, payment_id, channel_id, method, amount, state, live, booked, created_at, expires_at, paid_at)
                select id, id, 1, 'page', amount, 'paid', 0, 0, created_at, expires_at, created_at from payment where order_id = @id on conflict do nothing
                """, new { id });
            await s.ExecuteAsync("update payment set attempt_id = id where order_id = @id and attempt_id is null", new { id });
        });
        (await Shop.Orders.RunAsync(new OrderCommand.Pay(id, order.Total, "test", "channel:test"))).ShouldBeOfType<OrderDecision.Done>();
    }

    /// <summary>The time to pay is over for everybody who reserved until now.</summary>
    public async Task LapseAsync()
    {
        Clock.Turn(TimeSpan.FromSeconds(61));
        await Shop.Http.Get<OrderClock>().LapseAsync();
        await Desk.RefreshAsync();
    }

    public async Task ProveAsync()
    {
        var output = new StringWriter();
        (await Verification.RunAsync(Shop.Database, Clock, output)).ShouldBeTrue(output.ToString());
    }

    public ValueTask DisposeAsync() => Shop.DisposeAsync();
}
