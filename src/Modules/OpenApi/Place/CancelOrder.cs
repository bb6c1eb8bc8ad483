using Lianka.Kernel;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;

namespace Lianka.Modules.OpenApi.Place;

/// <summary>POST /orders/{order_no}/cancel.</summary>
internal sealed class CancelOrder(OrderDesk desk, SkuCodes skus)
{
    public async Task RunAsync(ApiCall call)
    {
        if (!OrderId.TryParse(call.RouteText("order_no"), out var id) || await desk.FindOwnAsync(id, call.Merchant) is null)
        {
            await ProblemBook.WriteAsync(call.Http, "not_found");
            return;
        }

        var decision = await desk.RunAsync(new OrderCommand.Cancel(id, call.Merchant, call.Actor));
        if (decision is OrderDecision.Done done)
            await JsonAnswer.OkAsync(call.Http, new OrderView(done.Order, await skus.CodeAsync(done.Order.Sku), IsChinese: call.IsChinese), OrderJson.Write);
        else await Refusals.WriteAsync(call, (OrderDecision.Refused)decision, null);
    }
}
