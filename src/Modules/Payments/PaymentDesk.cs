using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

/// <summary>The front door of Payments outside the engine: sends buyers to the channel and tells how payments stand.</summary>
public sealed class PaymentDesk(Database database, IEnumerable<IPaymentChannel> channels)
{
    /// <summary>Opens the payment at its channel if that has not happened yet; answers it with its pay address.</summary>
    /// <param name="subject">What the buyer sees at the channel.</param>
    /// <param name="returnUrl">A path of this site where the buyer goes afterwards.</param>
    /// <returns>Null when the order has no payment.</returns>
    /// <exception cref="ChannelException">The channel does not answer; the same call may be made again.</exception>
    public async Task<Payment?> StartAsync(OrderId order, string subject, string returnUrl, CancellationToken cancel = default)
    {
        var payment = await FindAsync(order, cancel);
        if (payment is null || payment.PayUrl is not null || payment.State != PaymentState.Open) return payment;
        var trade = await Channel(payment.Channel).CreateAsync(
            new ChannelOrder(payment.Id, payment.Amount, subject, returnUrl, payment.ExpiresAt), cancel);
        return await database.WriteAsync(async s =>
        {
            await s.ExecuteAsync(
                "update payment set trade_no = coalesce(trade_no, @TradeNo), pay_url = @PayUrl where id = @Id and pay_url is null",
                new { trade.TradeNo, trade.PayUrl, payment.Id });
            return await PaymentBook.FindAsync(s, order);
        }, cancel);
    }

    public Task<Payment?> FindAsync(OrderId order, CancellationToken cancel = default) =>
        database.ReadAsync(s => PaymentBook.FindAsync(s, order), cancel);

    /// <summary>The refunds of an order, oldest first.</summary>
    public Task<List<Refund>> RefundsAsync(OrderId order, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.QueryAsync<Refund>(
            """
            select r.* from channel_refund r join payment p on p.id = r.payment_id
            where p.order_id = @order or p.moved_to = @order order by r.created_at, r.id
            """,
            new { order }), cancel);

    internal IPaymentChannel Channel(string name) =>
        channels.FirstOrDefault(c => c.Name == name) ?? throw new ChannelException($"No channel '{name}' is set up here.");
}
