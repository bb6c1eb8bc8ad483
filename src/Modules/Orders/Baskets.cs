using Lianka.Kernel;
using Lianka.Modules.Orders.Engine;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <param name="Orders">In the order in which they were asked for.</param>
public sealed record Basket(PaymentId Id, IReadOnlyList<Order> Orders);

/// <summary>What became of a basket.</summary>
public abstract record BasketDecision
{
    private BasketDecision() { }

    /// <summary>All its orders are reserved, and one payment waits for their sum.</summary>
    public sealed record Done(Basket Basket) : BasketDecision;

    /// <summary>One order was refused, so that none is reserved.</summary>
    /// <param name="Line">Which, from 0.</param>
    public sealed record Refused(int Line, OrderDecision.Refused Why) : BasketDecision;

    /// <summary>The same press came to nothing before, or to the end of all its orders: another one needs another key.</summary>
    public sealed record Over : BasketDecision;
}

/// <summary>Retail orders that are bought together: each an order of its own, for delivery and refund; all paid by one payment.</summary>
/// <remarks>
/// Each order has its own payment, which waits for the basket's: the money of that is taken once and then told to every order, which takes its own
/// part once. What an order cannot take (it was cancelled, or its stock is gone) goes back by itself. Held by: tests/Integration/Shop/BasketTests.cs.
/// </remarks>
public sealed class Baskets : IPaymentListener
{
    private readonly Database _database;
    private readonly OrderEngine _engine;
    private readonly OrderDesk _desk;
    private readonly IdSource _ids;
    private readonly TimeProvider _clock;

    internal Baskets(Database database, OrderEngine engine, OrderDesk desk, IdSource ids, TimeProvider clock) =>
        (_database, _engine, _desk, _ids, _clock) = (database, engine, desk, ids, clock);

    /// <summary>Reserves all orders or none, and opens the payment for their sum.</summary>
    /// <param name="key">One per press of the button: the same press is the same basket, also when it is made twice at once.</param>
    /// <param name="lines">Of one storefront, with one end; their keys and their basket are given here.</param>
    /// <exception cref="EngineBusyException">As of <see cref="OrderDesk.RunAsync"/>; the same press again goes on where this one stopped.</exception>
    public async Task<BasketDecision> ReserveAsync(string key, IReadOnlyList<OrderCommand.Reserve> lines, CancellationToken cancel = default)
    {
        var id = await BeginAsync(lines[0].Storefront, key, cancel);
        // In one batch of the engine, as far as it has room; all are asked for, whatever becomes of one.
        var decisions = await Task.WhenAll(lines.Select(async (line, no) => await _desk.RunAsync(line with
        {
            ClientKey = $"basket:{id.Value}:{no}", Basket = id, OthersOfSku = lines.Count(l => l.Sku == line.Sku) - 1,
        }, cancel)));
        var orders = decisions.OfType<OrderDecision.Done>().Select(d => d.Order).ToList();
        // Also where everything was reserved: another press of the same button may have ended it meanwhile.
        if (orders.Count == lines.Count && await OpenAsync(id, orders, cancel)) return DoneOrOver(id, orders);
        if (!await EndAsync(id, cancel)) return await FindAsync(id, cancel);
        // Whoever has hung up meanwhile does not leave stock behind.
        await CancelAsync(orders, CancellationToken.None);
        var refused = Array.FindIndex(decisions, d => d is OrderDecision.Refused);
        return refused < 0 ? new BasketDecision.Over() : new BasketDecision.Refused(refused, (OrderDecision.Refused)decisions[refused]);
    }

    // The way back from a finished basket: whoever presses there means another one.
    private static BasketDecision DoneOrOver(PaymentId id, List<Order> orders) =>
        orders.TrueForAll(o => o.IsFinal) ? new BasketDecision.Over() : new BasketDecision.Done(new Basket(id, orders));

    /// <summary>Ends orders that nobody has paid.</summary>
    /// <returns>False: money came first, for one at least.</returns>
    public async Task<bool> CancelAsync(IEnumerable<Order> orders, CancellationToken cancel = default) =>
        (await Task.WhenAll(orders.Select(async o => await _engine.RunAsync(new OrderCommand.Cancel(o.Id, o.Merchant, "buyer"), cancel)))).All(d => d is OrderDecision.Done);

    private async Task<PaymentId> BeginAsync(StorefrontId storefront, string key, CancellationToken cancel)
    {
        var (id, now) = (await _ids.NextAsync(), _clock.Now());
        return await _database.WriteAsync(async s =>
        {
            await s.ExecuteAsync(
                "insert into basket (id, storefront_id, key, created_at) values (@id, @storefront, @key, @now) on conflict (storefront_id, key) do nothing",
                new { id, storefront, key, now });
            return new PaymentId(await s.ScalarAsync<long>("select id from basket where storefront_id = @storefront and key = @key", new { storefront, key }));
        }, cancel);
    }

    /// <returns>False: it is over, or one of its orders is not waiting for money.</returns>
    private Task<bool> OpenAsync(PaymentId id, List<Order> orders, CancellationToken cancel) => _database.WriteAsync(async s =>
    {
        // Whoever ends the basket meets whoever opens it here: one of them is first.
        if (await s.ScalarAsync<string>($"select state from basket where id = @id{s.ForUpdate}", new { id }) != "open") return false;
        if (await PaymentBook.FindAsync(s, id) is not null) return true;
        if (orders.Exists(o => o.Status != OrderStatus.Placed)) return false;
        var sum = orders.Aggregate(Money.Zero, (total, order) => total + order.Total);
        await PaymentBook.OpenAsync(s, [new NewPayment(id, null, sum, orders.Min(o => o.ExpiresAt!.Value), PaymentPurposes.Basket)], _clock.Now());
        return true;
    }, cancel);

    /// <returns>False: its payment is open, by another press of the same button.</returns>
    private Task<bool> EndAsync(PaymentId id, CancellationToken cancel) => _database.WriteAsync(async s =>
    {
        await s.ScalarAsync<string>($"select state from basket where id = @id{s.ForUpdate}", new { id });
        if (await PaymentBook.FindAsync(s, id) is not null) return false;
        await s.ExecuteAsync("update basket set state = 'over' where id = @id", new { id });
        return true;
    }, cancel);

    private async Task<BasketDecision> FindAsync(PaymentId id, CancellationToken cancel)
    {
        var orders = new List<Order>();
        foreach (var payment in await _database.ReadAsync(s => PaymentBook.OfBasketAsync(s, id), cancel))
            if (await _desk.FindAsync(payment.OrderId!.Value) is { } order) orders.Add(order);
        return DoneOrOver(id, orders);
    }

    string IPaymentListener.Purpose => PaymentPurposes.Basket;

    /// <summary>A channel confirmed the money of all; told once or more, and each order takes its part once.</summary>
    /// <exception cref="InvalidOperationException">An order does not take its part; a person must look. The others have taken theirs.</exception>
    async Task IPaymentListener.PaidAsync(Payment payment, string channel, CancellationToken cancel)
    {
        var parts = await _database.ReadAsync(s => PaymentBook.OfBasketAsync(s, payment.Id), cancel);
        var decisions = await Task.WhenAll(parts.Select(async p => await _desk.RunAsync(new OrderCommand.Pay(p.OrderId!.Value, p.Amount, channel, $"channel:{channel}"), cancel)));
        var refused = Array.FindIndex(decisions, d => d is OrderDecision.Refused);
        if (refused >= 0) throw new InvalidOperationException($"The payment of {parts[refused].OrderId} in basket {payment.Id} was refused: {((OrderDecision.Refused)decisions[refused]).Why}.");
        var at = _clock.Now();
        await _database.WriteAsync(s => PaymentBook.MarkPaidAsync(s, payment.Id, at), cancel);
    }
}
