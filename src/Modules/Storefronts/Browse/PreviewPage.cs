using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Authorization;

namespace Lianka.Modules.Storefronts.Browse;

/// <summary>The shop window as it would be with what stands in its merchant's form, inside that form's page.</summary>
/// <remarks>
/// What was typed comes with the request and is kept by nobody. It is the one page of the node that may stand in a frame, and only in one of this site.
/// Held by: tests/Integration/Shop/PreviewTests.cs.
/// </remarks>
[Authorize(Policy = "merchant")]
internal sealed class PreviewPage(WindowSources from, StorefrontBook shops) : WindowPage(from)
{
    private const string Policy = "default-src 'self'; script-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
        + "base-uri 'self'; frame-ancestors 'self'; form-action 'none'";

    protected override bool IsServedWhenClosed => true;

    protected override async Task<Storefront?> FindShopAsync()
    {
        SharedPages.ChangesNothing(HttpContext);
        Response.Headers.ContentSecurityPolicy = Policy;
        Response.Headers.XFrameOptions = "SAMEORIGIN";
        if (ActingMerchant.Of(HttpContext) is not { } merchant) return null;
        Storefront? now = null;
        if (RouteData.Values["id"] as string != "new")
        {
            now = StorefrontId.TryParse(RouteData.Values["id"] as string, out var id) ? await shops.FindAsync(merchant, id) : null;
            if (now is null) return null;
        }

        if (!Request.HasFormContentType) return now ?? StorefrontBook.Preview(merchant, null, new StorefrontDraft());
        var typed = await Request.ReadFormAsync();
        return StorefrontBook.Preview(merchant, now, StorefrontDraft.Read(name => typed.TryGetValue(name, out var value) ? value.ToString() : null));
    }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        ViewData[nameof(PageFrame)] = ((PageFrame)ViewData[nameof(PageFrame)]!) with { IsPreview = true };
    }

    public Task OnPostAsync(CancellationToken cancel) => OnGetAsync(cancel);
}
