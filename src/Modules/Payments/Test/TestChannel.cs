using System.Globalization;
using System.Net.Http.Headers;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Test;

/// <summary>The channel without real money: signed JSON over HTTP to a gateway, which Lianka brings along (Simulator).</summary>
internal sealed class TestChannel(IHttpClientFactory http, TestChannelKey keys, OwnAddress own, ChannelTerms terms, TimeProvider clock) : IChannel
{
    public const string ClientName = "test-channel";

    public async Task<PayCode> CreateAsync(ChannelOrder order, CancellationToken cancel)
    {
        var answer = await AskAsync("create", new TestQuestion
        {
            Merchant = TestWire.Merchant,
            OutNo = order.OutNo,
            Amount = TestWire.Text(order.Amount),
            Currency = order.Amount.Currency.Code,
            Subject = order.Subject,
            NotifyUrl = terms.NotifyUrl,
            // Which host the buyer sees is known to the buyer's browser only.
            ReturnUrl = new Uri(order.ReturnUrl).PathAndQuery,
            ExpiresAt = order.ExpiresAt,
        }, cancel);
        return answer is { Code: "ok", PayUrl: { } url }
            ? new PayCode(PayShape.Redirect, url, TradeNo: answer.TradeNo)
            : throw new ChannelRefusedException(answer.Code, $"The gateway refused to open the trade: {answer.Code}.");
    }

    public async Task<ChannelTrade> QueryAsync(TradeRef trade, CancellationToken cancel) => Trade(await AskAsync("query", Question(trade), cancel));

    public async Task<ChannelTrade> CloseAsync(TradeRef trade, CancellationToken cancel) => Trade(await AskAsync("close", Question(trade), cancel));

    public async Task<RefundAnswer> RefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        var answer = await AskAsync("refund", Question(refund.Trade) with { RefundNo = refund.RefundNo, Amount = TestWire.Text(refund.Amount) }, cancel);
        return answer.Code == "ok" ? new RefundAnswer(RefundOutcome.Done, refund.RefundNo) : new RefundAnswer(RefundOutcome.Failed, "", answer.Code);
    }

    /// <summary>The gateway has no question about refunds: the same one told again answers how it stands.</summary>
    public Task<RefundAnswer> QueryRefundAsync(ChannelRefund refund, CancellationToken cancel) => RefundAsync(refund, cancel);

    public ChannelNotice? Read(RawNotice notice)
    {
        if (!TestWire.IsGenuine(keys.Get(), notice.Headers.GetValueOrDefault(TestWire.TimeHeader), notice.Headers.GetValueOrDefault(TestWire.SignatureHeader),
            notice.Body.Span, clock.GetUtcNow())) return null;
        return TestWire.Read<TestNotice>(notice.Body.Span) is { Merchant: TestWire.Merchant } told && Money.TryParse(told.Amount, out var amount)
            ? new ChannelNotice(told.OutNo, told.TradeNo, amount with { Currency = new Currency(told.Currency) }, told.State)
            : null;
    }

    public NoticeReply Reply(bool isTaken) => isTaken ? new NoticeReply(200, "success") : new NoticeReply(400, "refused");

    public async Task<IReadOnlyList<StatementLine>> StatementAsync(DateOnly day, CancellationToken cancel)
    {
        var answer = await AskAsync("statement", new TestQuestion { Merchant = TestWire.Merchant, OutNo = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }, cancel);
        return [.. (answer.Lines ?? []).Select(l => new StatementLine(l.OutNo, l.TradeNo, l.RefundNo, Money.Parse(l.Amount), Money.Parse(l.Fee), l.At))];
    }

    private static TestQuestion Question(TradeRef trade) => new() { Merchant = TestWire.Merchant, OutNo = trade.OutNo };

    private static ChannelTrade Trade(TestAnswer answer) =>
        Money.TryParse(answer.Amount, out var amount)
            ? new ChannelTrade(answer.State, answer.TradeNo, amount)
            : throw new ChannelException("The gateway's answer has no amount.");

    private async Task<TestAnswer> AskAsync(string what, TestQuestion question, CancellationToken cancel)
    {
        var key = await keys.GetAsync();
        var address = new Uri(await own.GetAsync(), $"/sim/gateway/{what}");
        var body = TestWire.Write(question);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var time = TestWire.Time(clock.GetUtcNow());
        request.Headers.Add(TestWire.TimeHeader, time);
        request.Headers.Add(TestWire.SignatureHeader, TestWire.Sign(key, time, body));
        try
        {
            using var client = http.CreateClient(ClientName);
            using var response = await client.SendAsync(request, cancel);
            var told = await response.Content.ReadAsByteArrayAsync(cancel);
            if (!response.IsSuccessStatusCode) throw new ChannelException($"The gateway answered {(int)response.StatusCode} to {what}.");
            // HTML with status 200 is a common brown-out: only a signed answer of the protocol counts.
            if (!TestWire.IsGenuine(key, Header(TestWire.TimeHeader), Header(TestWire.SignatureHeader), told, clock.GetUtcNow()))
                throw new ChannelException($"The answer to {what} is not signed by the gateway.");
            return TestWire.Read<TestAnswer>(told) ?? throw new ChannelException($"The answer to {what} is not in the protocol.");

            string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
        }
        catch (HttpRequestException fault)
        {
            throw new ChannelException($"The gateway cannot be reached for {what}.", fault);
        }
        catch (TaskCanceledException fault) when (!cancel.IsCancellationRequested)
        {
            throw new ChannelException($"The gateway did not answer {what} in time.", fault);
        }
    }
}
