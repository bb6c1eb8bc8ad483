using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>What fields.js asks while an account is typed: whether the till would take it. Nothing is kept; the account is in the body, never in an address.</summary>
internal static class CheckEndpoint
{
    /// <param name="Code">Of what is wrong; null: nothing is.</param>
    /// <param name="Carrier">The word for the carrier of a mobile number.</param>
    /// <param name="Note">Something good to know about a value.</param>
    private sealed record Answer(string? Code, string? Problem, string? Carrier, string? Note);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/s/{slug}/check", AnswerAsync).ExcludeFromDescription().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(16_384));

    private static async Task<IResult> AnswerAsync(string slug, HttpContext http, StorefrontBook shops, PriceBooks books, Catalog.Catalog catalog, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        SharedPages.ChangesNothing(http);
        if (!http.Request.HasFormContentType || shops.FindBySlug(slug) is not { } shop) return Results.NotFound();
        var form = await http.Request.ReadFormAsync(cancel);
        if (form["sku"].ToString() is not { Length: > 0 and <= 100 } code || await catalog.FindSkuAsync(code, cancel) is not { } sku) return Results.NotFound();
        // What the goods of other shops ask for is told there.
        if (books.Current.Retail(shop.Merchant, sku.Id) is null) return Results.NotFound();
        var language = RequestLanguage.Of(http);
        var fields = AccountFields.Parse(sku.Fields).Fields;
        var given = fields.ToDictionary(f => f.Key, f => form[$"field.{f.Key}"].ToString());
        var (_, errors) = AccountFields.Check(fields, given);
        return Results.Json(fields.ToDictionary(f => f.Key, f =>
        {
            var error = errors.FirstOrDefault(e => e.Field == f.Key);
            var carrier = f.Kind == AccountFieldKind.Phone ? AccountFields.CarrierOf(given[f.Key]) : null;
            return new Answer(error?.Code, error is null ? null : language.PickOr(error.Zh, error.En), carrier?.NameZh,
                carrier is null ? null : language.PickOr(carrier.NameZh, carrier.NameEn));
        }));
    }
}
