using Lianka.Kernel;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;

namespace Lianka.Modules.OpenApi.Find;

/// <summary>POST /orders/{order_no}/reveal. The engine logs who sees the cards before they are opened.</summary>
internal sealed class RevealCards(OrderDesk desk)
{
    public async Task RunAsync(ApiCall call)
    {
        if (!OrderId.TryParse(call.RouteText("order_no"), out var id) || await desk.FindOwnAsync(id, call.Merchant) is null)
        {
            await ProblemBook.WriteAsync(call.Http, "not_found");
            return;
        }

        var decision = await desk.RunAsync(new OrderCommand.Reveal(id, call.Merchant, call.Actor, call.Address));
        if (decision is not OrderDecision.Done done)
        {
            await Refusals.WriteAsync(call, (OrderDecision.Refused)decision, null);
            return;
        }

        await JsonAnswer.OkAsync(call.Http, await desk.CardsAsync(done.Order), static (json, cards) =>
        {
            json.WriteStartObject();
            OrderJson.WriteCards(json, cards);
            json.WriteEndObject();
        });
    }
}
