using Lianka.Kernel;
using Lianka.Modules.Ledger;

namespace Lianka.Modules.Orders.Core;

/// <summary>A retail order opens: the price, the split and the cards are held until it is paid or lapses.</summary>
internal static class ReserveOrder
{
    /// <summary>How many unpaid orders one contact may have open for one SKU.</summary>
    public const int OpenPerContactMax = 3;

    /// <summary>Unpaid orders may hold this many units of a SKU in any case, and half of what is left beyond.</summary>
    /// <remarks>So unpaid carts never lock up all of a large stock, and the last few units are still sold one by one.</remarks>
    public const long HeldUnitsFree = 200;

    public static Verdict Decide(OrderCommand.Reserve ask, CommandIds ids, BatchState state)
    {
        if (state.OrderByKey(ask.Merchant, ask.ClientKey) is { } earlier)
        {
            return earlier.Sku == ask.Sku && earlier.Quantity == ask.Quantity && earlier.UnitPrice == ask.Retail
                ? Verdict.Again(earlier)
                : Verdict.No(Refusal.IdempotencyConflict);
        }

        if (ask.Quantity is < 1 or > PlaceOrder.QuantityMax) return Verdict.No(Refusal.QuantityOutOfRange);
        if (state.Prices.Sku(ask.Sku) is not { IsListed: true, Kind: "card" } sku) return Verdict.No(Refusal.NotOffered);
        if (ask.Quantity > sku.QuantityMax) return Verdict.No(Refusal.QuantityOutOfRange);
        if (state.Prices.Retail(ask.Merchant, ask.Sku) is not { } retail
            || state.Prices.Terms(ask.Merchant, ask.Sku, ask.Quantity, state.Now) is not { } terms
            || !LossGuard.IsSupplied(state.Prices, ask.Sku, terms))
            return Verdict.No(Refusal.NotOffered);
        if (retail != ask.Retail) return Verdict.No(Refusal.PriceMoved);

        var total = retail * ask.Quantity;
        // The merchant would pay to sell: its own price plus the channel's fee is above what the buyer pays.
        if (total < (terms.Unit * ask.Quantity) + ask.Fee) return Verdict.No(Refusal.NotOffered, "below_cost");

        var payer = state.Account(AccountKinds.Clearing(ask.Channel), Parties.Platform);
        var escrow = state.Account(AccountKinds.Escrow, ask.Merchant.Value);
        if (payer is null || escrow is null) return Verdict.No(Refusal.NotOffered);

        if (state.OpenOrders(ask.ContactKey, ask.Sku) >= OpenPerContactMax)
            return Verdict.No(Refusal.StockShort, "too_many_unpaid");
        var held = state.HeldUnits(ask.Sku);
        if (held + ask.Quantity > HeldUnitsFree + (state.FreeUnits(ask.Sku) / 2))
            return Verdict.No(Refusal.StockShort, "held_by_unpaid");
        if (state.Plan(ask.Sku, ask.Quantity, terms.TopUnit, terms.Promotion) is not { } draws)
            return Verdict.No(Refusal.StockShort);
        if (!LossGuard.CanPay(LossGuard.Subsidy(draws, terms.TopUnit, state.Prices), terms.Promotion, state))
            return Verdict.No(Refusal.NotOffered);

        var id = new OrderId(ids.First);
        var order = new Order
        {
            Id = id,
            Merchant = ask.Merchant,
            Source = OrderSource.Retail,
            ClientKey = ask.ClientKey,
            Sku = ask.Sku,
            Quantity = ask.Quantity,
            MaxTotal = total,
            Storefront = ask.Storefront,
            Buyer = ask.Buyer,
            Status = OrderStatus.Placed,
            UnitPrice = retail,
            Total = total,
            PayerAccount = payer.Id,
            EscrowAccount = escrow.Id,
            MerchantUnit = terms.Unit,
            Ancestors = terms.Ancestors,
            TopUnit = terms.TopUnit,
            Fee = ask.Fee,
            Promotion = terms.Promotion,
            CreatedAt = state.Now,
            ExpiresAt = ask.ExpiresAt,
            Fulfilments = Delivering.Fulfilments(draws, FulfilmentState.Held, state.Prices),
        };
        return new Verdict(new OrderDecision.Done(order), new Effects
        {
            Order = order,
            IsNew = true,
            Draws = draws,
            Payment = new NewPayment(new PaymentId(ids.Second), id, ask.Channel, total, ask.ExpiresAt),
            Contact = new NewContact(id, ask.Contact, ask.ContactKey),
            Events = [new NewEvent(id, "placed", ask.Actor)],
        });
    }
}
