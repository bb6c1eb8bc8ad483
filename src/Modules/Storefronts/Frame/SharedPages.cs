using System.Collections.Concurrent;
using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Buy;
using Lianka.Modules.Storefronts.Cart;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Storefronts.Frame;

/// <summary>Pages that every guest sees alike are written once and given out of memory for some seconds.</summary>
/// <remarks>
/// A page says so of itself (<see cref="ShopPage.Share"/>); it carries no form token and nothing of its reader. Who comes with a cookie
/// that says who they are, or asks for anything besides words and a page number, gets a page of their own. Prices, shops and what was
/// done on this node's pages show at once, stock and what other nodes did after <see cref="Lifetime"/>; orders look for themselves.
/// Held by: tests/Integration/Shop/SharedPageTests.cs.
/// </remarks>
internal sealed class SharedPages(PriceBooks books, Access access) : IOutputCachePolicy
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    /// <summary>Cookies that say how a page looks, which the key says too, or what no shared page looks at.</summary>
    private static bool IsPlain(string cookie) => cookie is "theme" or "lang" || BuyerMemory.IsIts(cookie) || ShoppingCart.IsIts(cookie) || cookie.StartsWith(".AspNetCore.Antiforgery.", StringComparison.Ordinal);

    private static readonly string[] _plainQuery = ["q", "after"];

    private static readonly object _nothing = new();

    // What was done on the pages of each shop, and of the consoles, since this node began.
    private readonly ConcurrentDictionary<string, long> _done = new(StringComparer.Ordinal);

    /// <summary>After routing and the request's language.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var pages = app.ApplicationServices.GetRequiredService<SharedPages>();
        app.Use(async (http, next) =>
        {
            await next(http);
            if (!HttpMethods.IsPost(http.Request.Method) || http.Items.ContainsKey(_nothing)) return;
            // Of all else that is sent here (log-ins, channels' notices) nothing shows on these pages.
            if (http.Request.Path.StartsWithSegments("/console", StringComparison.Ordinal)) pages.Forget("");
            else if (http.GetRouteValue("slug") is string slug) pages.Forget(slug);
        });
        app.UseOutputCache();
    }

    // Only shops that exist: anybody may send what they like.
    private void Forget(string slug)
    {
        if (slug.Length == 0 || access.FindStorefront(slug) is not null) _done.AddOrUpdate(slug, 1, static (_, count) => count + 1);
    }

    /// <summary>What is sent to this page is only looked at.</summary>
    public static void ChangesNothing(HttpContext http) => http.Items[_nothing] = true;

    /// <summary>This page is the same for every guest.</summary>
    public static void Mark(HttpContext http) => http.Items[typeof(SharedPages)] = true;

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = context.AllowLocking =
            HttpMethods.IsGet(http.Request.Method) && http.GetRouteValue("slug") is string
            && http.Request.Cookies.All(c => IsPlain(c.Key))
            && http.Request.Query.All(q => Array.Exists(_plainQuery, p => p == q.Key) && q.Value.Count == 1);
        if (!context.EnableOutputCaching) return ValueTask.CompletedTask;
        context.ResponseExpirationTimeSpan = Lifetime;
        context.CacheVaryByRules.QueryKeys = _plainQuery;
        context.CacheVaryByRules.VaryByValues["face"] = $"{RequestLanguage.Of(http).Tag()} {RequestLanguage.Theme(http)}";
        context.CacheVaryByRules.VaryByValues["as of"] =
            $"{books.Current.Version} {access.Version} {_done.GetValueOrDefault("")} {_done.GetValueOrDefault((string)http.GetRouteValue("slug")!)}";
        // It names whole addresses, too.
        if (PathPrefix.Of(http) is { Length: > 0 } prefix) context.CacheVaryByRules.VaryByValues["prefix"] = prefix;
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        // The page was written for another request, under that one's id.
        context.HttpContext.Response.OnStarting(static state =>
        {
            var http = (HttpContext)state;
            http.Response.Headers["X-Request-Id"] = http.TraceIdentifier;
            return Task.CompletedTask;
        }, context.HttpContext);
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        context.AllowCacheStorage &= http.Response.StatusCode == StatusCodes.Status200OK
            && http.Items.ContainsKey(typeof(SharedPages)) && http.Response.Headers.SetCookie.Count == 0;
        return ValueTask.CompletedTask;
    }
}
