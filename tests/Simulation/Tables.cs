using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;

namespace Lianka.Tests.Simulation;

internal sealed record LotRow(
    LotId Id, SkuId Sku, SupplyId Supply, SupplierId Supplier, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, long Next, long Total);

internal sealed record PaymentRow(PaymentId Id, OrderId Order, Money Amount, bool IsPaid, Money Refunded, OrderId? MovedTo);

internal sealed record ChannelRefundRow(OrderId PaymentOf, Money Amount);

internal sealed record SettlementRow(long Id, DateTimeOffset At, long Orders, Money Total);

internal sealed record LineRow(long Settlement, SettlementLine Line);

/// <summary>An order as it was released, for recounting its split.</summary>
internal sealed record ReleasedOrder(long Settlement, Order Order);

internal sealed record WaitRow(long Settlement, MerchantId Merchant, Money Amount, DateTimeOffset DueAt);

/// <summary>A change of an order's row, as it was committed.</summary>
internal sealed record StateChange(Order? Before, Order After);

internal sealed record FloorChange(AccountId Account, long AfterTransfer, long OldFloor);

/// <summary>What is committed: the tables of the platform as far as orders go. Written by <see cref="Changes.Apply"/> alone.</summary>
internal sealed class Tables(PriceBook book)
{
    public PriceBook Book { get; set; } = book;
    public Dictionary<OrderId, Order> Orders { get; } = [];
    public Dictionary<(MerchantId Merchant, string Key), OrderId> Keys { get; } = [];

    /// <summary>The unique index on live fulfilments: where a bound range begins, and whose it is.</summary>
    public Dictionary<(LotId Lot, long FromSeq), OrderId> Ranges { get; } = [];
    public Dictionary<LotId, LotRow> Lots { get; } = [];
    public Dictionary<(LotId Lot, long FromSeq), long> Returns { get; } = [];
    public Dictionary<AccountId, Account> Accounts { get; } = [];
    public Dictionary<AccountName, AccountId> AccountIds { get; } = [];

    /// <summary>By their numbers.</summary>
    public SortedDictionary<long, TransferRow> Transfers { get; } = [];

    /// <summary>The highest number that moved an account.</summary>
    public Dictionary<AccountId, long> MovedBy { get; } = [];
    public Dictionary<long, NewPosting> Postings { get; } = [];
    public Dictionary<string, long> PostingKeys { get; } = [];
    public Dictionary<OrderId, PaymentRow> Payments { get; } = [];
    public Dictionary<OrderId, OrderId> MovedTo { get; } = [];
    public Dictionary<long, ChannelRefundRow> ChannelRefunds { get; } = [];
    public Dictionary<SaleId, FlashSale> Sales { get; } = [];
    public Dictionary<OrderId, NewSaleOrder> SaleOrders { get; } = [];
    public Dictionary<OrderId, NewContact> Contacts { get; } = [];
    public List<NewEvent> Events { get; } = [];
    public Dictionary<long, NewReveal> Reveals { get; } = [];
    public Dictionary<long, SettlementRow> Settlements { get; } = [];
    public List<LineRow> Lines { get; } = [];
    public List<ReleasedOrder> Released { get; } = [];
    public List<WaitRow> Waiting { get; } = [];
    public Dictionary<long, NewPurchase> Purchases { get; } = [];
    public Dictionary<long, PurchaseState> PurchaseEnds { get; } = [];
    public HashSet<(long Purchase, string Kind)> Cases { get; } = [];

    /// <summary>Told of each purchase that was committed: the worker calls the supplier.</summary>
    public Action<NewPurchase>? Bought { get; set; }

    /// <summary>Not tables, but what an all-seeing witness of every commit wrote down.</summary>
    public List<StateChange> History { get; } = [];
    public Dictionary<(OrderId Order, long Version), Order> Versions { get; } = [];
    public List<FloorChange> FloorChanges { get; } = [];

    public AccountId AccountOf(string kind, long party) => AccountIds[new AccountName(kind, party)];

    public PaymentRow? PaymentOf(OrderId order) =>
        Payments.GetValueOrDefault(order) ?? (MovedTo.TryGetValue(order, out var first) ? Payments[first] : null);
}
