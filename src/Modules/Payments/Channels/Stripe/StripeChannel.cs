using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.Stripe.Core;
using Lianka.Modules.Payments.Channels.Wire;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.Stripe;

/// <summary>One Stripe account.</summary>
/// <remarks>
/// The trade's number here is the checkout session's, before and after it is paid; statements name the payment intent.
/// Held by: tests/Unit/Payments/StripeExamples.cs, tests/Integration/Channels/StripeTests.cs.
/// </remarks>
internal sealed class StripeChannel(ChannelTerms terms, GuardedHttp http, TimeProvider clock) : IChannel
{
    /// <summary>The forms of the objects read here are those of this version, whatever the account's own is.</summary>
    private const string ApiVersion = "2024-06-20";

    private const string Opened = "expand[]=payment_intent.latest_charge";
    private const int PagesMax = 500;
    private const int PageBytesMax = 8 * 1024 * 1024;

    // A session is created within moments of its attempt; the order's clock and Stripe's may differ.
    private static readonly (TimeSpan Before, TimeSpan After) _createdWithin = (TimeSpan.FromMinutes(10), TimeSpan.FromHours(1));

    private readonly string _api = terms.BaseUrl.TrimEnd('/');

    public async Task<PayCode> CreateAsync(ChannelOrder order, CancellationToken cancel)
    {
        // Stripe keeps the answer under this key for a day at least, so the same order is never two sessions.
        var session = Accepted(await PostAsync("checkout/sessions", StripeObjects.Session(order), $"create-{order.OutNo}", cancel));
        var trade = Read(session, order.OutNo);
        // Not a refusal, after which another channel would be tried: this trade has the money.
        if (trade.State == TradeState.Paid) throw new ChannelException("The session is paid already.");
        return trade.State == TradeState.Open && GuardedHttp.IsWebAddress(session.Text("url"))
            ? new PayCode(PayShape.Redirect, session.Text("url"), TradeNo: trade.TradeNo)
            : throw new ChannelRefusedException("not_open", $"The session is {trade.State}.");
    }

    public async Task<ChannelTrade> QueryAsync(TradeRef trade, CancellationToken cancel) =>
        await FindAsync(trade, cancel) is { } session ? Read(session, trade.OutNo) : new ChannelTrade(TradeState.Absent, "", Money.Zero);

    public async Task<ChannelTrade> CloseAsync(TradeRef trade, CancellationToken cancel)
    {
        var now = await QueryAsync(trade, cancel);
        if (now.State != TradeState.Open) return now;
        var (status, session) = await PostAsync($"checkout/sessions/{Uri.EscapeDataString(now.TradeNo)}/expire", [], null, cancel);
        // Refused: it has just been completed, or is being paid.
        return status == 200 ? Read(session, trade.OutNo) : await QueryAsync(trade with { TradeNo = now.TradeNo }, cancel);
    }

    public async Task<RefundAnswer> RefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        if (await IntentAsync(refund, cancel) is not { Length: > 0 } intent)
            return new RefundAnswer(RefundOutcome.Failed, Detail: "Stripe has no paid session of this number.");
        // The idempotency key is forgotten after some time, and refunds are told for as long as it takes.
        if (await FindRefundAsync(intent, refund, cancel) is { } known) return known;
        var (status, answer) = await PostAsync("refunds", new(StringComparer.Ordinal)
        {
            ["payment_intent"] = intent, ["amount"] = StripeMoney.Minor(refund.Amount),
            [$"metadata[{StripeObjects.OutNo}]"] = refund.Trade.OutNo, [$"metadata[{StripeObjects.RefundNo}]"] = refund.RefundNo,
        }, $"refund-{refund.RefundNo}", cancel);
        if (status != 200) return new RefundAnswer(RefundOutcome.Failed, Detail: Refusal(status, answer).Message);
        return StripeObjects.ReadRefund(answer) ?? throw new ChannelException("The answer to a refund is not one.");
    }

    public async Task<RefundAnswer> QueryRefundAsync(ChannelRefund refund, CancellationToken cancel) =>
        await IntentAsync(refund, cancel) is { Length: > 0 } intent && await FindRefundAsync(intent, refund, cancel) is { } known ? known : new RefundAnswer(RefundOutcome.Absent);

    /// <summary>Money of a dispute that was won is nobody's payment.</summary>
    public FieldError? NoReturn(StatementLine paid, Money amount) => StripeObjects.IsIntent(paid.TradeNo) ? null
        : new FieldError("case", "no_payment", "It is no payment at Stripe, so there is nothing to refund there.", "这不是 Stripe 的一笔支付，无法在那里退款。");

    private async Task<string?> IntentAsync(ChannelRefund refund, CancellationToken cancel) =>
        refund.IsOfStatement ? refund.Trade.TradeNo : await FindAsync(refund.Trade, cancel) is { } session ? IntentOf(session) : null;

    public ChannelNotice? Read(RawNotice notice)
    {
        var header = notice.Headers.FirstOrDefault(h => h.Key.Equals("Stripe-Signature", StringComparison.OrdinalIgnoreCase)).Value ?? "";
        if (!StripeSignature.IsGenuine(header, notice.Body.Span, [terms["webhook_secret"], terms["webhook_secret_old"]], clock.GetUtcNow())) return null;
        var isLive = terms["secret_key"].Contains("_live_", StringComparison.Ordinal);
        return WireJson.Object(notice.Body) is { } told ? StripeObjects.ReadEvent(told, isLive) : null;
    }

    public NoticeReply Reply(bool isTaken) => new(isTaken ? 200 : 400, isTaken ? "ok" : "no");

    /// <summary>A day of UTC, as Stripe's own reports have it.</summary>
    public async Task<IReadOnlyList<StatementLine>> StatementAsync(DateOnly day, CancellationToken cancel)
    {
        var start = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        if (clock.GetUtcNow() < start.AddDays(1)) throw new ChannelException($"The {day:yyyy-MM-dd} is not over in UTC.");
        var lines = new List<StatementLine>();
        await foreach (var booked in ListAsync($"balance_transactions?created[gte]={StripeObjects.Unix(start)}&created[lt]={StripeObjects.Unix(start.AddDays(1))}&expand[]=data.source", cancel))
        {
            if (StripeObjects.ReadLine(booked) is { } line) lines.Add(line);
        }

        return [.. lines.OrderBy(l => l.At)];
    }

    /// <summary>The Dashboard's itemized report of a day of UTC, in CSV.</summary>
    public IReadOnlyList<StatementLine> ReadStatement(ReadOnlyMemory<byte> file, DateOnly day) => StripeReport.Read(Encoding.UTF8.GetString(file.Span), day);

    /// <returns>The session with its payment intent opened; null: there is none.</returns>
    private async Task<JsonElement?> FindAsync(TradeRef trade, CancellationToken cancel)
    {
        if (trade.TradeNo is { Length: > 0 } id)
        {
            var (status, session) = await GetAsync($"checkout/sessions/{Uri.EscapeDataString(id)}?{Opened}", cancel);
            return status == 404 ? null : Accepted((status, session));
        }

        // The answer to our create was lost: Stripe cannot be asked by our number, so the sessions of that hour are looked through.
        var (from, to) = (trade.CreatedAt - _createdWithin.Before, trade.CreatedAt + _createdWithin.After);
        await foreach (var session in ListAsync($"checkout/sessions?created[gte]={StripeObjects.Unix(from)}&created[lte]={StripeObjects.Unix(to)}&expand[]=data.payment_intent", cancel))
        {
            if (session.Text("client_reference_id") == trade.OutNo) return session;
        }

        return null;
    }

    private async Task<RefundAnswer?> FindRefundAsync(string intent, ChannelRefund refund, CancellationToken cancel)
    {
        await foreach (var known in ListAsync($"refunds?payment_intent={Uri.EscapeDataString(intent)}", cancel))
        {
            if (known.Metadata(StripeObjects.RefundNo) == refund.RefundNo) return StripeObjects.ReadRefund(known) ?? throw new ChannelException("A refund at Stripe has no readable state.");
        }

        return null;
    }

    private static string? IntentOf(JsonElement session) => session.Part("payment_intent") is { } opened ? opened.Text("id") : session.Text("payment_intent");

    private async IAsyncEnumerable<JsonElement> ListAsync(string question, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var after = "";
        for (var page = 0; page < PagesMax; page++)
        {
            var list = Accepted(await GetAsync($"{question}&limit=100{after}", cancel, PageBytesMax));
            if (list.Text("object") != "list") throw new ChannelException("Stripe's answer is not a list.");
            var last = "";
            foreach (var item in list.Items("data"))
            {
                last = item.Text("id");
                yield return item;
            }

            if (!list.TryGetProperty("has_more", out var more) || more.ValueKind != JsonValueKind.True || last.Length == 0) yield break;
            after = $"&starting_after={Uri.EscapeDataString(last)}";
        }

        throw new ChannelException($"Stripe's list goes on after {PagesMax} pages.");
    }

    private Task<(int Status, JsonElement Answer)> GetAsync(string path, CancellationToken cancel, int bytesMax = GuardedHttp.BodyBytesMax) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, $"{_api}/v1/{path}"), path, bytesMax, cancel);

    private Task<(int Status, JsonElement Answer)> PostAsync(string path, Dictionary<string, string> fields, string? idempotencyKey, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{_api}/v1/{path}") { Content = WireForm.Content(fields) };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        return AskAsync(request, path, GuardedHttp.BodyBytesMax, cancel);
    }

    private async Task<(int Status, JsonElement Answer)> AskAsync(HttpRequestMessage message, string path, int bytesMax, CancellationToken cancel)
    {
        using var request = message;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", terms["secret_key"]);
        request.Headers.Add("Stripe-Version", ApiVersion);
        var what = path.Split('?')[0];
        var answered = await http.AskAsync(request, what, cancel, bytesMax: bytesMax);
        // Two calls under one key at the same time, or a lock on the object: nothing is known yet.
        if (answered.Status == 409) throw new ChannelException($"HTTP 409 to {what}.");
        return WireJson.Object(answered.Body) is { } answer && (answer.Text("object").Length > 0 || answer.Part("error") is not null)
            ? (answered.Status, answer) : throw new ChannelException($"The answer to {what} is not in the protocol (HTTP {answered.Status}).");
    }

    private static JsonElement Accepted((int Status, JsonElement Answer) told) => told.Status == 200 ? told.Answer : throw Refusal(told.Status, told.Answer);

    private static ChannelRefusedException Refusal(int status, JsonElement answer)
    {
        var error = answer.Part("error");
        // Stripe's words for a wrong key show a part of it.
        if (status == 401) return new ChannelRefusedException("unauthorized", "Stripe does not accept the API key.");
        var code = error?.Text("code") is { Length: > 0 } known ? known : error?.Text("type") ?? "";
        return new ChannelRefusedException(code, $"{code}: {error?.Text("message")}");
    }

    private static ChannelTrade Read(JsonElement session, string outNo) =>
        StripeObjects.ReadSession(session, outNo) ?? throw new ChannelException("Stripe's answer is not about this trade.");
}
