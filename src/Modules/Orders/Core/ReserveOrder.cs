using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments;
using Lianka.Modules.Risk;

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
            // In a flash sale a buyer has one order, whatever is asked for with which ticket.
            if (ask.Sale is not null) return Verdict.Again(earlier);
            return earlier.Sku == ask.Sku && earlier.Quantity == ask.Quantity && earlier.UnitPrice == ask.Retail && earlier.Fields == ask.Fields
                ? Verdict.Again(earlier)
                : Verdict.No(Refusal.IdempotencyConflict);
        }

        if (ask.Quantity is < 1 or > PlaceOrder.QuantityMax) return Verdict.No(Refusal.QuantityOutOfRange);
        if (state.Prices.Sku(ask.Sku) is not { IsListed: true } sku) return Verdict.No(Refusal.NotOffered);
        if (ask.Quantity > sku.QuantityMax) return Verdict.No(Refusal.QuantityOutOfRange);
        var sale = ask.Sale is { } claim ? state.Sale(claim.Sale) : null;
        if (ask.Sale is not null && FlashRules.WhyNot(ask, sale, state.Now) is { } no) return no;
        if ((sale?.Price ?? state.Prices.Retail(ask.Merchant, ask.Sku)) is not { } retail
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
        if (JudgeOrder.WhyNot(new OrderFacts(ask.Merchant, ask.Sku, ask.Quantity, total, OrderOrigin.Retail, ask.ContactKey, ask.Buyer,
            null, state.Now), state) is { } blocked)
            return blocked;

        if (sale is null && HoldsTooMuch(ask, sku.IsDirect, state) is { } why) return Verdict.No(Refusal.StockShort, why);
        if (sale is not null && FlashRules.IsTaken(sale, ask.Quantity) is { } taken) return taken;
        var id = new OrderId(ids.First);
        var opened = new Order
        {
            Id = id,
            Merchant = ask.Merchant,
            Source = OrderSource.Retail,
            ClientKey = ask.ClientKey,
            Sku = ask.Sku,
            Quantity = ask.Quantity,
            MaxTotal = total,
            Fields = ask.Fields,
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
            Sale = ask.Sale,
        };
        return sku.IsDirect ? FromSupplier(opened, ask, ids, state) : FromStock(opened, ask, ids, terms, state);
    }

    /// <summary>The cards are held until the order is paid.</summary>
    private static Verdict FromStock(Order opened, OrderCommand.Reserve ask, CommandIds ids, Terms terms, BatchState state)
    {
        if (state.Plan(ask.Sku, ask.Quantity, terms.TopUnit, terms.Promotion) is not { } draws)
            return Verdict.No(Refusal.StockShort);
        if (!LossGuard.CanPay(LossGuard.Subsidy(draws, terms.TopUnit, state.Prices), terms.Promotion, state))
            return Verdict.No(Refusal.NotOffered);
        return Opened(opened with { Fulfilments = Delivering.Fulfilments(draws, FulfilmentState.Held, state.Prices) }, draws, ask, ids);
    }

    /// <summary>What is bought from a supplier is bought when the order is paid; whether anyone could sell it is asked now.</summary>
    private static Verdict FromSupplier(Order opened, OrderCommand.Reserve ask, CommandIds ids, BatchState state)
    {
        if (ask.Sale is not null) return Verdict.No(Refusal.NotOffered);
        return Purchasing.Begin(opened, ids.Second, state) is null ? Verdict.No(Refusal.StockShort) : Opened(opened, [], ask, ids);
    }

    private static Verdict Opened(Order order, IReadOnlyList<Draw> draws, OrderCommand.Reserve ask, CommandIds ids)
    {
        var id = order.Id;
        return new Verdict(new OrderDecision.Done(order), new Effects
        {
            Order = order,
            IsNew = true,
            Draws = draws,
            Payment = new NewPayment(new PaymentId(ids.Second), id, order.Total, ask.ExpiresAt, Basket: ask.Basket),
            Contact = ask.Contact.Length > 0 ? new NewContact(id, ask.Contact, ask.ContactKey) : null,
            Events = [new NewEvent(id, "placed", ask.Actor)],
        });
    }

    /// <summary>Unpaid carts must not lock up a shop's stock; a flash sale has its own limit in place of this.</summary>
    private static string? HoldsTooMuch(OrderCommand.Reserve ask, bool isDirect, BatchState state)
    {
        if (state.OpenOrders(ask.ContactKey, ask.Sku) >= OpenPerContactMax + ask.OthersOfSku) return "too_many_unpaid";
        return !isDirect && state.HeldUnits(ask.Sku) + ask.Quantity > HeldUnitsFree + (state.FreeUnits(ask.Sku) / 2) ? "held_by_unpaid" : null;
    }
}
