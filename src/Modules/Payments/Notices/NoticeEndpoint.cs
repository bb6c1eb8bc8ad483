using Lianka.Modules.Payments.Core;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Payments.Notices;

/// <summary><c>/notify/{key}</c>: where channels report, an address of its own for each. Anyone can call it; only what is signed counts.</summary>
internal static class NoticeEndpoint
{
    private const int BodyBytesMax = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMethods("/notify/{key}", ["GET", "POST"], TakeAsync).ExcludeFromDescription();

    private static async Task<IResult> TakeAsync(string key, HttpRequest request, PaymentChannels channels, TakeNotice notices, CancellationToken cancel)
    {
        if (await channels.OfNoticeKeyAsync(key, cancel) is not { } channel) return Results.NotFound();
        if (await RawBody.ReadAsync(request, BodyBytesMax, cancel) is not { } body)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        try
        {
            var open = await channels.OpenAsync(channel, cancel);
            var headers = request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            var verdict = await notices.TakeAsync(channel, open, new RawNotice(request.Method, request.QueryString.Value?.TrimStart('?') ?? "", headers, body), cancel);
            // A repeated notice is thanked for as well, or it would come for days.
            if (verdict is NoticeVerdict.Accepted or NoticeVerdict.Repeated or NoticeVerdict.Refund) return Answer(open.Reply(isTaken: true));
            return verdict == NoticeVerdict.BadSignature ? Results.Text("signature_invalid", statusCode: StatusCodes.Status401Unauthorized) : Answer(open.Reply(isTaken: false));
        }
        catch (ChannelException)
        {
            // The proof could not be had now; the channel will tell us again, and we shall ask by ourselves.
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static IResult Answer(NoticeReply reply) => Results.Text(reply.Body, reply.ContentType, statusCode: reply.Status);
}
