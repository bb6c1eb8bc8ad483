using Lianka.Modules.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Storefronts.Frame;

/// <summary>Pictures that goods carry. The address says what is in it, so it never has to be asked for again.</summary>
internal static class PictureEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/pictures/{hash:length(32)}", async (string hash, HttpResponse response, Pictures pictures, CancellationToken cancel) =>
        {
            if (await pictures.FindPassedAsync(hash, cancel) is not { } picture) return Results.NotFound();
            response.Headers.CacheControl = "public, max-age=31536000, immutable";
            response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            return Results.Bytes(picture.Content, picture.MediaType, entityTag: new($"\"{picture.Hash}\""));
        }).ExcludeFromDescription();
}
