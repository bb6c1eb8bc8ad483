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
        if (sku is not null && AccountFieldProblems.Of(sku, body.Fields) is { Count: > 0 } wrong)
        {
            await ProblemBook.WriteAsync(call.Http, "invalid_request", wrong);
            return;
        }

        if (Prefer.Wait(call.Http.Request) is not { } wait)
        {
            await ProblemBook.WriteAsync(call.Http, "invalid_request", new FieldProblem("Prefer", FieldProblemTexts.Range, Prefer.WaitRange));
            return;
        }

        var decision = await desk.RunAsync(new OrderCommand.Place(
            OrderSource.Api, call.Merchant, body.ClientOrderNo, sku?.Id ?? default, body.Quantity, body.MaxTotal,
            body.Fields, body.CallbackUrl, call.Actor, body.Reveal ? call.Address : null), call.Http.RequestAborted);
        if (decision is not OrderDecision.Done done)
        {
            await Refusals.WriteAsync(call, (OrderDecision.Refused)decision, sku?.QuantityMax);
            return;
        }

        // What is bought from a supplier takes a moment: the answer waits for it, so that most callers never need to ask.
        var order = done.Order.IsFinal ? done.Order : await desk.WaitAsync(done.Order, TimeSpan.FromSeconds(wait), call.Http.RequestAborted);
        var cards = body.Reveal && order.RevealedAt is not null ? await desk.CardsAsync(order) : null;
        var headers = call.Http.Response.Headers;
        if (done.IsReplay) headers["Idempotent-Replayed"] = "true";
        else headers.Location = $"/api/v1/orders/{order.Id}";
        headers.CacheControl = "no-store";
        var status = done.IsReplay ? StatusCodes.Status200OK
            : order.IsFinal ? StatusCodes.Status201Created
            : StatusCodes.Status202Accepted;
        await JsonAnswer.WriteAsync(
            call.Http.Response, status, JsonAnswer.ContentType, new OrderView(order, body.Sku, cards, call.IsChinese)
            {
                Receipts = await desk.ReceiptsAsync(order),
            }, OrderJson.Write);
    }
}
