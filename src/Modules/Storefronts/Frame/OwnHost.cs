using Lianka.Modules.Agents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Storefronts.Frame;

/// <summary>This request came by the shop's own domain.</summary>
/// <param name="Path">As the browser asked for it.</param>
internal sealed record OwnHost(StorefrontId Shop, PathString Path)
{
    /// <summary>What serves every host alike; all else of the node (consoles, other shops) is not there on a shop's domain.</summary>
    private static readonly string[] _common = ["/assets", "/pictures", "/theme", "/back", "/sim", "/notify", "/upstream", "/health"];

    public static OwnHost? Of(HttpContext http) => http.Features.Get<OwnHost>();

    /// <summary>Cookies that are for the pages of shops only.</summary>
    public static string CookiePath(HttpContext http) => Of(http) is null ? "/s/" : "/";

    /// <summary>Serves a shop at its own domain: <c>https://shop.example/p/x</c> is what <c>/s/{slug}/p/x</c> is elsewhere.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var domains = app.ApplicationServices.GetRequiredService<ShopDomains>();
        app.Use((http, next) =>
        {
            var path = http.Request.Path;
            if (domains.FindByHost(http.Request.Host.Host) is not { } shop
                || Array.Exists(_common, c => path.StartsWithSegments(c, StringComparison.Ordinal))) return next(http);
            var root = new PathString($"/s/{shop.Slug}");
            if (HttpMethods.IsGet(http.Request.Method) && path.StartsWithSegments(root, StringComparison.Ordinal, out var rest))
            {
                // Addresses from before the shop had a domain. Only a path follows, never another host.
                http.Response.Redirect($"/{rest.Value?.TrimStart('/')}{http.Request.QueryString}");
                return Task.CompletedTask;
            }

            http.Features.Set(new OwnHost(shop.Id, path));
            http.Request.Path = path == "/" ? root : root + path;
            return next(http);
        });
    }
}
