using Lianka.Modules.Agents;
using Lianka.Modules.OpenApi.Docs;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.OpenApi.Find;
using Lianka.Modules.OpenApi.Flash;
using Lianka.Modules.OpenApi.Goods;
using Lianka.Modules.OpenApi.Place;
using Lianka.Modules.OpenApi.Supplying;
using Lianka.Modules.OpenApi.Wallet;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.OpenApi;

/// <summary>The native API /api/v1 with its document and its documentation.</summary>
public static class OpenApiModule
{
    public static IServiceCollection AddNativeApi(this IServiceCollection services) => services
        .AddSingleton<NonceMemory>()
        .AddSingleton<RateLimits>()
        .AddSingleton<CallLimits>()
        .AddSingleton<Gate>()
        .AddSingleton<SkuCodes>()
        .AddSingleton<PlaceOrder>()
        .AddSingleton<CancelOrder>()
        .AddSingleton<ReadOrders>()
        .AddSingleton<RevealCards>()
        .AddSingleton<QuotePrice>()
        .AddSingleton<ListProducts>()
        .AddSingleton<ReadAccount>()
        .AddSingleton<FlashAttempts>()
        .AddSingleton<IssueTickets>()
        .AddSingleton<ListSupplies>()
        .AddSingleton<Purchases>()
        .AddSingleton<PushCards>()
        .AddSingleton<ChangeCost>()
        .AddSingleton<ReadMoney>()
        .AddSingleton<ReadStanding>();

    /// <summary>Right after the request's id: orders that could not be answered in reasonable time are turned away here.</summary>
    public static IApplicationBuilder UseOverloadGate(this IApplicationBuilder app) => app.UseMiddleware<OverloadGate>();

    /// <summary>True for what a program asks: it is answered with problems.</summary>
    public static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers that this node cannot serve now, in the form of the API (problem <c>overloaded</c>).</summary>
    public static Task NotNowAsync(HttpContext http, TimeSpan retryAfter) => OverloadGate.WriteAsync(http, retryAfter);

    /// <summary>Everything under /api, to the end: nothing behind it is asked.</summary>
    public static IApplicationBuilder UseNativeApi(this IApplicationBuilder app)
    {
        app.Use(static (http, next) =>
        {
            http.Response.Headers.XContentTypeOptions = "nosniff";
            return next(http);
        });
        app.UseMiddleware<ApiBoundary>();
        app.UseRouting();
        return app.UseEndpoints(MapNativeApi);
    }

    public static void MapApiDocument(this IEndpointRouteBuilder routes) => routes.MapGet("/openapi/v1.json", ApiDocument.WriteAsync);

    /// <summary>Every route with the scope it needs. The document (openapi.json) says the same to the outside.</summary>
    private static void MapNativeApi(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var gate = services.GetRequiredService<Gate>();
        var orders = services.GetRequiredService<ReadOrders>();
        var products = services.GetRequiredService<ListProducts>();
        var account = services.GetRequiredService<ReadAccount>();

        var v1 = routes.MapGroup("/api/v1");
        v1.MapPost("/orders", gate.For(ApiScopes.OrdersWrite, services.GetRequiredService<PlaceOrder>().RunAsync, takesJson: true));
        v1.MapGet("/orders", gate.For(ApiScopes.OrdersRead, orders.ListAsync));
        v1.MapGet("/orders/{order_no}", gate.For(ApiScopes.OrdersRead, orders.OneAsync));
        v1.MapPost("/orders/{order_no}/reveal", gate.For(ApiScopes.CardsRead, services.GetRequiredService<RevealCards>().RunAsync));
        v1.MapPost("/orders/{order_no}/cancel", gate.For(ApiScopes.OrdersWrite, services.GetRequiredService<CancelOrder>().RunAsync));
        v1.MapPost("/quotes", gate.For(ApiScopes.OrdersRead, services.GetRequiredService<QuotePrice>().RunAsync, takesJson: true));
        v1.MapGet("/products", gate.For(ApiScopes.OrdersRead, products.PageAsync));
        v1.MapGet("/products/{id}", gate.For(ApiScopes.OrdersRead, products.OneAsync));
        v1.MapGet("/account", gate.For(ApiScopes.AccountRead, account.ShowAsync));
        v1.MapGet("/account/entries", gate.For(ApiScopes.AccountRead, account.EntriesAsync));

        MapSupplierApi(v1.MapGroup("/supplier"), services, gate);

        // Buyers come with a ticket in place of a key.
        var flash = services.GetRequiredService<FlashAttempts>();
        v1.MapGet("/flash-sales/{sale}", flash.ShowAsync);
        v1.MapPost("/flash-sales/{sale}/attempts", flash.TryAsync);
        v1.MapGet("/flash-sales/{sale}/attempts/mine", flash.FollowAsync);
        v1.MapPost("/flash-sales/{sale}/tickets", gate.For(ApiScopes.OrdersWrite, services.GetRequiredService<IssueTickets>().RunAsync, takesJson: true));
    }

    /// <summary>What suppliers' own keys may call; a merchant's key has none of these scopes.</summary>
    private static void MapSupplierApi(RouteGroupBuilder supplier, IServiceProvider services, Gate gate)
    {
        var purchases = services.GetRequiredService<Purchases>();
        var money = services.GetRequiredService<ReadMoney>();
        var cards = services.GetRequiredService<PushCards>();
        supplier.MapGet("/supplies", gate.For(ApiScopes.SupplyRead, services.GetRequiredService<ListSupplies>().RunAsync));
        supplier.MapPut("/supplies/{supply_id}/cost", gate.For(ApiScopes.StockWrite, services.GetRequiredService<ChangeCost>().RunAsync, takesJson: true));
        supplier.MapGet("/standing", gate.For(ApiScopes.SupplyRead, services.GetRequiredService<ReadStanding>().RunAsync));
        supplier.MapPost("/imports", gate.For(ApiScopes.StockWrite, cards.PushAsync, bytesMax: BodyReading.LargeMax));
        supplier.MapGet("/imports/{import_no}", gate.For(ApiScopes.SupplyRead, cards.ShowAsync));
        supplier.MapGet("/purchases", gate.For(ApiScopes.Deliver, purchases.ListAsync));
        supplier.MapGet("/purchases/{purchase_no}", gate.For(ApiScopes.Deliver, purchases.OneAsync));
        supplier.MapPost("/purchases/{purchase_no}/deliver", gate.For(ApiScopes.Deliver, purchases.DeliverAsync, takesJson: true, BodyReading.LargeMax));
        supplier.MapPost("/purchases/{purchase_no}/fail", gate.For(ApiScopes.Deliver, purchases.FailAsync, takesJson: true));
        supplier.MapGet("/money", gate.For(ApiScopes.MoneyRead, money.NowAsync));
        supplier.MapGet("/statements/{period}", gate.For(ApiScopes.MoneyRead, money.StatementAsync));
    }
}
