using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Orders.Purchases;

/// <summary>Where suppliers' systems send their news: <c>/upstream/{key}</c>, an address of its own for each connection.</summary>
internal static class NoticeEndpoint
{
    private const int BodyBytesMax = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMethods("/upstream/{key}", ["GET", "POST"], TakeAsync).ExcludeFromDescription();

    private static async Task<IResult> TakeAsync(string key, HttpRequest request, PurchaseDesk desk, CancellationToken cancel)
    {
        if (await RawBody.ReadAsync(request, BodyBytesMax, cancel) is not { } body) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        var headers = request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var thanks = await desk.NoticeAsync(key, new UpstreamNotice(request.Method, request.QueryString.Value ?? "", headers, body), cancel);
        return thanks is null ? Results.Text("refused", statusCode: StatusCodes.Status400BadRequest) : Results.Text(thanks);
    }
}
