using Lianka.Kernel;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;

namespace Lianka.Modules.OpenApi.Find;

/// <summary>GET /orders and GET /orders/{order_no}.</summary>
internal sealed class ReadOrders(OrderDesk desk, SkuCodes skus)
{
    private sealed record Page(IReadOnlyList<OrderView> Orders, string? Next, int? Limit);

    public async Task OneAsync(ApiCall call)
    {
        if (OrderId.TryParse(call.RouteText("order_no"), out var id) && await desk.FindOwnAsync(id, call.Merchant) is { } order)
            await JsonAnswer.OkAsync(call.Http, await ViewAsync(order, call) with { Receipts = await desk.ReceiptsAsync(order) }, OrderJson.Write);
        else await ProblemBook.WriteAsync(call.Http, "not_found");
    }

    public async Task ListAsync(ApiCall call)
    {
        var query = new QueryFields(call.Http.Request.Query);
        var number = query.Text("client_order_no", OrderBody.NumberMax);
        var limit = query.Limit();
        var filter = new OrderFilter(
            call.Merchant, query.Choice("status", OrderWords.Statuses), Source: OrderSource.Api,
            From: query.Moment("created_from"), To: query.Moment("created_to"),
            Before: query.Cursor<OrderId>(text => OrderId.TryParse(text, out var id) ? id : null), Limit: limit);
        if (query.Problems.Count > 0)
        {
            await ProblemBook.WriteAsync(call.Http, "invalid_request", query.Problems);
            return;
        }

        if (number is not null)
        {
            var order = await desk.FindByKeyAsync(call.Merchant, number);
            await AnswerAsync(call, order is { Source: not OrderSource.Retail } ? [order] : [], null, null);
            return;
        }

        var page = await desk.ListAsync(filter);
        await AnswerAsync(call, page.Orders, page.Next, limit);
    }

    private async Task AnswerAsync(ApiCall call, IReadOnlyList<Order> orders, OrderId? next, int? limit)
    {
        var views = new List<OrderView>(orders.Count);
        foreach (var order in orders) views.Add(await ViewAsync(order, call));
        await JsonAnswer.OkAsync(call.Http, new Page(views, next?.ToString(), limit), static (json, page) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data"u8);
            foreach (var view in page.Orders) OrderJson.Write(json, view);
            json.WriteEndArray();
            if (page.Limit is { } limit) json.WritePage(page.Next, limit);
            json.WriteEndObject();
        });
    }

    private async ValueTask<OrderView> ViewAsync(Order order, ApiCall call) =>
        new(order, await skus.CodeAsync(order.Sku), IsChinese: call.IsChinese);
}
