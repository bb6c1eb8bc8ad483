using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Browse;
using Lianka.Modules.Storefronts.Buy;
using Lianka.Modules.Storefronts.Cart;
using Lianka.Modules.Storefronts.Flash;
using Lianka.Modules.Storefronts.Found;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Modules.Storefronts.Reviews;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Storefronts;

public static class StorefrontsModule
{
    public static IServiceCollection AddStorefronts(this IServiceCollection services)
    {
        services.AddSingleton<Gates>();
        services.AddSingleton<Shelf>();
        services.AddSingleton<WindowSources>();
        services.AddSingleton<Till>();
        services.AddSingleton<BuyerNumbers>();
        services.AddSingleton<BuyerMemory>();
        services.AddSingleton<ShoppingCart>();
        services.AddSingleton<ContactKeys>();
        services.AddSingleton<OwnOrders>();
        services.AddSingleton<TakeAlong>();
        services.AddSingleton<BuyerOrders>();
        services.AddSingleton<SaleGoods>();
        services.AddSingleton<ReviewShelf>();
        services.AddSingleton<TicketCookies>();
        services.AddSingleton<SharedPages>();
        services.AddOutputCache();
        services.AddOptions<OutputCacheOptions>().Configure<SharedPages>(static (cache, pages) => cache.AddBasePolicy(pages));
        return services;
    }

    /// <summary>Serves shops at their own domains; before routing.</summary>
    public static void UseStorefrontDomains(this IApplicationBuilder app) => OwnHost.Use(app);

    /// <summary>Gives pages that are alike for all out of memory; after routing and the request's language.</summary>
    public static void UseSharedPages(this IApplicationBuilder app) => SharedPages.Use(app);

    /// <returns>The address of the shop to which an address belongs, whatever stands there; null: none.</returns>
    public static string? HomeOf(HttpContext http) =>
        http.Request.Path.Value!.Split('/') is ["", "s", var slug, ..] && http.RequestServices.GetRequiredService<StorefrontBook>().FindBySlug(slug) is { } shop
            ? Shop.Of(http, shop).Url() : null;

    public static void MapStorefronts(this IEndpointRouteBuilder routes)
    {
        StatusEndpoint.Map(routes);
        CheckEndpoint.Map(routes);
        BrandEndpoint.Map(routes);
        PictureEndpoint.Map(routes);
        FlashEndpoints.Map(routes);
        SitemapEndpoints.Map(routes);
        AppEndpoints.Map(routes);
        ReturnEndpoints.Map(routes);
    }
}
