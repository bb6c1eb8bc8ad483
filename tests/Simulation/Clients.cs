using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Inventory;
using Lianka.Modules.Inventory.Store;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using Lianka.Platform.Data;
using Npgsql;

namespace Lianka.Tests.Simulation;

/// <summary>Merchants, buyers, a channel and an operator behind a network that loses, repeats and reorders.</summary>
internal sealed class Clients(Simulation world)
{
    private const int SentMax = 6;
    private const int SentMaxWhenCalm = 60;

    private readonly List<Request> _keyed = [];
    private int _key;

    public List<Request> Requests { get; } = [];

    /// <summary>The channel's own book: what buyers paid there.</summary>
    public Dictionary<OrderId, Money> PaidAtChannel { get; } = [];

    private Dice Dice => world.Dice;

    /// <summary>A supplier is told of a purchase: it delivers all or a part, or fails, or one after the other; news may come twice.</summary>
    public void Supply(NewPurchase purchase)
    {
        var (order, number) = (purchase.Order, purchase.Number);
        var delivered = Dice.OneIn(6) ? Dice.Between(1, (int)purchase.Count) : purchase.Count;
        var deliver = new OrderCommand.Deliver(order, number, delivered, $"u{number}", null,
            Dice.OneIn(8) ? purchase.UnitCost * purchase.Count * 2 : null, Dice.OneIn(3) ? Cards(purchase, delivered) : null, "upstream");
        var fail = new OrderCommand.Fail(order, number, "goods", "", Dice.OneIn(5), "upstream", Dice.OneIn(4));
        if (Dice.OneIn(10)) Later(new OrderCommand.Ask(order, number, "unknown"));
        if (Dice.OneIn(20)) Later(deliver with { Delivered = purchase.Count + 1 });
        if (Dice.OneIn(20)) Later(fail with { Purchase = number + 1 });
        // Told to be failed, and delivered all the same: the first news counts.
        if (Dice.OneIn(3)) Later(fail);
        Later(deliver);
        if (Dice.OneIn(5)) Later(deliver);
    }

    private void Later(OrderCommand news) =>
        world.Timeline.In(Dice.OneIn(4) ? Dice.Between(100_000, 2_000_000) : Dice.Between(1_000, 60_000), () => Ask(news, isKept: true));

    private BoughtLot Cards(NewPurchase purchase, long count) => new()
    {
        Id = new LotId(world.NextId()), Sku = purchase.Sku, Supply = purchase.Supply, Supplier = purchase.Supplier, Cards = new SealedCard[count],
    };

    /// <summary>A request that no client waits for.</summary>
    public Request Internal(OrderCommand command) => new(-1, command, isKept: false, isPoison: false) { IsHeard = true };

    /// <summary>One more client comes and wants something.</summary>
    public void Come()
    {
        var pick = Dice.Next(100);
        if (pick < 33) Place();
        else if (pick < 48) Reserve();
        else if (pick < 57) Attempt();
        else if (pick < 67 && _keyed.Count > 0) Repeat(Dice.Of(_keyed));
        else if (pick < 73) Ask(new OrderCommand.Cancel(AnyOrder(), AnyTenant(), "operator"));
        else if (pick < 76) Ask(new OrderCommand.Expire(AnyOrder()));
        else if (pick < 88) Refund();
        else if (pick < 95) Ask(new OrderCommand.Reveal(AnyOrder(), AnyTenant(), "key", "10.0.0.1"));
        else Forge();
    }

    public void TopUp() => WithWallet(wallet =>
    {
        Shop.Fund(world, AccountKinds.Wallet, wallet.PartyId, Dice.OneIn(4) ? Dice.Between(1, 3_000_000) : Dice.Between(1, 10_000));
    });

    /// <summary>A party takes its money out: a refund that comes later finds nothing, and a debt is left.</summary>
    public void PayOut()
    {
        var payable = world.Tables.Accounts.Values.Where(a => a.Balance.IsPositive
            && a.Kind is AccountKinds.Payable or AccountKinds.CommissionAvailable or AccountKinds.CommissionPending or AccountKinds.Deposit).ToList();
        if (payable.Count == 0) return;
        var account = Dice.Of(payable);
        WithLocked(account.Id, a => Shop.Move(world, "payout", a, world.Tables.Accounts[world.Tables.AccountOf(AccountKinds.Clearing("bank"), Parties.Platform)],
            Dice.OneIn(3) ? new Money(1 + (a.Balance.Units / 2)) : a.Balance));
    }

    public void ChangeCredit() => WithWallet(wallet =>
    {
        var changes = new Changes(world.Tables);
        changes.SetFloor(wallet.Id, -Dice.Between(0, 2) * 50 * Money.UnitsPerYuan, world.Draw().Next());
        changes.Apply();
    });

    public void Answered(Request request, OrderDecision decision)
    {
        request.Given.Add(decision);
        world.Tally.Answered(request.Command, decision);
        world.Trace?.Invoke($"#{request.No} {Words.Of(decision)}");
        if (request.IsHeard || Loses()) return;
        world.Timeline.In(Latency(), () => Hear(request, decision));
    }

    public void Failed(Request request, Exception fault)
    {
        world.Trace?.Invoke($"#{request.No} fails: {fault.Message}");
        request.Fault = fault;
        world.Tally.Failed(request.Command, fault);
        if (fault is EngineBusyException) request.Busy++;
        // A fault of the database is nobody's mistake. One of the rules is, unless the command was poisoned; so is a row that the
        // database does not take, however often the batch is run.
        var isExpected = fault is PostgresException p ? p.SqlState is not (PostgresErrorCodes.CheckViolation or PostgresErrorCodes.UniqueViolation)
            : fault is DbException or EngineBusyException || request.IsPoison
              // Without the lock that keeps engines apart, another may take what came back to stock even from one that has locked the lot.
              || (fault is StaleReadException && !world.HasEngineLock);
        if (!isExpected) world.Broken ??= new BrokenException("a fault", $"#{request.No} {request.Command}: {fault}");
    }

    private void Hear(Request request, OrderDecision decision)
    {
        if (request.IsHeard) return;
        request.IsHeard = true;
        if (decision is OrderDecision.Done { Order: { Source: OrderSource.Retail, Status: OrderStatus.Placed } order } && !Dice.OneIn(4))
            world.Timeline.In(Dice.OneIn(2) ? Dice.Between(1_000, 40_000) : Dice.Between(20_000, 900_000), () => PayAtChannel(order));
    }

    private void Place()
    {
        var (merchant, sku, quantity) = (Dice.Of(Shop.Merchants), Dice.Of(Shop.Skus), AnyQuantity());
        var total = quantity > 0 && world.Tables.Book.Terms(merchant, sku, quantity, NodeClock.Start) is { } terms ? terms.Unit * quantity : Shop.Yuan("50");
        var max = Dice.Next(8) switch { 0 => total - new Money(1), 1 => Shop.Yuan("9999"), _ => total };
        var isPoison = Dice.OneIn(40);
        if (isPoison) max = new Money(max.Units, new Currency("USD"));
        // A caller may choose any number, one that the engine might want for itself included.
        var key = Dice.OneIn(20) && world.Tables.Orders.Count > 0 ? $"again:{AnyOrder()}" : $"k{_key++}";
        Keyed(new OrderCommand.Place(OrderSource.Api, merchant, key, sku, quantity, max,
            Dice.OneIn(6) ? "{\"a\":\"1\"}" : null, null, "key", Dice.OneIn(5) ? "10.0.0.1" : null), isPoison);
    }

    private void Reserve()
    {
        var (merchant, sku) = (Dice.Of(Shop.Sellers), Dice.Of(Shop.Skus));
        var retail = world.Tables.Book.Retail(merchant, sku) ?? Shop.Yuan("49.50");
        if (Dice.OneIn(10)) retail += Shop.Yuan("0.01");
        var fee = Dice.OneIn(10) ? Shop.Yuan("20.00") : Shop.Yuan(Dice.OneIn(2) ? "0" : "0.31");
        var expires = NodeClock.Start.AddMicroseconds(world.Timeline.Micros + Dice.Between(20_000, 500_000));
        Keyed(new OrderCommand.Reserve(new StorefrontId(60), merchant, $"b{_key++}", sku, AnyQuantity(), retail, fee,
            Dice.OneIn(30) ? "unknown" : Shop.Channel, null, "a@example.com", [(byte)Dice.Next(3)], expires, "buyer"), isPoison: false);
    }

    /// <summary>A buyer's ticket for a flash sale: one order each, however often and with whatever content it is shown.</summary>
    private void Attempt()
    {
        var sale = Dice.Of([.. world.Tables.Sales.Values]);
        var claim = new SaleClaim(sale.Id, Dice.Next(8));
        var expires = NodeClock.Start.AddMicroseconds(world.Timeline.Micros + Dice.Between(20_000, 300_000));
        Ask(new OrderCommand.Reserve(sale.StorefrontId, sale.MerchantId, claim.ClientKey, sale.SkuId, AnyQuantity(),
            Dice.OneIn(12) ? Shop.Yuan("49.50") : sale.Price, Shop.Yuan("0.31"), Shop.Channel, null, "", [], expires, "ticket", claim));
    }

    /// <summary>The same number again: the same click twice, or with another content (F15, F16).</summary>
    private void Repeat(Request earlier)
    {
        var isSame = Dice.OneIn(2);
        Ask(isSame ? earlier.Command : earlier.Command switch
        {
            OrderCommand.Place c => c with { Quantity = c.Quantity + 1, MaxTotal = c.MaxTotal * 2 },
            OrderCommand.Reserve c => c with { Quantity = c.Quantity + 1 },
            _ => throw new InvalidOperationException("Only those who buy have a number."),
        }, isPoison: earlier.IsPoison);
    }

    private void Refund() => Ask(new OrderCommand.Refund(
        AnyOrder(), Dice.Next(5) switch { 0 => null, 1 => 0, 2 => 99, _ => Dice.Between(1, 3) }, Dice.OneIn(6) ? "late" : "damaged",
        $"r{Dice.Next(5)}", "operator"));

    /// <summary>A notice about money that never came: another amount, an order that no channel pays for, none at all.</summary>
    private void Forge()
    {
        var order = AnyOrder();
        var right = world.Tables.Orders.GetValueOrDefault(order) is { Source: OrderSource.Retail } retail ? retail.Total : Shop.Yuan("1.00");
        Ask(new OrderCommand.Pay(order, right + Shop.Yuan("0.01"), Shop.Channel, "channel:test"));
    }

    private void PayAtChannel(Order order)
    {
        world.Trace?.Invoke($"a buyer pays {order.Total} for {order.Id}");
        PaidAtChannel[order.Id] = order.Total;
        var pay = new OrderCommand.Pay(order.Id, order.Total, Shop.Channel, "channel:test");
        Ask(pay, isKept: true);
        // The same notice once more, much later (F23).
        if (Dice.OneIn(4)) world.Timeline.In(Dice.Between(100_000, 2_000_000), () => Ask(pay, isKept: true));
    }

    private void Keyed(OrderCommand command, bool isPoison) => _keyed.Add(Ask(command, isPoison: isPoison));

    private Request Ask(OrderCommand command, bool isKept = false, bool isPoison = false)
    {
        var request = new Request(Requests.Count, command, isKept, isPoison);
        Requests.Add(request);
        world.Trace?.Invoke($"#{request.No} is asked: {command}");
        Send(request);
        return request;
    }

    private void Send(Request request)
    {
        request.Sent++;
        for (var copies = world.IsFaulty && Dice.OneIn(15) ? Dice.Between(2, 4) : 1; copies > 0; copies--)
            if (!Loses()) world.Timeline.In(Latency(), () => Arrive(request));
        // Not heard in time: again, to whichever node answers, with more patience each time (F17).
        world.Timeline.In(Dice.Between(30_000, 120_000) * Math.Min(request.Sent, 10), () =>
        {
            if (request.IsHeard || request.Sent >= (request.IsKept || !world.IsFaulty ? SentMaxWhenCalm : SentMax)) return;
            if (!request.IsKept && Dice.OneIn(8)) return;
            Send(request);
        });
    }

    private void Arrive(Request request)
    {
        var node = world.Nodes[Dice.Next(world.Nodes.Count)];
        if (!node.IsDead) node.Accept(request);
    }

    private void WithWallet(Action<Account> act) => WithLocked(world.Tables.AccountOf(AccountKinds.Wallet, Dice.Between(1, 4)), act);

    private void WithLocked(AccountId id, Action<Account> act)
    {
        var tx = new Tx();
        if (world.Locks.TryTake(tx, RowKind.Account, id.Value)) act(world.Tables.Accounts[id]);
        world.Locks.Release(tx);
    }

    private long AnyQuantity() => Dice.Next(24) switch { 0 => 0, 1 => -1, 2 => 10_001, 3 => 4, _ => Dice.Between(1, 3) };

    private OrderId AnyOrder() => world.Tables.Versions.Count == 0 || Dice.OneIn(15)
        ? new OrderId(9)
        : world.Tables.History[Math.Max(0, world.Tables.History.Count - 1 - Dice.Next(12))].After.Id;

    private MerchantId? AnyTenant() => Dice.Next(4) == 0 ? Dice.Of(Shop.Merchants) : null;

    private bool Loses() => world.IsFaulty && Dice.OneIn(12);

    private int Latency() => Dice.OneIn(20) ? Dice.Between(10_000, 150_000) : Dice.Between(50, 4_000);
}
