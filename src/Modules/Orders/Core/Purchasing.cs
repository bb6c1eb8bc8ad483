using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;

namespace Lianka.Modules.Orders.Core;

/// <summary>Which supply an order is bought from.</summary>
internal interface ISupplyRouter
{
    /// <param name="candidates">All of them may be used: offered, within the loss guard, not tried yet. At least one.</param>
    /// <param name="unit">What the platform gets for a unit.</param>
    RouteChoice Choose(IReadOnlyList<SupplyEntry> candidates, long count, Money unit, DateTimeOffset now);
}

/// <param name="Why">For the order's timeline: a short text in the router's own form.</param>
internal readonly record struct RouteChoice(SupplyEntry Supply, string Why);

/// <summary>A purchase at a supplier's that begins.</summary>
/// <param name="Number">Our own number for it.</param>
/// <param name="Merges">It may be told together with other small ones for the same supply.</param>
internal sealed record NewPurchase(
    long Number, OrderId Order, int No, SkuId Sku, SupplyId Supply, SupplierId Supplier, long? Connection, long Count, Money UnitCost, string Route, bool Merges);

/// <summary>A purchase that is over, or that a person must look at.</summary>
internal sealed record PurchaseEnd(
    long Number, PurchaseState State, string? Fault = null, string? Detail = null, string? UpstreamNo = null, string? Receipt = null, Money? Charged = null);

/// <summary>Something about a purchase that only a person can settle.</summary>
internal sealed record NewCase(OrderId Order, long Purchase, string Kind, Money Ours, Money? Theirs, string Detail);

/// <summary>The goods of a direct SKU are bought from a supplier when the order is paid.</summary>
internal static class Purchasing
{
    /// <summary>Takes so many units of an order to a supply that was not tried for it yet; null when there is none.</summary>
    /// <param name="alone">To this supply, which refused the order together with others, and not merged with others again.</param>
    public static (Fulfilment Part, NewPurchase Purchase)? Route(Order order, long count, long number, BatchState state, SupplyId? alone = null)
    {
        var region = Region(order.Fields);
        var candidates = new List<SupplyEntry>();
        foreach (var supply in state.Prices.Supplies(order.Sku))
        {
            if (LossGuard.Allows(supply, order.TopUnit, order.Promotion)
                && (supply.Regions.Count == 0 || (region is not null && supply.Regions.Contains(region)))
                && (alone is { } only ? supply.Id == only : !order.Fulfilments.Any(f => f.Supply == supply.Id))
                && state.LeftToday(supply) >= count)
                candidates.Add(supply);
        }

        if (candidates.Count == 0) return null;
        var (chosen, why) = state.Router.Choose(candidates, count, order.TopUnit, state.Now);
        var no = order.Fulfilments.Count == 0 ? 1 : order.Fulfilments.Max(f => f.No) + 1;
        var part = new Fulfilment(no, chosen.Id, chosen.Supplier, default, number, count, chosen.Cost!.Value, chosen.EscrowSeconds, FulfilmentState.Held);
        return (part, new NewPurchase(number, order.Id, no, order.Sku, chosen.Id, chosen.Supplier, chosen.Connection, count, chosen.Cost.Value, why,
            alone is null && chosen.Connection is not null && count < chosen.BatchMax));
    }

    /// <summary>What the promotion has to add for a fulfilment.</summary>
    public static Money Subsidy(Fulfilment part, Money topUnit) => LossGuard.SubsidyUnit(part.UnitCost, topUnit) * part.Count;

    /// <summary>The order is paid and its goods are on their way; null when there is nobody to buy them from.</summary>
    public static (Order Order, NewPurchase Purchase, Money Subsidy)? Begin(Order order, long number, BatchState state)
    {
        if (Route(order, order.Quantity, number, state) is not { } route) return null;
        var subsidy = Subsidy(route.Part, order.TopUnit);
        if (!LossGuard.CanPay(subsidy, order.Promotion, state)) return null;
        return (order with
        {
            Status = OrderStatus.Fulfilling,
            Settlement = SettlementState.Escrowed,
            Fulfilments = [route.Part],
            HoldReason = ByHand(route.Purchase),
        }, route.Purchase, subsidy);
    }

    /// <summary>Without a system to call, the order waits for people.</summary>
    private static string? ByHand(NewPurchase purchase) => purchase.Connection is null ? "by_hand" : null;

    public static Verdict Deliver(OrderCommand.Deliver ask, CommandIds ids, BatchState state)
    {
        if (Find(ask.Order, ask.Purchase, state) is not { } found) return Verdict.No(Refusal.NotFound);
        var (order, part) = found;
        if (!part.IsPurchase || part.State is FulfilmentState.Delivered or FulfilmentState.Void) return Verdict.Again(order);
        if (part.State == FulfilmentState.Returned) return Late(ask, order, part);
        if (ask.Delivered < 1 || ask.Delivered > part.Count || (ask.Cards is { } cards && cards.Count != ask.Delivered))
            return Verdict.No(Refusal.InvalidRequest, "delivered");

        var delivered = part with
        {
            Count = ask.Delivered,
            State = FulfilmentState.Delivered,
            Lot = ask.Cards?.Id ?? default,
            FromSeq = ask.Cards is null ? part.FromSeq : 1,
        };
        var after = With(order, part, delivered) with { Delivered = order.Delivered + ask.Delivered };
        var work = new Work(after, ids, state, ask.Actor);
        work.Events.Add(new NewEvent(order.Id, "supplied", ask.Actor, ask.Receipt));
        // Their price has moved since the cost was agreed. The goods are here, so the difference is between them and the operator (F44).
        if (ask.Charged is { } charged && charged > part.UnitCost * part.Count)
            work.Case = new NewCase(order.Id, ask.Purchase, "overcharged", part.UnitCost * part.Count, charged, ask.UpstreamNo ?? "");
        if (ask.Delivered < part.Count) work.Replace(part with { Count = part.Count - ask.Delivered }, "partial", isBuyersFault: false);
        return work.Done(new PurchaseEnd(ask.Purchase, PurchaseState.Succeeded, null, null, ask.UpstreamNo, ask.Receipt, ask.Charged), ask.Cards);
    }

    public static Verdict Fail(OrderCommand.Fail ask, CommandIds ids, BatchState state)
    {
        if (Find(ask.Order, ask.Purchase, state) is not { } found) return Verdict.No(Refusal.NotFound);
        var (order, part) = found;
        if (part is { IsPurchase: true, State: FulfilmentState.Delivered }) return Reversed(ask, order, part);
        if (!part.IsPurchase || part.State != FulfilmentState.Held) return Verdict.Again(order);
        var work = new Work(With(order, part, part with { State = FulfilmentState.Returned }), ids, state, ask.Actor);
        work.Events.Add(new NewEvent(order.Id, "supply_failed", ask.Actor, ask.Fault));
        work.Replace(part, ask.Fault, ask.IsBuyersFault, ask.IsMerged);
        return work.Done(new PurchaseEnd(ask.Purchase, PurchaseState.Failed, ask.Fault, ask.Detail), null);
    }

    public static Verdict Ask(OrderCommand.Ask ask, BatchState state)
    {
        if (Find(ask.Order, ask.Purchase, state) is not { } found) return Verdict.No(Refusal.NotFound);
        var (order, part) = found;
        if (part.State != FulfilmentState.Held || order.HoldReason == ask.Reason) return Verdict.Again(order);
        var asked = order with { HoldReason = ask.Reason, Version = order.Version + 1 };
        return new Verdict(new OrderDecision.Done(asked), new Effects
        {
            Order = asked,
            Case = new NewCase(order.Id, ask.Purchase, ask.Reason, part.UnitCost * part.Count, null, ""),
            Events = [new NewEvent(order.Id, "person_asked", "system", ask.Reason)],
        });
    }

    /// <summary>The money of a purchase that was given up is back, and now it was delivered all the same: a person looks, no money moves.</summary>
    private static Verdict Late(OrderCommand.Deliver ask, Order order, Fulfilment part) => new(new OrderDecision.Done(order, IsReplay: true), new Effects
    {
        Case = new NewCase(order.Id, ask.Purchase, "late_success", order.UnitPrice * part.Count, ask.Charged ?? (part.UnitCost * part.Count), ask.UpstreamNo ?? ""),
    });

    /// <summary>They said that it was delivered, and now that it was not (a carrier took it back): a person looks, no money moves.</summary>
    private static Verdict Reversed(OrderCommand.Fail ask, Order order, Fulfilment part) => new(new OrderDecision.Done(order, IsReplay: true), new Effects
    {
        Case = new NewCase(order.Id, ask.Purchase, "reversed", part.UnitCost * part.Count, Money.Zero, ask.Detail),
    });

    private static (Order Order, Fulfilment Part)? Find(OrderId id, long purchase, BatchState state)
    {
        if (state.Order(id) is not { } order) return null;
        foreach (var part in order.Fulfilments)
            if (part.IsPurchase && part.FromSeq == purchase) return (order, part);
        return null;
    }

    private static Order With(Order order, Fulfilment was, Fulfilment now) =>
        order with { Fulfilments = [.. order.Fulfilments.Select(f => f.No == was.No ? now : f)], Version = order.Version + 1 };

    /// <summary>The value of the field <c>region</c>.</summary>
    private static string? Region(string? fields)
    {
        if (fields is null) return null;
        using var json = JsonDocument.Parse(fields);
        return json.RootElement.TryGetProperty("region", out var region) ? region.GetString() : null;
    }

    /// <summary>One decision about a purchase, put together.</summary>
    private sealed class Work(Order order, CommandIds ids, BatchState state, string actor)
    {
        private readonly List<Leg> _legs = [];
        private Order _order = order;
        private NewPurchase? _next;
        private Money _back;

        public List<NewEvent> Events { get; } = [];
        public NewCase? Case { get; set; }

        /// <summary>The units of a fulfilment that did not come are bought elsewhere, or their money goes back.</summary>
        /// <param name="isMerged">The supply refused it together with others: it may still have enough for this one.</param>
        public void Replace(Fulfilment missing, string fault, bool isBuyersFault, bool isMerged = false)
        {
            var subsidy = Subsidy(missing, _order.TopUnit);
            if (!isBuyersFault
                && ((isMerged ? Route(_order, missing.Count, ids.Second, state, missing.Supply) : null) ?? Route(_order, missing.Count, ids.Second, state)) is { } route
                && Subsidy(route.Part, _order.TopUnit) == subsidy)
            {
                _order = _order with { Fulfilments = [.. _order.Fulfilments, route.Part], HoldReason = ByHand(route.Purchase) };
                _next = route.Purchase;
                return;
            }

            _back = _order.UnitPrice * missing.Count;
            _order = _order with
            {
                Refunded = _order.Refunded + _back,
                RefundedUnits = _order.RefundedUnits + missing.Count,
                Failure = fault,
            };
            _legs.Add(new Leg(_order.EscrowAccount, _order.PayerAccount, _back, "refund", _order.Id));
            if (subsidy.IsPositive)
                _legs.Add(new Leg(_order.EscrowAccount, state.Account(AccountKinds.Promotion, _order.Promotion!.Value)!.Id, subsidy, "subsidy_back", _order.Id));
            Events.Add(new NewEvent(_order.Id, "refunded", "system", $"{missing.Count} × {_order.UnitPrice}: {fault}"));
        }

        public Verdict Done(PurchaseEnd end, Inventory.BoughtLot? cards)
        {
            var isRetail = _order.Source == OrderSource.Retail;
            if (!_order.Fulfilments.Any(f => f.IsPurchase && f.State == FulfilmentState.Held)) _order = Ended(_order);
            return new Verdict(new OrderDecision.Done(_order, RefundDue: isRetail ? _back : Money.Zero), new Effects
            {
                Order = _order,
                Legs = _legs,
                Posting = _back.IsPositive ? new NewPosting(ids.First, "refund", $"purchase:{end.Number}", end.Fault ?? "partial", actor) : null,
                ChannelRefund = isRetail && _back.IsPositive ? new NewChannelRefund(ids.Second, _order.Id, _back, end.Fault ?? "partial") : null,
                Purchase = _next,
                PurchaseEnd = end,
                Bought = cards,
                Case = Case,
                Events = Events,
            });
        }

        private Order Ended(Order order)
        {
            var ended = order with { HoldReason = null };
            if (order.Delivered == 0) return ended with { Status = OrderStatus.Refunded, Settlement = SettlementState.Reversed };
            var now = Delivering.NotBefore(order.PaidAt ?? order.CreatedAt, state.Now);
            long hold = 0;
            foreach (var part in order.Fulfilments)
                if (part.State == FulfilmentState.Delivered) hold = Math.Max(hold, part.HoldSeconds);
            Events.Add(new NewEvent(order.Id, "delivered", "system"));
            return ended with
            {
                Status = order.Delivered == order.Quantity ? OrderStatus.Delivered : OrderStatus.PartiallyDelivered,
                DeliveredAt = now,
                ReleaseAt = now + TimeSpan.FromSeconds(hold),
            };
        }
    }
}
