using System.Net.Http.Headers;
using System.Security.Cryptography;
using Lianka.Kernel;
using Lianka.Modules.Payments.Test;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Simulator;

/// <summary>How the person at the simulated cashier lets the channel behave.</summary>
public enum PayAct { Paid, FiveNotices, Twice, Late, Silent }

internal sealed record TestTrade
{
    public string TradeNo { get; init; } = "";
    public string OutNo { get; init; } = "";
    public Money Amount { get; init; }
    public string Subject { get; init; } = "";
    public string NotifyUrl { get; init; } = "";
    public string ReturnUrl { get; init; } = "";
    public TradeState State { get; init; }
    public Money Refunded { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public DateTimeOffset? LateAt { get; init; }
}

internal sealed record TestRefund
{
    public string RefundNo { get; init; } = "";
    public string TradeNo { get; init; } = "";
    public string OutNo { get; init; } = "";
    public Money Amount { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The far side of the test channel: its own book (test_trade), and real notices over HTTP.</summary>
internal sealed class TestGateway(
    Database database, TestChannelKey keys, IHttpClientFactory http, TimeProvider clock, ILogger<TestGateway> logger)
{
    public const string ClientName = "test-gateway";

    /// <summary>What it keeps of a payment; it returns nothing of that on a refund.</summary>
    private const long FeeBps = 60;

    private const int NoticeAttemptsMax = 3;

    /// <summary>How long after the end of a reservation the "too late" button pays.</summary>
    private static readonly TimeSpan _lateBy = TimeSpan.FromSeconds(3);

    /// <summary>An operator who takes real money turns the test channel off: anyone can pay with it.</summary>
    public async Task<bool> IsOnAsync(CancellationToken cancel) => await database.ReadAsync(
        s => s.ScalarAsync<string>("select state from channel where code = @Code", new { TestProtocol.Code }), cancel) is "active";

    public async Task<TestAnswer> CreateAsync(TestQuestion asked, CancellationToken cancel)
    {
        if (!Money.TryParse(asked.Amount, out var amount) || !amount.IsPositive || !amount.IsWholeFen) return new("bad_amount");
        if (asked.Currency != "CNY") return new("bad_currency");
        if (asked.NotifyUrl is null || asked.ExpiresAt is null) return new("bad_request");
        if (asked.ReturnUrl is not ['/', not '/', ..]) return new("bad_return_url");
        var now = clock.Now();
        var tradeNo = $"T{now:yyyyMMdd}{RandomNumberGenerator.GetInt32(1_000_000):D6}{RandomNumberGenerator.GetInt32(1_000_000):D6}";
        var trade = await database.WriteAsync(async s =>
        {
            await s.ExecuteAsync(
                """
                insert into test_trade (trade_no, out_no, amount, subject, notify_url, return_url, state, created_at, expires_at)
                values (@tradeNo, @OutNo, @amount, @subject, @NotifyUrl, @ReturnUrl, 'open', @now, @expiresAt)
                on conflict (out_no) do nothing
                """,
                new
                {
                    tradeNo, asked.OutNo, amount, subject = asked.Subject ?? "", asked.NotifyUrl, asked.ReturnUrl, now,
                    expiresAt = asked.ExpiresAt.Value,
                });
            return await ByOutNoAsync(s, asked.OutNo);
        }, cancel);
        return trade!.Amount == amount ? Answer(trade) : new TestAnswer("out_no_used");
    }

    public async Task<TestAnswer> QueryAsync(TestQuestion asked, CancellationToken cancel) =>
        await database.ReadAsync(s => ByOutNoAsync(s, asked.OutNo), cancel) is { } trade ? Answer(trade) : new TestAnswer("unknown");

    public async Task<TestAnswer> CloseAsync(TestQuestion asked, CancellationToken cancel)
    {
        var trade = await database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("update test_trade set state = 'closed' where out_no = @OutNo and state = 'open'", new { asked.OutNo });
            return await ByOutNoAsync(s, asked.OutNo);
        }, cancel);
        return trade is null ? new TestAnswer("unknown") : Answer(trade);
    }

    public async Task<TestAnswer> RefundAsync(TestQuestion asked, CancellationToken cancel)
    {
        if (!Money.TryParse(asked.Amount, out var amount) || !amount.IsPositive || asked.RefundNo is null) return new("bad_request");
        return await database.WriteAsync(async s =>
        {
            var trade = await s.FirstAsync<TestTrade>($"select * from test_trade where out_no = @OutNo{s.ForUpdate}", new { asked.OutNo });
            if (trade is null) return new TestAnswer("unknown");
            var known = await s.ScalarAsync<long?>("select amount from test_refund where refund_no = @RefundNo", new { asked.RefundNo });
            if (known is { } before) return before == amount.Units ? Answer(trade) : new TestAnswer("refund_no_used");
            if (trade.State != TradeState.Paid || trade.Refunded + amount > trade.Amount) return new TestAnswer("not_refundable");
            await s.ExecuteAsync(
                "insert into test_refund (refund_no, trade_no, amount, created_at) values (@RefundNo, @TradeNo, @amount, @now)",
                new { asked.RefundNo, trade.TradeNo, amount, now = clock.Now() });
            await s.ExecuteAsync("update test_trade set refunded = refunded + @amount where trade_no = @TradeNo", new { amount, trade.TradeNo });
            return Answer(trade);
        }, cancel);
    }

    /// <summary>What was booked on a day of China: the trades that were paid and what was given back.</summary>
    public async Task<TestAnswer> StatementAsync(TestQuestion asked, CancellationToken cancel)
    {
        if (!DateOnly.TryParseExact(asked.OutNo, "yyyy-MM-dd", out var day)) return new("bad_request");
        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8));
        if (clock.Now() < from.AddDays(1)) return new("not_over");
        var range = new { from, to = from.AddDays(1) };
        return await database.ReadAsync(async s =>
        {
            var paid = await s.QueryAsync<TestTrade>("select * from test_trade where paid_at >= @from and paid_at < @to order by paid_at, trade_no", range);
            var back = await s.QueryAsync<TestRefund>(
                """
                select r.refund_no, r.trade_no, r.amount, r.created_at, t.out_no from test_refund r join test_trade t on t.trade_no = r.trade_no
                where r.created_at >= @from and r.created_at < @to order by r.created_at, r.refund_no
                """, range);
            return new TestAnswer("ok", Lines: [
                .. paid.Select(t => new TestLine(t.OutNo, t.TradeNo, null, TestWire.Text(t.Amount), TestWire.Text(ChannelFees.At(t.Amount, FeeBps)), t.PaidAt!.Value)),
                .. back.Select(r => new TestLine(r.OutNo, r.TradeNo, r.RefundNo, TestWire.Text(r.Amount), "0.00", r.CreatedAt)),
            ]);
        }, cancel);
    }

    public Task<TestTrade?> FindAsync(string tradeNo, CancellationToken cancel) => database.ReadAsync(
        s => s.FirstAsync<TestTrade>("select * from test_trade where trade_no = @tradeNo", new { tradeNo }), cancel);

    /// <summary>The person at the cashier pressed a button.</summary>
    public async Task ActAsync(TestTrade trade, PayAct act, CancellationToken cancel)
    {
        switch (act)
        {
            case PayAct.Late:
                var at = clock.Now() > trade.ExpiresAt ? clock.Now() : trade.ExpiresAt + _lateBy;
                await database.WriteAsync(s => s.ExecuteAsync(
                    "update test_trade set late_at = @at where trade_no = @TradeNo and state <> 'paid'", new { at, trade.TradeNo }), cancel);
                break;
            case PayAct.Silent:
                await MarkPaidAsync(trade.TradeNo, cancel);
                break;
            case PayAct.Twice:
                // Both presses are under way at once, as from a finger that did not see the first one work.
                await Task.WhenAll(PayAsync(trade, 1, cancel), PayAsync(trade, 1, cancel));
                break;
            default:
                await PayAsync(trade, act == PayAct.FiveNotices ? 5 : 1, cancel);
                break;
        }
    }

    /// <summary>Pays what was to be paid too late. Some channels take money for a trade that was closed; this one does then.</summary>
    public async Task PayLateOnesAsync(CancellationToken cancel)
    {
        var due = await database.ReadAsync(
            s => s.QueryAsync<string>("select trade_no from test_trade where late_at <= @now limit 20", new { now = clock.Now() }), cancel);
        foreach (var tradeNo in due)
        {
            await database.WriteAsync(s => s.ExecuteAsync(
                "update test_trade set state = 'paid', paid_at = @now, late_at = null where trade_no = @tradeNo and state <> 'paid'",
                new { now = clock.Now(), tradeNo }), cancel);
            if (await FindAsync(tradeNo, cancel) is { State: TradeState.Paid } paid) await NotifyAsync(paid, cancel);
        }
    }

    private async Task PayAsync(TestTrade trade, int notices, CancellationToken cancel)
    {
        await MarkPaidAsync(trade.TradeNo, cancel);
        if (await FindAsync(trade.TradeNo, cancel) is not { State: TradeState.Paid } paid) return;
        await Task.WhenAll(Enumerable.Range(0, notices).Select(_ => NotifyAsync(paid, cancel)));
    }

    private Task<int> MarkPaidAsync(string tradeNo, CancellationToken cancel) => database.WriteAsync(
        s => s.ExecuteAsync(
            """
            update test_trade set state = 'paid', paid_at = @now, late_at = null
            where trade_no = @tradeNo and state = 'open' and expires_at > @now
            """,
            new { now = clock.Now(), tradeNo }), cancel);

    /// <summary>Tells the platform, a few times if it does not thank. What is lost all the same is found by its question.</summary>
    public async Task NotifyAsync(TestTrade trade, CancellationToken cancel)
    {
        var body = TestWire.Write(new TestNotice
        {
            Merchant = TestWire.Merchant, OutNo = trade.OutNo, TradeNo = trade.TradeNo, Amount = TestWire.Text(trade.Amount),
            Currency = "CNY", State = trade.State, PaidAt = trade.PaidAt,
        });
        var key = await keys.GetAsync();
        for (var attempt = 0; attempt < NoticeAttemptsMax; attempt++)
        {
            if (attempt > 0) await Task.Delay(TimeSpan.FromMilliseconds(200 << attempt), clock, cancel);
            if (await SendAsync(trade.NotifyUrl, body, key, cancel)) return;
        }

        logger.LogWarning("The simulated gateway could not deliver its notice about {Trade}", trade.TradeNo);
    }

    private async Task<bool> SendAsync(string url, byte[] body, byte[] key, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var time = TestWire.Time(clock.GetUtcNow());
        request.Headers.Add(TestWire.TimeHeader, time);
        request.Headers.Add(TestWire.SignatureHeader, TestWire.Sign(key, time, body));
        try
        {
            using var client = http.CreateClient(ClientName);
            using var response = await client.SendAsync(request, cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private static Task<TestTrade?> ByOutNoAsync(Session session, string outNo) =>
        session.FirstAsync<TestTrade>("select * from test_trade where out_no = @outNo", new { outNo });

    // The pay address is a path of this site: which host the buyer sees is known to the buyer's browser only.
    private static TestAnswer Answer(TestTrade trade) =>
        new("ok", trade.State, trade.TradeNo, TestWire.Text(trade.Amount), $"/sim/cashier/{trade.TradeNo}");
}
