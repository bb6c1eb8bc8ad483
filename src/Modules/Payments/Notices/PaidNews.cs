namespace Lianka.Modules.Payments.Notices;

/// <summary>Tells the listeners above that money has come. Told as often as needed; they take it once.</summary>
internal sealed class PaidNews(IEnumerable<IPaymentListener> listeners)
{
    public async Task TellAsync(Payment payment, string tradeNo, CancellationToken cancel)
    {
        foreach (var listener in listeners)
            await listener.PaidAsync(payment.OrderId, payment.Amount, payment.Channel, tradeNo, cancel);
    }
}
