using Lianka.Kernel;
using Lianka.Modules.Ledger;

namespace Lianka.Modules.Orders.Core;

/// <summary>Money of a channel arrives for a retail order: in time, late, twice, or after a cancel.</summary>
/// <remarks>It is never kept without goods: it delivers, or buys again, or goes back.</remarks>
internal static class PayOrder
{
    public static Verdict Decide(OrderCommand.Pay ask, CommandIds ids, BatchState state)
    {
        if (state.Order(ask.Order) is not { Source: OrderSource.Retail } order) return Verdict.No(Refusal.NotFound);
        if (ask.Amount != order.Total) return Verdict.No(Refusal.InvalidRequest, "amount_mismatch");

        // A payment counts once, however often the channel says so.
        if (state.IsPaymentTaken(order.Id)) return Verdict.Again(order);

        return order.Status switch
        {
            OrderStatus.Placed => Deliver(ask, ids, order, state),
            OrderStatus.Expired => BuyAgain(ask, ids, order, state),
            OrderStatus.Cancelled => GiveBack(ask, ids, order, state, "paid_after_cancel"),
            _ => Verdict.Again(order),
        };
    }

    private static Verdict Deliver(OrderCommand.Pay ask, CommandIds ids, Order order, BatchState state)
    {
        var now = Delivering.NotBefore(order.CreatedAt, state.Now);
        var paid = order with { PaidAt = now, Version = order.Version + 1 };
        if (IsDirect(order, state))
        {
            return Purchasing.Begin(paid, ids.Second, state) is { } begun
                ? Begun(ask, begun, order.Id, state)
                : Undo(ask, ids, order, state, "no_supply");
        }

        var subsidy = Money.Zero;
        foreach (var part in order.Fulfilments)
            subsidy += LossGuard.SubsidyUnit(part.UnitCost, order.TopUnit) * part.Count;
        if (!LossGuard.CanPay(subsidy, order.Promotion, state)) return Undo(ask, ids, order, state, "promotion_exhausted");
        var delivered = Delivering.Now(paid with
        {
            Fulfilments = [.. order.Fulfilments.Select(f => f with { State = FulfilmentState.Delivered })],
        }, now);
        return new Verdict(new OrderDecision.Done(delivered), new Effects
        {
            Order = delivered,
            Legs = Incoming(delivered, subsidy, state),
            PaymentTaken = order.Id,
            Events = [new NewEvent(order.Id, "paid", ask.Actor, ask.Channel), new NewEvent(order.Id, "delivered", "system")],
        });
    }

    /// <summary>Something ran out between reservation and payment: the reservation ends, the money goes back.</summary>
    private static Verdict Undo(OrderCommand.Pay ask, CommandIds ids, Order order, BatchState state, string reason)
    {
        var ended = EndOrder.Decide(new OrderCommand.Cancel(order.Id, null, "system"), state);
        var back = GiveBack(ask, ids, ((OrderDecision.Done)ended.Decision).Order, state, reason);
        return back with
        {
            Effects = back.Effects! with
            {
                Order = ended.Effects!.Order,
                GivenBack = ended.Effects.GivenBack,
                Events = [.. ended.Effects.Events, .. back.Effects.Events],
            },
        };
    }

    /// <param name="paid">The order that the channel's payment was for.</param>
    private static Verdict Begun(OrderCommand.Pay ask, (Order Order, NewPurchase Purchase, Money Subsidy) begun, OrderId paid, BatchState state) =>
        new(new OrderDecision.Done(begun.Order), new Effects
        {
            Order = begun.Order,
            Legs = Incoming(begun.Order, begun.Subsidy, state),
            Purchase = begun.Purchase,
            PaymentTaken = paid,
            Events = [new NewEvent(begun.Order.Id, "paid", ask.Actor, ask.Channel), new NewEvent(begun.Order.Id, "fulfilling", "system")],
        });

    private static bool IsDirect(Order order, BatchState state) => state.Prices.Sku(order.Sku) is { IsDirect: true };

    /// <summary>The reservation lapsed: the same goods at the same frozen price, if stock and loss guard still allow.</summary>
    /// <remarks>The lapsed order stays lapsed, as every final state does; a new order takes its place and its payment.</remarks>
    private static Verdict BuyAgain(OrderCommand.Pay ask, CommandIds ids, Order lapsed, BatchState state)
    {
        if (state.Prices.Sku(lapsed.Sku) is not { IsListed: true }) return GiveBack(ask, ids, lapsed, state, "late_no_stock");
        var id = new OrderId(ids.First);
        var order = lapsed with
        {
            Id = id,
            // Nobody else may ask for it, so it has no number; one that the engine made could be somebody's own already.
            ClientKey = null,
            CreatedAt = state.Now,
            PaidAt = state.Now,
            ExpiresAt = null,
            Version = 1,
            Fulfilments = [],
        };
        Effects effects;
        if (IsDirect(lapsed, state))
        {
            if (Purchasing.Begin(order, ids.Second, state) is not { } begun) return GiveBack(ask, ids, lapsed, state, "late_no_stock");
            effects = Begun(ask, begun, lapsed.Id, state).Effects!;
        }
        else
        {
            if (state.Plan(lapsed.Sku, lapsed.Quantity, lapsed.TopUnit, lapsed.Promotion) is not { } draws)
                return GiveBack(ask, ids, lapsed, state, "late_no_stock");
            if (lapsed.Sale is { } claim && FlashRules.IsTaken(state.Sale(claim.Sale)!, lapsed.Quantity) is not null)
                return GiveBack(ask, ids, lapsed, state, "late_sold_out");
            var subsidy = LossGuard.Subsidy(draws, lapsed.TopUnit, state.Prices);
            if (!LossGuard.CanPay(subsidy, lapsed.Promotion, state)) return GiveBack(ask, ids, lapsed, state, "late_loss_guard");
            var again = Delivering.Now(order with { Fulfilments = Delivering.Fulfilments(draws, FulfilmentState.Delivered, state.Prices) }, state.Now);
            effects = new Effects
            {
                Order = again,
                Legs = Incoming(again, subsidy, state),
                Draws = draws,
                PaymentTaken = lapsed.Id,
                Events = [new NewEvent(id, "paid", ask.Actor, ask.Channel), new NewEvent(id, "delivered", "system", lapsed.Id.ToString())],
            };
        }

        return new Verdict(new OrderDecision.Done(effects.Order!), effects with
        {
            IsNew = true,
            Contact = state.Contact(lapsed.Id) is { } contact ? contact with { Order = id } : null,
            PaymentMovesTo = id,
            Events = [new NewEvent(lapsed.Id, "bought_again", ask.Actor, id.ToString()), .. effects.Events],
        });
    }

    private static Verdict GiveBack(OrderCommand.Pay ask, CommandIds ids, Order order, BatchState state, string reason)
    {
        // In and out by way of suspense, so that both the arrival and the return stand in the ledger.
        var suspense = state.Account(AccountKinds.Suspense, Parties.Platform)!.Id;
        return new Verdict(new OrderDecision.Done(order, RefundDue: order.Total), new Effects
        {
            Legs =
            [
                new Leg(order.PayerAccount, suspense, order.Total, "late_payment", order.Id),
                new Leg(suspense, order.PayerAccount, order.Total, "late_payment_back", order.Id),
            ],
            Posting = new NewPosting(ids.First, "late_payment", $"late:{order.Id.Value}", reason, ask.Actor),
            PaymentTaken = order.Id,
            ChannelRefund = new NewChannelRefund(ids.Second, order.Id, order.Total, reason),
            Events = [new NewEvent(order.Id, "payment_returned", ask.Actor, reason)],
        });
    }

    private static List<Leg> Incoming(Order order, Money subsidy, BatchState state)
    {
        List<Leg> legs = [new Leg(order.PayerAccount, order.EscrowAccount, order.Total, "order", order.Id)];
        if (subsidy.IsPositive)
            legs.Add(new Leg(state.Account(AccountKinds.Promotion, order.Promotion!.Value)!.Id, order.EscrowAccount, subsidy, "subsidy", order.Id));
        return legs;
    }
}
