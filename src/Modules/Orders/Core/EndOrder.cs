namespace Lianka.Modules.Orders.Core;

/// <summary>The end of an order nobody paid: cancelled by a person, or lapsed.</summary>
internal static class EndOrder
{
    public static Verdict Decide(OrderCommand.Cancel ask, BatchState state)
    {
        if (state.Order(ask.Order) is not { } order || (ask.Merchant is { } m && m != order.Merchant))
            return Verdict.No(Refusal.NotFound);
        if (order.Status == OrderStatus.Cancelled) return Verdict.Again(order);
        return order.Status == OrderStatus.Placed
            ? End(order, OrderStatus.Cancelled, "cancelled", ask.Actor)
            : Verdict.No(Refusal.NotCancellable);
    }

    public static Verdict Decide(OrderCommand.Expire ask, BatchState state)
    {
        if (state.Order(ask.Order) is not { } order) return Verdict.No(Refusal.NotFound);
        return order.Status == OrderStatus.Placed && order.ExpiresAt <= state.Now
            ? End(order, OrderStatus.Expired, "expired", "system")
            : Verdict.Again(order);
    }

    private static Verdict End(Order order, OrderStatus status, string kind, string actor)
    {
        var ended = order with
        {
            Status = status,
            Version = order.Version + 1,
            Fulfilments = [.. order.Fulfilments.Select(f => f with { State = FulfilmentState.Returned })],
        };
        return new Verdict(new OrderDecision.Done(ended), new Effects
        {
            Order = ended,
            GivenBack = order.Fulfilments,
            Events = [new NewEvent(order.Id, kind, actor)],
        });
    }
}
