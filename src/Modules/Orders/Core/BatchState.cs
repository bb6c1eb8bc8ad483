using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments;
using Lianka.Modules.Risk;

namespace Lianka.Modules.Orders.Core;

/// <summary>A refund that was posted before under the same key.</summary>
internal sealed record EarlierRefund(string? Reason, Money Amount);

/// <summary>What the store loaded for one batch.</summary>
internal sealed record Loaded
{
    /// <summary>The batch's number among all that ran on the database.</summary>
    public long Batch { get; init; }
    public required PriceBook Prices { get; init; }
    public required Stock Stock { get; init; }
    public required LedgerNumbers Numbers { get; init; }
    public IReadOnlyCollection<Order> Orders { get; init; } = [];
    public IReadOnlyCollection<Account> Accounts { get; init; } = [];
    public IReadOnlyCollection<OrderId> PaymentsTaken { get; init; } = [];
    public IReadOnlyDictionary<string, EarlierRefund> Refunds { get; init; } = new Dictionary<string, EarlierRefund>();
    public IReadOnlyDictionary<OrderId, NewContact> Contacts { get; init; } = new Dictionary<OrderId, NewContact>();

    /// <summary>Unpaid retail orders: units per SKU, and orders per contact and SKU.</summary>
    public IReadOnlyDictionary<SkuId, long> HeldUnits { get; init; } = new Dictionary<SkuId, long>();
    public IReadOnlyDictionary<(string Contact, SkuId Sku), long> OpenOrders { get; init; } = new Dictionary<(string, SkuId), long>();

    /// <summary>The flash sales that the batch asks for, and those of its orders.</summary>
    public IReadOnlyCollection<FlashSale> Sales { get; init; } = [];

    /// <summary>Units bought today of the supplies that have a daily cap.</summary>
    public IReadOnlyDictionary<SupplyId, long> BoughtToday { get; init; } = new Dictionary<SupplyId, long>();
}

/// <summary>The world as one batch sees it: loaded once, read by decisions, changed only by <see cref="Apply"/>.</summary>
/// <remarks>Each command sees the effect of the ones before it, because Apply ran. Not thread-safe; lives for one batch.</remarks>
internal sealed class BatchState
{
    private readonly Stock _stock;
    private readonly LedgerNumbers _numbers;
    private readonly Dictionary<OrderId, Order> _orders = [];
    private readonly Dictionary<(MerchantId, string), OrderId> _keys = [];
    private readonly Dictionary<(string Kind, long Party), Account> _accounts = [];
    private readonly Dictionary<AccountId, (string Kind, long Party)> _accountKeys = [];
    private readonly HashSet<OrderId> _paymentsTaken;
    private readonly Dictionary<string, EarlierRefund> _refunds;
    private readonly IReadOnlyDictionary<OrderId, NewContact> _contacts;
    private readonly Dictionary<SkuId, long> _held;
    private readonly Dictionary<(string, SkuId), long> _open;
    private readonly Dictionary<SaleId, FlashSale> _sales;
    private readonly Dictionary<SupplyId, long> _boughtToday;

    public BatchState(Loaded loaded, DateTimeOffset now, IOrderRisk risk, ISupplyRouter router)
    {
        (Prices, Now, Risk, Router, _stock, _numbers, _contacts) = (loaded.Prices, now, risk, router, loaded.Stock, loaded.Numbers, loaded.Contacts);
        foreach (var order in loaded.Orders) Put(order);
        foreach (var account in loaded.Accounts) Put(account);
        _paymentsTaken = [.. loaded.PaymentsTaken];
        _refunds = new(loaded.Refunds);
        _held = new(loaded.HeldUnits);
        _open = new(loaded.OpenOrders);
        _sales = loaded.Sales.ToDictionary(s => s.Id);
        _boughtToday = new(loaded.BoughtToday);
    }

    public PriceBook Prices { get; }
    public DateTimeOffset Now { get; }
    public IOrderRisk Risk { get; }
    public ISupplyRouter Router { get; }

    /// <summary>What the batch wrote so far, for the store to save.</summary>
    public BatchWrites Writes { get; } = new();

    /// <summary>Commands that were refused, in case the store took something about them for granted.</summary>
    public List<OrderCommand> Refused { get; } = [];

    /// <summary>For one command, before it is decided: an order has the number of its own transfer, which comes before all later ones.</summary>
    public CommandIds NextIds() => new(_numbers.Next(), _numbers.Next());

    public Order? Order(OrderId id) => _orders.GetValueOrDefault(id);
    public Order? OrderByKey(MerchantId merchant, string key) =>
        _keys.TryGetValue((merchant, key), out var id) ? _orders[id] : null;
    public Account? Account(string kind, long party) => _accounts.GetValueOrDefault((kind, party));
    public bool IsPaymentTaken(OrderId order) => _paymentsTaken.Contains(order);
    public EarlierRefund? EarlierRefund(string key) => _refunds.GetValueOrDefault(key);
    public NewContact? Contact(OrderId order) => _contacts.GetValueOrDefault(order);
    public FlashSale? Sale(SaleId id) => _sales.GetValueOrDefault(id);
    public long HeldUnits(SkuId sku) => _held.GetValueOrDefault(sku);
    public long OpenOrders(byte[] contactKey, SkuId sku) => _open.GetValueOrDefault((Convert.ToHexString(contactKey), sku));

    public long FreeUnits(SkuId sku)
    {
        long sum = 0;
        foreach (var lot in _stock.Lots(sku)) sum += lot.Left;
        return sum;
    }

    /// <summary>How many units may still be bought from a supply today.</summary>
    public long LeftToday(SupplyEntry supply) => supply.DailyCap is { } cap ? cap - _boughtToday.GetValueOrDefault(supply.Id) : long.MaxValue;

    /// <summary>Which cards the order would get, from supplies that the loss guard allows; null when stock is short.</summary>
    public IReadOnlyList<Draw>? Plan(SkuId sku, long quantity, Money topUnit, long? promotion) =>
        Drawing.Plan(_stock.Lots(sku), quantity,
            id => Prices.Supply(id) is { } supply && LossGuard.Allows(supply, topUnit, promotion) ? supply.Rank : null);

    public void Apply(Effects effects)
    {
        if (effects.Order is { } order)
        {
            CountReservation(order, effects);
            CountSale(order, effects.IsNew);
            Put(order);
            Writes.Put(order, effects.IsNew);
            _stock.Take(order.Sku, effects.Draws);
            foreach (var back in effects.GivenBack) _stock.GiveBack(order.Sku, back.Lot, new CardRange(back.FromSeq, back.Count));
        }

        foreach (var leg in effects.Legs) Move(leg, effects);
        if (effects.PaymentTaken is { } paid) _paymentsTaken.Add(paid);
        if (effects.Purchase is { } purchase) _boughtToday[purchase.Supply] = _boughtToday.GetValueOrDefault(purchase.Supply) + purchase.Count;
        if (effects.Posting is { Kind: "refund" } posting) _refunds[posting.Key] = new EarlierRefund(posting.Reason, effects.Legs[0].Amount);
        Writes.Add(effects);
    }

    private void CountReservation(Order order, Effects effects)
    {
        var wasPlaced = _orders.TryGetValue(order.Id, out var before) && before.Status == OrderStatus.Placed;
        var isPlaced = order.Status == OrderStatus.Placed;
        // What a flash sale holds is limited by its own units.
        if (wasPlaced == isPlaced || order.Sale is not null) return;
        _held[order.Sku] = HeldUnits(order.Sku) + (isPlaced ? order.Quantity : -order.Quantity);
        // Only the opening knows the contact; an end in the same batch leaves the count one too high, on the safe side.
        if (isPlaced && effects.Contact is { } contact)
        {
            var key = (Convert.ToHexString(contact.Key), order.Sku);
            _open[key] = _open.GetValueOrDefault(key) + 1;
        }
    }

    private void CountSale(Order order, bool isNew)
    {
        if (order.Sale is not { } claim) return;
        var before = isNew ? null : Order(order.Id);
        var sale = _sales[claim.Sale];
        var changed = sale with
        {
            Taken = sale.Taken + FlashSale.TakenBy(order) - FlashSale.TakenBy(before),
            Sold = sale.Sold + FlashSale.SoldTo(order) - FlashSale.SoldTo(before),
            Lapsed = sale.Lapsed + (before is null ? 0 : FlashSale.TakenBy(before) - FlashSale.TakenBy(order)),
            Opened = sale.Opened + (isNew ? 1 : 0),
        };
        if (changed == sale) return;
        _sales[sale.Id] = changed;
        Writes.Sales[sale.Id] = changed;
        if (isNew) Writes.SaleOrders.Add(new NewSaleOrder(claim, changed.Opened, order.Id));
    }

    private void Move(Leg leg, Effects effects)
    {
        var debit = Change(leg.Debit, -leg.Amount);
        var credit = Change(leg.Credit, leg.Amount);
        if (effects is { IsNew: true, Order.PayerAfter: { } left } && leg.Kind == "order")
        {
            // The order's own row tells of it.
            if (debit != left) throw new InvalidOperationException($"The payer has {debit} left, and the order says {left}.");
            return;
        }

        var posting = new PostingId(effects.Posting?.Id ?? leg.Order!.Value.Value);
        Writes.Transfers.Add((_numbers.Next(), new TransferRow(posting, leg.Kind, leg.Debit, leg.Credit, leg.Amount, debit, credit, leg.Order, Now)));
    }

    /// <returns>The running balance of a limited account; null for a folded one, which nobody updates here.</returns>
    private Money? Change(AccountId id, Money by)
    {
        var account = _accounts[_accountKeys[id]];
        if (!account.IsLimited) return null;
        var changed = account with { Balance = account.Balance + by };
        // Decisions check limits beforehand; this is the assertion that stays on.
        if (by.IsNegative && changed.Available is { IsNegative: true })
            throw new InvalidOperationException($"A {account.Kind} account would break its limit.");
        Put(changed);
        Writes.Balances[id] = changed.Balance;
        return changed.Balance;
    }

    private void Put(Order order)
    {
        _orders[order.Id] = order;
        if (order.ClientKey is { } key) _keys[(order.Merchant, key)] = order.Id;
    }

    private void Put(Account account)
    {
        _accounts[(account.Kind, account.PartyId)] = account;
        _accountKeys[account.Id] = (account.Kind, account.PartyId);
    }

    /// <summary>The stock as changed by the batch, for saving.</summary>
    public Stock Stock => _stock;
}

/// <summary>Everything a batch will write, gathered in memory.</summary>
internal sealed class BatchWrites
{
    private readonly Dictionary<OrderId, (Order Order, bool IsNew)> _orders = [];

    public List<(long Number, TransferRow Row)> Transfers { get; } = [];
    public Dictionary<AccountId, Money> Balances { get; } = [];
    public List<NewEvent> Events { get; } = [];
    public List<NewPosting> Postings { get; } = [];
    public List<NewContact> Contacts { get; } = [];
    public List<NewPayment> Payments { get; } = [];
    public List<NewReveal> Reveals { get; } = [];
    public List<NewChannelRefund> ChannelRefunds { get; } = [];
    public List<OrderId> PaymentsTaken { get; } = [];
    public List<(OrderId From, OrderId To)> PaymentMoves { get; } = [];
    public Dictionary<SaleId, FlashSale> Sales { get; } = [];
    public List<NewSaleOrder> SaleOrders { get; } = [];
    public List<NewPurchase> Purchases { get; } = [];
    public List<PurchaseEnd> PurchaseEnds { get; } = [];
    public List<BoughtLot> Bought { get; } = [];
    public List<NewCase> Cases { get; } = [];

    public List<Order> NewOrders => [.. _orders.Values.Where(o => o.IsNew).Select(o => o.Order)];
    public List<Order> ChangedOrders => [.. _orders.Values.Where(o => !o.IsNew).Select(o => o.Order)];
    public bool IsEmpty => _orders.Count == 0 && Transfers.Count == 0 && Reveals.Count == 0 && Cases.Count == 0;

    /// <summary>An order that is new in this batch stays an insert, whatever happens to it afterwards.</summary>
    public void Put(Order order, bool isNew) =>
        _orders[order.Id] = (order, isNew || (_orders.TryGetValue(order.Id, out var earlier) && earlier.IsNew));

    public void Add(Effects effects)
    {
        Events.AddRange(effects.Events);
        if (effects.Posting is { } posting) Postings.Add(posting);
        if (effects.Contact is { } contact) Contacts.Add(contact);
        if (effects.Payment is { } payment) Payments.Add(payment);
        if (effects.Reveal is { } reveal) Reveals.Add(reveal);
        if (effects.ChannelRefund is { } refund) ChannelRefunds.Add(refund);
        if (effects.Purchase is { } purchase) Purchases.Add(purchase);
        if (effects.PurchaseEnd is { } end) PurchaseEnds.Add(end);
        if (effects.Bought is { } bought) Bought.Add(bought);
        if (effects.Case is { } question) Cases.Add(question);
        if (effects.PaymentTaken is { } paid) PaymentsTaken.Add(paid);
        if (effects is { PaymentTaken: { } from, PaymentMovesTo: { } to }) PaymentMoves.Add((from, to));
    }
}
