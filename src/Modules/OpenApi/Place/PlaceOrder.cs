using Lianka.Modules.Agents;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Place;

/// <summary>POST /orders. Nothing is read from the database before the engine.</summary>
internal sealed class PlaceOrder(OrderDesk desk, SkuCodes skus)
{
    public async Task RunAsync(ApiCall call)
    {
        var (body, problems) = OrderBody.Read(call.Body);
        if (body is null)
        {
            await ProblemBook.WriteAsync(call.Http, "invalid_request", problems);
            return;
        }

        if (body.Reveal && !call.Key.Has(ApiScopes.CardsRead))
        {
            await ProblemBook.WriteAsync(call.Http, "forbidden", new FieldProblem("/reveal", FieldProblemTexts.Scope, ApiScopes.CardsRead));
            return;
        }

        // An unknown code goes on as a SKU that does not exist: an earlier order under this number is checked first.
        var sku = await skus.FindAsync(body.Sku);
        var decision = await desk.RunAsync(new OrderCommand.Place(
            OrderSource.Api, call.Merchant, body.ClientOrderNo, sku?.Id ?? default, body.Quantity, body.MaxTotal,
            body.Fields, body.CallbackUrl, call.Actor, body.Reveal ? call.Address : null), call.Http.RequestAborted);
        if (decision is not OrderDecision.Done done)
        {
            await Refusals.WriteAsync(call, (OrderDecision.Refused)decision, sku?.QuantityMax);
            return;
        }

        var order = done.Order;
        var cards = body.Reveal && order.RevealedAt is not null ? await desk.CardsAsync(order) : null;
        var headers = call.Http.Response.Headers;
        if (done.IsReplay) headers["Idempotent-Replayed"] = "true";
        else headers.Location = $"/api/v1/orders/{order.Id}";
        headers.CacheControl = "no-store";
        var status = done.IsReplay ? StatusCodes.Status200OK
            : order.IsFinal ? StatusCodes.Status201Created
            : StatusCodes.Status202Accepted;
        await JsonAnswer.WriteAsync(
            call.Http.Response, status, JsonAnswer.ContentType, new OrderView(order, body.Sku, cards, call.IsChinese), OrderJson.Write);
    }
}
