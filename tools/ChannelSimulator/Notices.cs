using Lianka.ChannelSimulator.Protocols;

namespace Lianka.ChannelSimulator;

/// <summary>Tells merchants what happened, and lies when asked to.</summary>
internal sealed class Notices(Trades trades)
{
    private static readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
    // A timer may ring a little early, when the refund is not done yet.
    private static readonly TimeSpan _timerError = TimeSpan.FromMilliseconds(30);

    private readonly Dictionary<string, IProtocol> _protocols = [];

    public IReadOnlyCollection<IProtocol> Protocols => _protocols.Values;

    public void Add(IProtocol protocol) => _protocols[protocol.Name] = protocol;

    /// <summary>Tells of a payment as the behaviour says: late, never, several times, again when not thanked.</summary>
    public void Paid(Trade trade) => _ = PaidAsync(trade);

    public async Task PaidAsync(Trade trade)
    {
        var does = trades.Behaviour(trade.Protocol, trade.Merchant);
        if (!does.SendsNotices || trade.NotifyUrl.Length == 0 || trades.Chance("drop-notice", trade.OutNo, does.DropNoticeBps)) return;
        if (does.NoticeDelayMs > 0) await Task.Delay(does.NoticeDelayMs);
        await Task.WhenAll(Enumerable.Range(0, Math.Max(1, does.NoticeCopies)).Select(_ => RepeatAsync(trade, null, trade.NotifyUrl, does)));
    }

    public void Refunded(Trade trade, Refund refund) => _ = RefundedAsync(trade, refund);

    private async Task RefundedAsync(Trade trade, Refund refund)
    {
        var does = trades.Behaviour(trade.Protocol, trade.Merchant);
        if (!does.SendsNotices || trades.Chance("drop-notice", refund.OutNo, does.DropNoticeBps)) return;
        if (refund.DoneAt - Trades.Now is { Ticks: > 0 } wait) await Task.Delay(wait + _timerError);
        await RepeatAsync(trade, refund, refund.NotifyUrl.Length > 0 ? refund.NotifyUrl : trade.NotifyUrl, does);
    }

    private async Task RepeatAsync(Trade trade, Refund? refund, string url, Behaviour does)
    {
        for (var attempt = 0; attempt < does.NoticeAttempts; attempt++)
        {
            if (attempt > 0) await Task.Delay(does.NoticeRetryMs);
            if (await SendAsync(trade, refund, "", url) is null or (_, _, true)) return;
        }
    }

    /// <summary>Sends one notice that the trade is paid, whether it is or not.</summary>
    /// <param name="lie">Nothing, or <c>signature</c>, <c>merchant</c>, <c>amount</c>, <c>currency</c>, <c>time</c>.</param>
    /// <returns>What was answered; null: the protocol has no such notice.</returns>
    public async Task<(int Status, string Body, bool IsTaken)?> SendAsync(Trade trade, Refund? refund, string lie, string url)
    {
        var protocol = _protocols[trade.Protocol];
        var now = Trades.Now;
        using var request = protocol.Notice(new Telling(
            trade, refund,
            lie == "merchant" ? protocol.Identities.First(i => i.Merchant != trade.Merchant).Merchant : trade.Merchant,
            (refund?.Fen ?? trade.Fen) + (lie == "amount" ? 1 : 0),
            lie == "currency" ? (trade.Currency == "USD" ? "EUR" : "USD") : trade.Currency,
            trade.PaidAt ?? now,
            lie == "time" ? now.AddMinutes(-11) : now,
            url,
            lie == "signature"));
        if (request is null) return null;
        Interlocked.Increment(ref trade.NoticesSent);
        try
        {
            using var answer = await _client.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            var isTaken = protocol.IsThanks((int)answer.StatusCode, body);
            if (isTaken) Interlocked.Increment(ref trade.NoticesTaken);
            return ((int)answer.StatusCode, body, isTaken);
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            // Nobody there; tried again like an answer that is not thanks.
            return (0, "", false);
        }
    }

    /// <summary>Pays new trades by themselves where the behaviour says so.</summary>
    /// <returns>When a notice was to come before the create answer: after it was answered.</returns>
    public async Task OpenedAsync(Trade trade)
    {
        var does = trades.Behaviour(trade.Protocol, trade.Merchant);
        if (trades.Chance("notice-first", trade.OutNo, does.NoticeFirstBps))
        {
            if (Trades.Pay(trade)) await PaidAsync(trade);
        }
        else if (trades.Chance("auto-pay", trade.OutNo, does.AutoPayBps))
        {
            _ = LaterAsync();
        }

        async Task LaterAsync()
        {
            await Task.Delay(does.AutoPayMs);
            if (Trades.Pay(trade)) await PaidAsync(trade);
        }
    }
}
