using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

/// <param name="Order">Null: what is paid is no order, and has the payment's number itself.</param>
/// <param name="Amount">A whole number of fen: channels move nothing smaller.</param>
/// <param name="ExpiresAt">The end of the reservation; channels are told not to take money later.</param>
/// <param name="Purpose">One of <see cref="PaymentPurposes"/>.</param>
/// <param name="Basket">The payment that pays it with others.</param>
public sealed record NewPayment(
    PaymentId Id, OrderId? Order, Money Amount, DateTimeOffset ExpiresAt, string Purpose = PaymentPurposes.Order, PaymentId? Basket = null);

/// <summary>What those who are paid for write about payments, in their own transaction. Calls nobody outside.</summary>
public static class PaymentBook
{
    /// <summary>Between channels and what is paid: whatever channel took the money, orders and top-ups are paid from here, and what goes back goes to here.</summary>
    public const string Clearing = "orders";

    /// <summary>Opens payments for what was reserved or asked for just now.</summary>
    public static Task OpenAsync(Session session, IReadOnlyList<NewPayment> payments, DateTimeOffset at) => session.InsertAsync(
        "payment", "id, purpose, order_id, amount, currency, state, created_at, expires_at, basket_id", payments, (p, w) =>
        {
            w.Number(p.Id.Value);
            w.Text(p.Purpose);
            w.Number(p.Order?.Value);
            w.Number(p.Amount.Units);
            w.Text(p.Amount.Currency.Code);
            w.Text("open");
            w.Number(at.ToMicros());
            w.Number(p.ExpiresAt.ToMicros());
            w.Number(p.Basket?.Value);
        });

    /// <summary>Records that the money of orders was taken for them; also after their payments were closed. Repeated it changes nothing.</summary>
    public static async Task MarkPaidAsync(Session session, IReadOnlyCollection<OrderId> orders, DateTimeOffset at)
    {
        if (orders.Count == 0) return;
        await session.ExecuteAsync(
            $"update payment set state = 'paid', paid_at = @at, told_at = null where {session.AnyOf("order_id", "@ids")} and state <> 'paid'",
            new { at, ids = session.List(orders.Select(o => o.Value)) });
    }

    /// <summary>The same for what is no order.</summary>
    public static Task MarkPaidAsync(Session session, PaymentId payment, DateTimeOffset at) => session.ExecuteAsync(
        "update payment set state = 'paid', paid_at = @at, told_at = null where id = @payment and state <> 'paid'", new { at, payment });

    /// <summary>The money came for an order that had lapsed and pays for another one instead.</summary>
    /// <remarks>The payment stays known under both: a repeated notice names the first, a refund the second.</remarks>
    public static Task MoveAsync(Session session, OrderId from, OrderId to) =>
        session.ExecuteAsync("update payment set moved_to = @to where order_id = @from and moved_to is null", new { from, to });

    /// <summary>Those of the orders (at most 500) whose money has come; of a moved payment both orders.</summary>
    public static async Task<HashSet<OrderId>> PaidAsync(Session session, IReadOnlyCollection<OrderId> orders)
    {
        if (orders.Count == 0) return [];
        var ids = orders.Select(o => o.Value).ToArray();
        var rows = await session.QueryAsync<Payment>(
            "select * from payment where state = 'paid' and (order_id in @ids or moved_to in @ids)", new { ids });
        return [.. rows.Select(r => r.OrderId!.Value), .. rows.Where(r => r.MovedTo is not null).Select(r => r.MovedTo!.Value)];
    }

    /// <summary>Asks for money of a paid order back. The channel is called after commit, until it has accepted.</summary>
    /// <param name="refundId">The channel knows the refund by it: the same id is the same refund, here and there.</param>
    /// <exception cref="InvalidOperationException">The order was not paid through a channel.</exception>
    public static async Task RequestRefundAsync(
        Session session, long refundId, OrderId order, Money amount, string reason, DateTimeOffset at)
    {
        var known = await session.ScalarAsync<long>("select count(*) from channel_refund where id = @refundId", new { refundId });
        if (known > 0) return;
        var payment = await FindAsync(session, order);
        var taken = payment?.BasketId is { } basket ? await FindAsync(session, basket) : payment;
        if (payment is not { State: PaymentState.Paid } || taken?.AttemptId is not { } attempt) throw new InvalidOperationException($"{order} was not paid through a channel.");
        await RequestAsync(session, refundId, payment.Id, attempt, amount, reason, at);
        // The check on the table (refunded <= amount) makes paying back more than was paid impossible (I7), of an order and of its basket.
        await session.ExecuteAsync("update payment set refunded = refunded + @amount where id = @Id or id = @basket", new { amount, payment.Id, basket = payment.BasketId });
    }

    /// <summary>Asks an attempt's money back.</summary>
    internal static async Task RequestAsync(Session session, long refundId, PaymentId payment, long attempt, Money amount, string reason, DateTimeOffset at)
    {
        await session.ExecuteAsync("update payment_attempt set refunded = refunded + @amount where id = @attempt", new { amount, attempt });
        await session.ExecuteAsync(
            """
            insert into channel_refund (id, payment_id, attempt_id, channel_id, amount, reason, state, due_at, created_at)
            select @refundId, @payment, @attempt, channel_id, @amount, @reason, 'pending', @at, @at from payment_attempt where id = @attempt
            """,
            new { refundId, payment, attempt, amount, reason, at });
    }

    /// <summary>The payments of the orders in a basket, in the order in which these were opened.</summary>
    public static Task<List<Payment>> OfBasketAsync(Session session, PaymentId basket) =>
        session.QueryAsync<Payment>("select * from payment where basket_id = @basket order by order_id", new { basket });

    /// <summary>The order that a payment <c>p</c> is about; of a basket its first.</summary>
    internal const string OrderOf = "coalesce(p.moved_to, p.order_id, (select min(coalesce(q.moved_to, q.order_id)) from payment q where q.basket_id = p.id))";

    public static Task<Payment?> FindAsync(Session session, PaymentId id) => session.FirstAsync<Payment>("select * from payment where id = @id", new { id });

    /// <summary>The payment of an order, whether it was opened for it or moved to it.</summary>
    public static Task<Payment?> FindAsync(Session session, OrderId order) =>
        session.FirstAsync<Payment>("select * from payment where order_id = @order or moved_to = @order", new { order });
}
