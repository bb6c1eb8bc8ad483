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
    public Shop Shop { get; private set; } = new();
    public Language Language { get; private set; }
    public Texts T { get; private set; } = new(Language.Zh);

    /// <summary>A closed shop still serves those who bought there.</summary>
    protected virtual bool IsServedWhenClosed => false;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Language = RequestLanguage.Of(HttpContext);
        T = new Texts(Language);
        // Each page carries a form token or a buyer's own order: no shared cache may keep it.
        Response.Headers.CacheControl = "no-store";
        var slug = RouteData.Values["slug"] as string ?? "";
        var shops = HttpContext.RequestServices.GetRequiredService<Shops>();
        if (await shops.FindAsync(slug, HttpContext.RequestAborted) is not { } shop)
        {
            context.Result = Problem(404, T.NoShop, T.NoShopHint);
            return;
        }

        Shop = shop;
        Frame(shop.Name(Language));
        if (!shop.IsOpen && !IsServedWhenClosed)
        {
            context.Result = Problem(503, T.ShopClosed, T.ShopClosedHint);
            return;
        }

        await next();
    }

    /// <summary>What the layout needs; called again by a page that has more to say.</summary>
    protected void Frame(string title, string description = "", params string[] scripts) =>
        ViewData[nameof(PageFrame)] = new PageFrame(Shop, Language, T, title, description, scripts);

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
public sealed record PageFrame(
    Shop Shop, Language Language, Texts T, string Title, string Description, IReadOnlyList<string> Scripts, int RefreshSeconds = 0)
{
    /// <summary>False on the page for an address where no shop is.</summary>
    public bool HasShop => Shop.Slug.Length > 0;
}
