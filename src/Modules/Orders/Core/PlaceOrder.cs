using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;
using Lianka.Modules.Risk;

namespace Lianka.Modules.Orders.Core;

/// <summary>A wallet order: from placed to delivered in one decision, or refused without a trace.</summary>
internal static class PlaceOrder
{
    public const long QuantityMax = 10_000;

    public static Verdict Decide(OrderCommand.Place ask, CommandIds ids, BatchState state)
    {
        // First, so that a retry hears the same answer even after prices or stock have moved.
        if (state.OrderByKey(ask.Merchant, ask.ClientKey) is { } earlier)
        {
            if (!IsSameContent(ask, earlier)) return Verdict.No(Refusal.IdempotencyConflict);
            return ask.RevealTo is { } address
                ? RevealCards.Again(earlier, ids.Second, ask.Actor, address, state.Now)
                : Verdict.Again(earlier);
        }

        if (ask.Quantity is < 1 or > QuantityMax) return Verdict.No(Refusal.QuantityOutOfRange);
        if (state.Prices.Sku(ask.Sku) is not { IsListed: true } sku) return Verdict.No(Refusal.NotOffered);
        if (ask.Quantity > sku.QuantityMax) return Verdict.No(Refusal.QuantityOutOfRange);
        if (state.Prices.Terms(ask.Merchant, ask.Sku, ask.Quantity, state.Now) is not { } terms) return Verdict.No(Refusal.NotOffered);
        if (!LossGuard.IsSupplied(state.Prices, ask.Sku, terms)) return Verdict.No(Refusal.NotOffered);

        var total = terms.Unit * ask.Quantity;
        if (total > ask.MaxTotal) return Verdict.No(Refusal.PriceMoved);

        var wallet = state.Account(AccountKinds.Wallet, ask.Merchant.Value);
        var escrow = state.Account(AccountKinds.Escrow, ask.Merchant.Value);
        if (wallet is null || escrow is null) return Verdict.No(Refusal.NotOffered);
        if (JudgeOrder.WhyNot(new OrderFacts(ask.Merchant, ask.Sku, ask.Quantity, total, (OrderOrigin)(short)ask.Source, null, null,
            ask.RevealTo, state.Now), state) is { } no)
            return no;
        if (wallet.Available < total) return Verdict.No(Refusal.InsufficientFunds);

        var placed = new Order
        {
            Id = new OrderId(ids.First),
            Merchant = ask.Merchant,
            Source = ask.Source,
            ClientKey = ask.ClientKey,
            Sku = ask.Sku,
            Quantity = ask.Quantity,
            MaxTotal = ask.MaxTotal,
            Fields = ask.Fields,
            CallbackUrl = ask.CallbackUrl,
            Status = OrderStatus.Placed,
            UnitPrice = terms.Unit,
            Total = total,
            PayerAccount = wallet.Id,
            EscrowAccount = escrow.Id,
            MerchantUnit = terms.Unit,
            Ancestors = terms.Ancestors,
            TopUnit = terms.TopUnit,
            Promotion = terms.Promotion,
            PayerAfter = wallet.Balance - total,
            CreatedAt = state.Now,
            PaidAt = state.Now,
        };
        return sku.IsDirect ? FromSupplier(placed, ask, ids, terms, state) : FromStock(placed, ask, ids, terms, state);
    }

    private static Verdict FromStock(Order placed, OrderCommand.Place ask, CommandIds ids, Terms terms, BatchState state)
    {
        if (state.Plan(ask.Sku, ask.Quantity, terms.TopUnit, terms.Promotion) is not { } draws)
            return Verdict.No(Refusal.StockShort);
        var subsidy = LossGuard.Subsidy(draws, terms.TopUnit, state.Prices);
        if (!LossGuard.CanPay(subsidy, terms.Promotion, state)) return Verdict.No(Refusal.NotOffered);

        var order = Delivering.Now(placed with
        {
            PlacedBy = terms.IsInverted ? null : ask.Actor,
            RevealedAt = ask.RevealTo is null ? null : state.Now,
            Fulfilments = Delivering.Fulfilments(draws, FulfilmentState.Delivered, state.Prices),
        }, state.Now);
        return new Verdict(new OrderDecision.Done(order), new Effects
        {
            Order = order,
            IsNew = true,
            Legs = Legs(order, subsidy, state),
            Draws = draws,
            // As a rule the order's own row tells by whom it was placed, and that it was delivered at once.
            Events = terms.IsInverted ? [new NewEvent(order.Id, "delivered", ask.Actor, "inverted_prices")] : [],
            Reveal = ask.RevealTo is { } to ? new NewReveal(ids.Second, order.Id, ask.Actor, to, state.Now) : null,
        });
    }

    private static Verdict FromSupplier(Order placed, OrderCommand.Place ask, CommandIds ids, Terms terms, BatchState state)
    {
        if (Purchasing.Begin(placed, ids.Second, state) is not { } begun) return Verdict.No(Refusal.StockShort);
        var (order, purchase, subsidy) = begun;
        return new Verdict(new OrderDecision.Done(order), new Effects
        {
            Order = order,
            IsNew = true,
            Legs = Legs(order, subsidy, state),
            Purchase = purchase,
            Events = [new NewEvent(order.Id, "fulfilling", ask.Actor, terms.IsInverted ? "inverted_prices" : null)],
        });
    }

    private static List<Leg> Legs(Order order, Money subsidy, BatchState state)
    {
        List<Leg> legs = [new Leg(order.PayerAccount, order.EscrowAccount, order.Total, "order", order.Id)];
        if (subsidy.IsPositive)
            legs.Add(new Leg(state.Account(AccountKinds.Promotion, order.Promotion!.Value)!.Id, order.EscrowAccount, subsidy, "subsidy", order.Id));
        return legs;
    }

    /// <summary>Same number, same content: sku, quantity, max_total, fields, callback_url (domain.md, "Idempotency").</summary>
    private static bool IsSameContent(OrderCommand.Place ask, Order earlier) =>
        earlier.Sku == ask.Sku && earlier.Quantity == ask.Quantity && earlier.MaxTotal == ask.MaxTotal
        && earlier.Fields == ask.Fields && earlier.CallbackUrl == ask.CallbackUrl;
}
