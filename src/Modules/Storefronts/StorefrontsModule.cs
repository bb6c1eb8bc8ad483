using Lianka.Modules.Storefronts.Browse;
using Lianka.Modules.Storefronts.Buy;
using Lianka.Modules.Storefronts.Flash;
using Lianka.Modules.Storefronts.Found;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Modules.Storefronts.Reviews;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Storefronts;

public static class StorefrontsModule
{
    public static IServiceCollection AddStorefronts(this IServiceCollection services)
    {
        services.AddSingleton<Gates>();
        services.AddSingleton<Shelf>();
        services.AddSingleton<Till>();
        services.AddSingleton<BuyerNumbers>();
        services.AddSingleton<ContactKeys>();
        services.AddSingleton<OwnOrders>();
        services.AddSingleton<BuyerOrders>();
        services.AddSingleton<SaleGoods>();
        services.AddSingleton<ReviewShelf>();
        services.AddSingleton<TicketCookies>();
        return services;
    }

    /// <summary>Serves shops at their own domains; before routing.</summary>
    public static void UseStorefrontDomains(this IApplicationBuilder app) => OwnHost.Use(app);

    public static void MapStorefronts(this IEndpointRouteBuilder routes)
    {
        StatusEndpoint.Map(routes);
        BrandEndpoint.Map(routes);
        PictureEndpoint.Map(routes);
        FlashEndpoints.Map(routes);
        SitemapEndpoints.Map(routes);
        AppEndpoints.Map(routes);
        ReturnEndpoints.Map(routes);
    }
}
