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
        var subsidy = Money.Zero;
        foreach (var part in order.Fulfilments)
            subsidy += LossGuard.SubsidyUnit(part.UnitCost, order.TopUnit) * part.Count;
        if (!LossGuard.CanPay(subsidy, order.Promotion, state))
        {
            // The promotion ran dry between reservation and payment: the reservation ends, the money goes back.
            var ended = EndOrder.Decide(new OrderCommand.Cancel(order.Id, null, "system"), state);
            var back = GiveBack(ask, ids, ((OrderDecision.Done)ended.Decision).Order, state, "promotion_exhausted");
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

        var now = Delivering.NotBefore(order.CreatedAt, state.Now);
        var paid = Delivering.Now(order with
        {
            PaidAt = now,
            Version = order.Version + 1,
            Fulfilments = [.. order.Fulfilments.Select(f => f with { State = FulfilmentState.Delivered })],
        }, now);
        return new Verdict(new OrderDecision.Done(paid), new Effects
        {
            Order = paid,
            Legs = Incoming(paid, subsidy, state),
            PaymentTaken = order.Id,
            Events = [new NewEvent(order.Id, "paid", ask.Actor, ask.Channel), new NewEvent(order.Id, "delivered", "system")],
        });
    }

    /// <summary>The reservation lapsed: the same goods at the same frozen price, if stock and loss guard still allow.</summary>
    /// <remarks>The lapsed order stays lapsed, as every final state does; a new order takes its place and its payment.</remarks>
    private static Verdict BuyAgain(OrderCommand.Pay ask, CommandIds ids, Order lapsed, BatchState state)
    {
        if (state.Prices.Sku(lapsed.Sku) is not { IsListed: true }
            || state.Plan(lapsed.Sku, lapsed.Quantity, lapsed.TopUnit, lapsed.Promotion) is not { } draws)
            return GiveBack(ask, ids, lapsed, state, "late_no_stock");
        if (lapsed.Sale is { } claim && FlashRules.IsTaken(state.Sale(claim.Sale)!, lapsed.Quantity) is not null)
            return GiveBack(ask, ids, lapsed, state, "late_sold_out");
        var subsidy = LossGuard.Subsidy(draws, lapsed.TopUnit, state.Prices);
        if (!LossGuard.CanPay(subsidy, lapsed.Promotion, state)) return GiveBack(ask, ids, lapsed, state, "late_loss_guard");

        var id = new OrderId(ids.First);
        var again = Delivering.Now(lapsed with
        {
            Id = id,
            // Nobody else may ask for it, so it has no number; one that the engine made could be somebody's own already.
            ClientKey = null,
            CreatedAt = state.Now,
            PaidAt = state.Now,
            ExpiresAt = null,
            Version = 1,
            Fulfilments = Delivering.Fulfilments(draws, FulfilmentState.Delivered, state.Prices),
        }, state.Now);
        return new Verdict(new OrderDecision.Done(again), new Effects
        {
            Order = again,
            IsNew = true,
            Legs = Incoming(again, subsidy, state),
            Draws = draws,
            Contact = state.Contact(lapsed.Id) is { } contact ? contact with { Order = id } : null,
            PaymentTaken = lapsed.Id,
            PaymentMovesTo = id,
            Events =
            [
                new NewEvent(lapsed.Id, "bought_again", ask.Actor, id.ToString()),
                new NewEvent(id, "paid", ask.Actor, ask.Channel),
                new NewEvent(id, "delivered", "system", lapsed.Id.ToString()),
            ],
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
