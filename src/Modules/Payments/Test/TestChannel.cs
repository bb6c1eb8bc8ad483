using System.Net.Http.Headers;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Test;

/// <summary>The channel without real money: signed JSON over HTTP to a gateway, which Lianka brings along (Simulator).</summary>
internal sealed class TestChannel(IHttpClientFactory http, TestChannelKey keys, OwnAddress own, TimeProvider clock) : IPaymentChannel
{
    public const string ClientName = "test-channel";

    public string Name => ChannelNames.Test;

    public string Merchant => TestWire.Merchant;

    public async Task<ChannelTrade> CreateAsync(ChannelOrder order, CancellationToken cancel)
    {
        var answer = await AskAsync("create", new TestQuestion
        {
            Merchant = TestWire.Merchant,
            OutNo = order.Payment.ToString(),
            Amount = TestWire.Text(order.Amount),
            Currency = order.Amount.Currency.Code,
            Subject = order.Subject,
            NotifyUrl = new Uri(await own.GetAsync(), $"/notify/{Name}").ToString(),
            ReturnUrl = order.ReturnUrl,
            ExpiresAt = order.ExpiresAt,
        }, cancel);
        return answer.Code == "ok" ? Trade(answer) : throw new ChannelException($"The gateway refused to open the trade: {answer.Code}.");
    }

    public async Task<ChannelTrade> QueryAsync(PaymentId payment, CancellationToken cancel) =>
        Trade(await AskAsync("query", Question(payment), cancel));

    public async Task<ChannelTrade> CloseAsync(PaymentId payment, CancellationToken cancel) =>
        Trade(await AskAsync("close", Question(payment), cancel));

    public async Task<bool> RefundAsync(long refundId, PaymentId payment, Money amount, CancellationToken cancel)
    {
        var answer = await AskAsync("refund", Question(payment) with { RefundNo = $"R{refundId}", Amount = TestWire.Text(amount) }, cancel);
        return answer.Code == "ok";
    }

    public async ValueTask<Notice?> VerifyNoticeAsync(ReadOnlyMemory<byte> body, Func<string, string?> header)
    {
        var key = await keys.GetAsync();
        if (!TestWire.IsGenuine(key, header(TestWire.TimeHeader), header(TestWire.SignatureHeader), body.Span, clock.GetUtcNow()))
            return null;
        return TestWire.Read<TestNotice>(body.Span) is { } told && Money.TryParse(told.Amount, out var amount)
            ? new Notice(told.Merchant, told.OutNo, told.TradeNo, amount, told.Currency, told.State)
            : null;
    }

    private static TestQuestion Question(PaymentId payment) => new() { Merchant = TestWire.Merchant, OutNo = payment.ToString() };

    private static ChannelTrade Trade(TestAnswer answer) =>
        Money.TryParse(answer.Amount, out var amount)
            ? new ChannelTrade(answer.State, answer.TradeNo, amount, answer.PayUrl)
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
