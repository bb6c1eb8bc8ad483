using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;
using Lianka.Modules.Orders.Find;
using Lianka.Modules.Orders.Purchases;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>The engine's queue is full, or its database is away: nothing was done, and the caller may come again shortly.</summary>
public sealed class EngineBusyException() : Exception("The order engine takes nothing in at the moment.")
{
    /// <summary>When to come again; for the Retry-After header.</summary>
    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);
}

/// <summary>What a list of orders is narrowed to. All given conditions hold together.</summary>
/// <param name="Before">Orders before this one (newest first); the cursor.</param>
/// <param name="Text">A whole order number, or a caller's own number.</param>
/// <param name="ContactKey">With a text: also the orders of this contact (keyed hash, <see cref="OrderDesk.ContactScope"/>).</param>
public sealed record OrderFilter(
    MerchantId? Merchant = null, OrderStatus? Status = null, SkuId? Sku = null, OrderSource? Source = null,
    StorefrontId? Storefront = null, long? Buyer = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    string? Text = null, OrderId? Before = null, int Limit = 50, byte[]? ContactKey = null);

/// <param name="Next">Where the next page begins; null on the last. A page with a next one may be short, or empty: a page looks at
/// a limited number of orders only.</param>
public sealed record OrderPage(IReadOnlyList<Order> Orders, OrderId? Next);

public sealed record TimelineEvent(string Kind, string Actor, DateTimeOffset At, string? Data);

/// <param name="Waiting">Escrowed still: sold, not yet released.</param>
public sealed record SupplierSales(SkuId Sku, long Units, Money Released, Money Waiting);

/// <summary>A card whose secret was opened for its owner.</summary>
public sealed record OrderCard(string? Number, string Secret, string Kind, DateTimeOffset? ExpiresAt);

/// <summary>The front door of Orders: commands to the engine, and what may be asked about orders.</summary>
public sealed class OrderDesk : IPaymentListener
{
    /// <summary>The vault's scope for the keyed hash of a contact, the same for everybody who opens or looks up retail orders.</summary>
    public const string ContactScope = "order contact";

    private readonly Database _database;
    private readonly OrderEngine _engine;
    private readonly Admission _admission;
    private readonly Inventory.Inventory _inventory;
    private readonly TimeProvider _clock;

    private static readonly TimeSpan _waitStep = TimeSpan.FromMilliseconds(150);
    private static readonly Dictionary<int, string> _noReceipts = [];

    internal OrderDesk(Database database, OrderEngine engine, Admission admission, Inventory.Inventory inventory, TimeProvider clock) =>
        (_database, _engine, _admission, _inventory, _clock) = (database, engine, admission, inventory, clock);

    /// <summary>How many commands wait for the engine, out of <see cref="QueueMax"/>.</summary>
    public int QueueLength => _engine.QueueLength;
    public static int QueueMax => OrderEngine.QueueMax;

    /// <summary>After what time one who was turned away may come again; for the Retry-After header.</summary>
    public static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(1);

    /// <summary>How long a command that comes now must expect to wait, judged by the batches that ran last. Costs nothing to ask.</summary>
    public TimeSpan ExpectedWait => _engine.Queue.Wait;

    /// <summary>Whether an order that comes now is to be taken in; if not, its caller is told to come again. Costs nothing to ask.</summary>
    public bool Takes() => _admission.Takes(_engine.Queue);

    /// <summary>Runs one command in the engine's next batch. When this returns, the outcome is durable.</summary>
    /// <param name="cancel">The caller has gone: a purchase that is not begun yet is not begun any more; anything else goes on.</param>
    /// <exception cref="EngineBusyException">The queue is full, the database is away, the turn did not come in time, or the node is stopping; nothing was done.</exception>
    /// <exception cref="CommitUnknownException">The database went away during the commit; the same command again, by its key, tells.</exception>
    public Task<OrderDecision> RunAsync(OrderCommand command, CancellationToken cancel = default)
    {
        _admission.Note(_engine.Queue);
        return _engine.RunAsync(command, cancel);
    }

    /// <summary>Waits until no further goods will come, or as long as the caller has patience.</summary>
    /// <returns>The order as it stands then.</returns>
    public async Task<Order> WaitAsync(Order order, TimeSpan most, CancellationToken cancel = default)
    {
        // What people do takes longer than any caller waits.
        for (var end = _clock.GetUtcNow() + most; !order.IsFinal && order.HoldReason is null && _clock.GetUtcNow() < end;)
        {
            await Task.Delay(_waitStep, _clock, cancel);
            // The version alone tells whether there is anything new to read.
            if (await _database.ReadAsync(s => s.ScalarAsync<long>("select version from orders where id = @Id", new { order.Id }), cancel) == order.Version) continue;
            order = await FindAsync(order.Id) ?? order;
        }

        return order;
    }

    /// <summary>What suppliers said to the buyer about an order, by the number of the fulfilment.</summary>
    public async Task<IReadOnlyDictionary<int, string>> ReceiptsAsync(Order order)
    {
        if (!order.Fulfilments.Any(f => f is { IsPurchase: true, State: FulfilmentState.Delivered })) return _noReceipts;
        var purchases = await PurchasesAsync(order.Id);
        return purchases.Where(p => !string.IsNullOrEmpty(p.Receipt)).DistinctBy(p => p.No).ToDictionary(p => (int)p.No, p => p.Receipt!);
    }

    /// <summary>What was bought from suppliers for an order, oldest first.</summary>
    public Task<List<Purchase>> PurchasesAsync(OrderId order) => _database.ReadAsync(s => PurchaseStore.OfOrderAsync(s, order));

    string IPaymentListener.Purpose => PaymentPurposes.Order;

    /// <summary>A channel confirmed money; told once or more.</summary>
    /// <exception cref="InvalidOperationException">The order does not take this payment; a person must look.</exception>
    async Task IPaymentListener.PaidAsync(Payment payment, string channel, CancellationToken cancel)
    {
        if (await RunAsync(new OrderCommand.Pay(payment.OrderId!.Value, payment.Amount, channel, $"channel:{channel}"), cancel) is OrderDecision.Refused refused)
            throw new InvalidOperationException($"The payment of {payment.OrderId} was refused: {refused.Why} {refused.Detail}.");
    }

    /// <param name="tenant">When given, another merchant's order is as if it did not exist.</param>
    public Task<Order?> FindAsync(OrderId id, MerchantId? tenant = null) =>
        _database.ReadAsync(s => OrderQueries.FindAsync(s, id, tenant));

    /// <summary>The order as it stands, in the caller's transaction: the engine changes it only after that has ended.</summary>
    public static Task<Order?> LockAsync(Session session, OrderId id) => OrderQueries.LockAsync(session, id);

    public Task<Order?> FindByKeyAsync(MerchantId merchant, string clientKey) =>
        _database.ReadAsync(s => OrderQueries.FindByKeyAsync(s, merchant, clientKey));

    /// <summary>The orders that hold or got these cards; cards without one are left out.</summary>
    /// <param name="tenant">When given, orders of other merchants are as if they did not exist.</param>
    public Task<List<(CardPlace Card, Order Order)>> OfCardsAsync(IEnumerable<CardPlace> cards, MerchantId? tenant = null) => _database.ReadAsync(async s =>
    {
        var found = new List<(CardPlace, Order)>();
        foreach (var card in cards)
            if (await CardOrders.FindAsync(s, card.LotId, card.Seq) is { } id && await OrderQueries.FindAsync(s, id, tenant) is { } order) found.Add((card, order));
        return found;
    });

    /// <summary>A retail order by its number and the buyer's contact (keyed hash); null when either is wrong.</summary>
    public Task<Order?> FindByContactAsync(OrderId id, byte[] contactKey) =>
        _database.ReadAsync(s => OrderQueries.FindByContactAsync(s, id, contactKey));

    public Task<OrderPage> ListAsync(OrderFilter filter) => _database.ReadAsync(s => OrderList.ReadAsync(s, filter));

    /// <summary>What happened to an order, oldest first; the release comes from its settlement.</summary>
    public Task<IReadOnlyList<TimelineEvent>> TimelineAsync(OrderId id) => _database.ReadAsync(s => OrderQueries.TimelineAsync(s, id));

    /// <summary>Opens the cards of an order that was revealed (run <see cref="OrderCommand.Reveal"/> first).</summary>
    /// <exception cref="InvalidOperationException">The order was not revealed: who sees a card is always logged before.</exception>
    public Task<IReadOnlyList<OrderCard>> CardsAsync(Order order)
    {
        if (order.RevealedAt is null) throw new InvalidOperationException($"{order.Id} was not revealed.");
        return _database.ReadAsync<IReadOnlyList<OrderCard>>(async s =>
        {
            var cards = new List<OrderCard>((int)order.Quantity);
            foreach (var part in order.Fulfilments)
            {
                if (part.IsPurchase || part.State is not (FulfilmentState.Delivered or FulfilmentState.Void)) continue;
                foreach (var card in await _inventory.OpenCardsAsync(s, part.Lot, part.FromSeq, part.Count))
                    cards.Add(new OrderCard(card.Number, card.Secret, card.Kind, card.ExpiresAt));
            }

            return cards;
        });
    }

    /// <summary>The frozen split of an order as it stands: who gets how much when it is released.</summary>
    public static IReadOnlyList<SplitShare> SharesOf(Order order) =>
        order.Settlement is SettlementState.Escrowed or SettlementState.Released ? OrderShares.Of(order).Shares : [];

    /// <summary>What a refund of so many units takes back from each party, said before it is asked for.</summary>
    public static IReadOnlyList<SplitShare> SharesTaken(Order order, long units) => OrderShares.Difference(
        OrderShares.Of(order).Shares,
        OrderShares.Of(order with { Fulfilments = RefundOrder.Take(order, units).All, RefundedUnits = order.RefundedUnits + units }).Shares);

    public Task<IReadOnlyList<SupplierSales>> SalesAsync(SupplierId supplier) =>
        _database.ReadAsync(s => SalesQueries.OfSupplierAsync(s, supplier));
}
