using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Errors;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Storefronts.Frame;

/// <summary>A page of one shop: finds the shop of the address, answers for those that are closed or do not exist.</summary>
public abstract class ShopPage : PageModel
{
    private Shop? _shop;

    /// <summary>There is always one when a handler runs.</summary>
    public Shop Shop => _shop!;
    public Language Language { get; private set; }
    public Texts T { get; private set; } = new(Language.Zh);

    /// <summary>A closed shop still serves those who bought there.</summary>
    protected virtual bool IsServedWhenClosed => false;

    /// <summary>The shop of this address; null when there is none.</summary>
    protected virtual Task<Storefront?> FindShopAsync() =>
        Task.FromResult(HttpContext.RequestServices.GetRequiredService<StorefrontBook>().FindBySlug(RouteData.Values["slug"] as string ?? ""));

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Language = RequestLanguage.Of(HttpContext);
        T = new Texts(Language);
        // Most pages carry a form token or a buyer's own order, and those that do not are kept here: see Share.
        Response.Headers.CacheControl = "no-store";
        if (await FindShopAsync() is not { } storefront)
        {
            context.Result = Problem(404, T.NoShop, T.NoShopHint);
            return;
        }

        _shop = Shop.Of(HttpContext, storefront);
        Frame(Shop.Name(Language));
        if (!Shop.IsOpen && !IsServedWhenClosed)
        {
            context.Result = Problem(503, T.ShopClosed, T.ShopClosedHint);
            return;
        }

        await next();
    }

    /// <summary>What the layout needs; called again by a page that has more to say.</summary>
    protected void Frame(string title, string description = "", params string[] scripts) =>
        ViewData[nameof(PageFrame)] = new PageFrame(_shop, Language, T, title, description, scripts);

    /// <summary>Lets search engines keep the page: under one address, in both languages, with what it is about.</summary>
    /// <param name="path">Of the page within the shop, without what only this visitor asked for.</param>
    /// <param name="about">See <see cref="StructuredData"/>; empty: nothing.</param>
    /// <param name="picture">The hash of a picture of what it is about; null: the shop's mark.</param>
    protected void Offer(string path, string about = "", string? picture = null)
    {
        var address = Shop.Address(HttpContext, path);
        ViewData[nameof(PageFrame)] = ((PageFrame)ViewData[nameof(PageFrame)]!) with
        {
            // A page that was asked for in a language stands for itself; without one it is for everybody.
            Canonical = new Canonical(Request.Query.ContainsKey("lang") ? Sitemap.In(address, Language.Tag()) : address, address, ImageOf(picture), about),
        };
    }

    /// <summary>Nothing on this page is its reader's own: it may be given to the next guest as it is, for some seconds.</summary>
    protected void Share() => SharedPages.Mark(HttpContext);

    protected string ImageOf(string? picture) =>
        picture is null ? Shop.Address(HttpContext, "/icon-512.png") : $"{Shop.Origin(HttpContext)}/pictures/{picture}";

    /// <summary>Without scripts the page reads itself again after so many seconds.</summary>
    protected void RefreshAfter(int seconds) =>
        ViewData[nameof(PageFrame)] = ((PageFrame)ViewData[nameof(PageFrame)]!) with { RefreshSeconds = seconds };

    protected ViewResult Missing() => Problem(404, T.NoPage, T.NoPageHint);

    protected ViewResult Problem(int status, string title, string hint)
    {
        Frame(title);
        return new ViewResult
        {
            ViewName = "/Storefronts/Errors/Problem.cshtml",
            StatusCode = status,
            ViewData = new ViewDataDictionary<ProblemView>(new EmptyModelMetadataProvider(), new ModelStateDictionary())
            {
                Model = new ProblemView(title, hint),
                [nameof(PageFrame)] = ViewData[nameof(PageFrame)],
            },
        };
    }

    /// <summary>Where the request came from, for logs and limits.</summary>
    protected string Address => HttpContext.Connection.RemoteIpAddress?.ToString() ?? "local";
}

/// <summary>What the layout writes around every page.</summary>
/// <param name="Shop">Null on the page for an address where no shop is.</param>
public sealed record PageFrame(
    Shop? Shop, Language Language, Texts T, string Title, string Description, IReadOnlyList<string> Scripts, int RefreshSeconds = 0)
{
    /// <summary>Null: search engines leave the page alone.</summary>
    public Canonical? Canonical { get; init; }

    /// <summary>To be looked at only: nothing on it can be pressed, and its colour is not that of a style sheet yet.</summary>
    public bool IsPreview { get; init; }
}

/// <param name="Own">The address of this page in this language.</param>
/// <param name="Any">The same page, in the language of whoever asks.</param>
public sealed record Canonical(string Own, string Any, string Image, string About);
