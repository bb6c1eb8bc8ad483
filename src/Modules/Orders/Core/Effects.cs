using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments;

namespace Lianka.Modules.Orders.Core;

/// <summary>Everything one accepted command changes, as data. Nothing else changes state.</summary>
internal sealed record Effects
{
    /// <summary>The order after the command; new when <see cref="IsNew"/>.</summary>
    public Order? Order { get; init; }
    public bool IsNew { get; init; }

    public IReadOnlyList<Leg> Legs { get; init; } = [];
    public IReadOnlyList<Draw> Draws { get; init; } = [];

    /// <summary>Unseen cards of <see cref="Order"/> that go back to stock.</summary>
    public IReadOnlyList<Fulfilment> GivenBack { get; init; } = [];
    public IReadOnlyList<NewEvent> Events { get; init; } = [];

    /// <summary>The head of the posting, for movements that are not the order's own acceptance.</summary>
    public NewPosting? Posting { get; init; }
    public NewContact? Contact { get; init; }
    public NewReveal? Reveal { get; init; }

    public NewPayment? Payment { get; init; }

    /// <summary>The channel's money for this order has arrived; the payment row says so from now on.</summary>
    public OrderId? PaymentTaken { get; init; }

    /// <summary>The payment belongs to the order that bought again for the lapsed one.</summary>
    public OrderId? PaymentMovesTo { get; init; }
    public NewChannelRefund? ChannelRefund { get; init; }

    public NewPurchase? Purchase { get; init; }
    public PurchaseEnd? PurchaseEnd { get; init; }

    /// <summary>The cards that a purchase brought.</summary>
    public BoughtLot? Bought { get; init; }
    public NewCase? Case { get; init; }
}

internal sealed record NewEvent(OrderId Order, string Kind, string Actor, string? Data = null);

internal sealed record NewPosting(long Id, string Kind, string Key, string Reason, string Actor);

internal sealed record NewContact(OrderId Order, string Contact, byte[] Key);

internal sealed record NewSaleOrder(SaleClaim Claim, long No, OrderId Order);

internal sealed record NewReveal(long Id, OrderId Order, string Actor, string Address, DateTimeOffset At);

internal sealed record NewChannelRefund(long Id, OrderId Order, Money Amount, string Reason);

/// <summary>What a decision says: the answer, and what it changes when it accepts.</summary>
internal readonly record struct Verdict(OrderDecision Decision, Effects? Effects = null)
{
    public static Verdict No(Refusal why, string? detail = null) => new(new OrderDecision.Refused(why, detail));

    /// <summary>Nothing is done: the order stands as an earlier run of the same command left it.</summary>
    public static Verdict Again(Order order) => new(new OrderDecision.Done(order, IsReplay: true));
}

/// <summary>Ids for what a command makes, from the batch's numbers.</summary>
internal readonly record struct CommandIds(long First, long Second);
