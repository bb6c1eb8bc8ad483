namespace Lianka.Modules.Orders.Core;

/// <summary>Marks the cards of an order as seen. Seen cards never go back to stock.</summary>
internal static class RevealCards
{
    public static Verdict Decide(OrderCommand.Reveal ask, CommandIds ids, BatchState state)
    {
        if (state.Order(ask.Order) is not { } order || (ask.Merchant is { } m && m != order.Merchant))
            return Verdict.No(Refusal.NotFound);
        if (!HasCards(order))
            return Verdict.No(Refusal.NotFound, "nothing_delivered");
        return Mark(order, ids.First, ask.Actor, ask.Address, state.Now, isReplay: false);
    }

    /// <summary>A repeated order that asks for the secrets again: each look is logged.</summary>
    public static Verdict Again(Order order, long revealId, string actor, string address, DateTimeOffset now) =>
        HasCards(order)
            ? Mark(order, revealId, actor, address, now, isReplay: true)
            : Verdict.Again(order);

    private static bool HasCards(Order order) =>
        order.DeliveredAt is not null && order.Fulfilments.Any(f => !f.IsPurchase && f.State is (FulfilmentState.Delivered or FulfilmentState.Void));

    private static Verdict Mark(Order order, long revealId, string actor, string address, DateTimeOffset now, bool isReplay)
    {
        var isFirst = order.RevealedAt is null;
        var at = Delivering.NotBefore(order.RevealedAt ?? order.DeliveredAt ?? order.CreatedAt, now);
        var seen = isFirst ? order with { RevealedAt = at, Version = order.Version + 1 } : order;
        return new Verdict(new OrderDecision.Done(seen, isReplay), new Effects
        {
            Order = isFirst ? seen : null,
            Reveal = new NewReveal(revealId, order.Id, actor, address, at),
            Events = isFirst ? [new NewEvent(order.Id, "revealed", actor)] : [],
        });
    }
}
