using Lianka.Kernel;
using Lianka.Modules.FlashSales;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.OpenApi.Flash;

/// <summary>/flash-sales/{sale} and its attempts. Buyers come with a ticket in place of a key; they are not counted, for they are answered from memory.</summary>
internal sealed class FlashAttempts(FlashDesk desk, CallLimits limits, SkuCodes skus, TimeProvider clock)
{
    public const string TicketHeader = "Lianka-Ticket";

    /// <summary>GET /flash-sales/{sale}: anyone may look.</summary>
    public async Task ShowAsync(HttpContext http)
    {
        if (!await limits.AdmitAnonymousAsync(http)) return;
        if (SaleOf(http) is not { } sale || desk.Find(sale) is not { } view) await ProblemBook.WriteAsync(http, "not_found");
        else await JsonAnswer.OkAsync(http, (view, await skus.CodeAsync(view.Sale.SkuId), clock.Now()), FlashJson.Write);
    }

    /// <summary>POST /flash-sales/{sale}/attempts.</summary>
    public async Task TryAsync(HttpContext http)
    {
        if (await TicketOf(http) is not { } ticket) return;
        long quantity = 1;
        if (http.Request.ContentLength is not (null or 0))
        {
            if (await BodyReading.ReadAsync(http.Request, http.RequestAborted) is not { } body)
            {
                await ProblemBook.WriteAsync(http, "payload_too_large");
                return;
            }

            var json = new StrictObject(body);
            if (json.Problems.Count == 0 && !json.IsAbsent("quantity")) quantity = json.Integer("quantity");
            if (json.Problems.Count > 0)
            {
                await ProblemBook.WriteAsync(http, "invalid_request", json.Problems);
                return;
            }
        }

        await AnswerAsync(http, ticket, await desk.AttemptAsync(ticket, quantity));
    }

    /// <summary>GET /flash-sales/{sale}/attempts/mine: how the attempt stands; when its turn has come, it goes on.</summary>
    public async Task FollowAsync(HttpContext http)
    {
        if (await TicketOf(http) is { } ticket) await AnswerAsync(http, ticket, await desk.FollowAsync(ticket));
    }

    private async Task AnswerAsync(HttpContext http, Ticket ticket, FlashAnswer? answer)
    {
        switch (answer)
        {
            case FlashAnswer.Owned { Order.Status: OrderStatus.Expired or OrderStatus.Cancelled }:
                await ProblemBook.WriteAsync(http, "reservation_lapsed");
                break;
            case FlashAnswer.Owned owned:
                http.Response.Headers.CacheControl = "no-store";
                if (!owned.IsNew) http.Response.Headers["Idempotent-Replayed"] = "true";
                await JsonAnswer.WriteAsync(http.Response, owned.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK,
                    JsonAnswer.ContentType, (owned.Order, desk.Find(ticket.Sale)!), FlashJson.Write);
                break;
            case FlashAnswer.Waiting waiting:
                http.Response.Headers.CacheControl = "no-store";
                http.Response.Headers.RetryAfter = $"{(long)waiting.AskAgain.TotalSeconds}";
                await JsonAnswer.WriteAsync(http.Response, StatusCodes.Status202Accepted, JsonAnswer.ContentType, (ticket.Sale, waiting), FlashJson.Write);
                break;
            case FlashAnswer.Refused refused:
                if (refused.StartsIn > TimeSpan.Zero) http.Response.Headers.RetryAfter = $"{(long)Math.Ceiling(refused.StartsIn.TotalSeconds)}";
                var (code, field) = OrderWords.Of(refused.Why, desk.Find(ticket.Sale)!.Sale.Quota);
                await (field is null ? ProblemBook.WriteAsync(http, code) : ProblemBook.WriteAsync(http, code, field));
                break;
            default:
                await ProblemBook.WriteAsync(http, "not_found");
                break;
        }
    }

    /// <returns>Null when it was not a ticket of this sale; then it is answered.</returns>
    private async ValueTask<Ticket?> TicketOf(HttpContext http)
    {
        var sale = SaleOf(http);
        if (desk.TryRead(http.Request.Headers[TicketHeader], out var ticket) && ticket.Sale == sale) return ticket;
        // Who guesses is counted, so that guessing stays slow.
        if (await limits.AdmitAnonymousAsync(http)) await ProblemBook.WriteAsync(http, "ticket_invalid", new FieldProblem(TicketHeader, FieldProblemTexts.Ticket));
        return null;
    }

    internal static SaleId? SaleOf(HttpContext http) => SaleId.TryParse(http.GetRouteValue("sale") as string, out var sale) ? sale : null;
}
