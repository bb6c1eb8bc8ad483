using Lianka.Platform.Http;
using Lianka.Modules.Payments.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Payments.Notices;

/// <summary>POST /notify/{channel}: where channels report. Anyone can call it; only what is signed counts.</summary>
internal static class NoticeEndpoint
{
    private const int BodyBytesMax = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/notify/{channel}", TakeAsync).ExcludeFromDescription();

    private static async Task<IResult> TakeAsync(
        string channel, HttpRequest request, IEnumerable<IPaymentChannel> channels, TakeNotice notices, CancellationToken cancel)
    {
        if (channels.FirstOrDefault(c => c.Name == channel) is not { } known) return Results.NotFound();
        if (await RawBody.ReadAsync(request, BodyBytesMax, cancel) is not { } body)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        try
        {
            var verdict = await notices.TakeAsync(known, body, name => request.Headers[name], cancel);
            return verdict switch
            {
                // A repeated notice is thanked for as well, or it would come for days.
                NoticeVerdict.Accepted or NoticeVerdict.Repeated => Results.Text("success"),
                NoticeVerdict.BadSignature => Results.Text("signature_invalid", statusCode: StatusCodes.Status401Unauthorized),
                _ => Results.Text("refused", statusCode: StatusCodes.Status400BadRequest),
            };
        }
        catch (ChannelException)
        {
            // The proof could not be had now; the channel will tell us again, and we shall ask by ourselves.
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
