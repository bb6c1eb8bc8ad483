using System.Globalization;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.Epay.Core;
using Lianka.Modules.Payments.Channels.Wire;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.Epay;

/// <summary>One merchant number at one site that speaks the second version.</summary>
/// <remarks>
/// The key of a site is the same for all its merchants, so a message counts only with our merchant number in it.
/// Held by: tests/Unit/Payments/EpayExamples.cs, tests/Integration/Channels/EpayTests.cs.
/// </remarks>
internal sealed class Epay2Channel(ChannelTerms terms, GuardedHttp http, TimeProvider clock) : IChannel
{
    private static readonly TimeSpan _age = TimeSpan.FromMinutes(5);

    private readonly string _site = terms.BaseUrl.TrimEnd('/');
    private readonly RsaKey _own = RsaKey.Private(terms["private_key"]) ?? throw new ArgumentException("The terms were not checked.", nameof(terms));
    private readonly RsaKey? _theirs = RsaKey.Public(terms["public_key"]);
    private readonly RsaKey? _theirsBefore = RsaKey.Public(terms["public_key_old"]);

    public async Task<PayCode> CreateAsync(ChannelOrder order, CancellationToken cancel)
    {
        var (type, isPage) = EpayTrades.Parts(order.Method);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = type, ["out_trade_no"] = order.OutNo, ["notify_url"] = terms.NotifyUrl,
            ["return_url"] = order.ReturnUrl, ["name"] = EpayTrades.Name(order.Subject), ["money"] = FenText.Yuan(order.Amount),
        };
        if (isPage) return new PayCode(PayShape.Form, $"{_site}/api/pay/submit", Signed(fields));
        (fields["method"], fields["device"], fields["clientip"]) = ("web", "pc", order.BuyerIp);
        var answer = Accepted(await AskAsync("pay/create", fields, cancel));
        var tradeNo = answer.Text("trade_no") is { Length: > 0 } no ? no : null;
        return (answer.Text("pay_type"), answer.Text("pay_info")) switch
        {
            ("qrcode", { Length: > 0 } code) => new PayCode(PayShape.Qr, code, TradeNo: tradeNo),
            ("jump" or "urlscheme", { Length: > 0 } address) => new PayCode(PayShape.Redirect, address, TradeNo: tradeNo),
            var (kind, _) => throw new ChannelException($"The site wants the buyer to pay in a way that a web page has not: {kind}."),
        };
    }

    public async Task<ChannelTrade> QueryAsync(TradeRef trade, CancellationToken cancel)
    {
        var answer = await AskAsync("pay/query", new(StringComparer.Ordinal) { ["out_trade_no"] = trade.OutNo }, cancel);
        if (IsAbsent(answer, "订单")) return new ChannelTrade(TradeState.Absent, "", Money.Zero);
        return EpayTrades.Read(Accepted(answer), trade.OutNo) ?? throw new ChannelException("The answer to pay/query is not about this trade.");
    }

    /// <summary>Many of a site's ways to pay cannot be closed; then the trade stays <see cref="TradeState.Open"/> and money may come late.</summary>
    public async Task<ChannelTrade> CloseAsync(TradeRef trade, CancellationToken cancel)
    {
        var answer = await AskAsync("pay/close", new(StringComparer.Ordinal) { ["out_trade_no"] = trade.OutNo }, cancel);
        var now = await QueryAsync(trade, cancel);
        return now.State switch
        {
            TradeState.Open when answer.Text("code") == "0" => now with { State = TradeState.Closed },
            // The buyer's browser can still make it there.
            TradeState.Absent => now with { State = TradeState.Open },
            _ => now,
        };
    }

    public async Task<RefundAnswer> RefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        var answer = await AskAsync("pay/refund", new(StringComparer.Ordinal)
        {
            [EpayTrades.NameOf(refund).Field] = EpayTrades.NameOf(refund).Number, ["money"] = FenText.Yuan(refund.Amount), ["out_refund_no"] = refund.RefundNo,
        }, cancel);
        // The code says no more than that it was taken.
        if (answer.Text("code") == "0") return new RefundAnswer(RefundOutcome.Pending, answer.Text("refund_no"));
        // Told again, a site may refuse the number that it has.
        var known = await QueryRefundAsync(refund, cancel);
        return known.Outcome == RefundOutcome.Absent ? new RefundAnswer(RefundOutcome.Failed, Detail: answer.Text("msg")) : known;
    }

    public async Task<RefundAnswer> QueryRefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        var answer = await AskAsync("pay/refundquery", new(StringComparer.Ordinal) { ["out_refund_no"] = refund.RefundNo }, cancel);
        if (IsAbsent(answer, "退款")) return new RefundAnswer(RefundOutcome.Absent);
        if (Accepted(answer).Text("out_refund_no") != refund.RefundNo || !FenText.TryYuan(answer.Text("money"), out var amount) || amount != refund.Amount)
            throw new ChannelException("The answer to pay/refundquery is not about this refund.");
        return answer.Text("status") switch
        {
            "1" => new RefundAnswer(RefundOutcome.Done, answer.Text("refund_no")),
            "0" => new RefundAnswer(RefundOutcome.Failed, answer.Text("refund_no"), answer.Text("msg")),
            _ => new RefundAnswer(RefundOutcome.Pending, answer.Text("refund_no")),
        };
    }

    public ChannelNotice? Read(RawNotice notice)
    {
        var fields = notice.Method == "GET" ? WireForm.Read(notice.Query) : WireForm.Read(notice.Body.Span);
        return fields is not null && IsGenuine(fields) ? EpayTrades.ReadNotice(fields, terms["pid"]) : null;
    }

    public NoticeReply Reply(bool isTaken) => new(200, isTaken ? "success" : "fail");

    /// <remarks>The list itself is left out of the signature by the protocol's own rule; TLS is what holds it.</remarks>
    public Task<IReadOnlyList<StatementLine>> StatementAsync(DateOnly day, CancellationToken cancel) =>
        EpayOrderList.ReadAsync(day, clock.GetUtcNow(), async page =>
        {
            var answer = Accepted(await AskAsync("merchant/orders", new(StringComparer.Ordinal)
            {
                ["offset"] = Text(page * EpayOrderList.PageRows), ["limit"] = Text(EpayOrderList.PageRows),
            }, cancel));
            return [.. answer.Items("data")];
        });

    private Dictionary<string, string> Signed(Dictionary<string, string> fields)
    {
        (fields["pid"], fields["timestamp"], fields["sign_type"]) = (terms["pid"], Text(clock.GetUtcNow().ToUnixTimeSeconds()), "RSA");
        fields["sign"] = EpaySign.Rsa(fields, _own);
        return fields;
    }

    private async Task<JsonElement> AskAsync(string what, Dictionary<string, string> fields, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_site}/api/{what}") { Content = WireForm.Content(Signed(fields)) };
        var answered = await http.AskAsync(request, what, cancel);
        if (WireJson.Object(answered.Body) is not { } answer) throw new ChannelException($"The answer to {what} is not in the protocol (HTTP {answered.Status}).");
        var told = answer.EnumerateObject().GroupBy(p => p.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => WireJson.Text(g.Last().Value), StringComparer.Ordinal);
        if (!IsGenuine(told)) throw new ChannelException($"The answer to {what} is not signed by the site, or not now.");
        if (told.GetValueOrDefault("pid", "") is { Length: > 0 } pid && pid != terms["pid"]) throw new ChannelException($"The answer to {what} is for another merchant.");
        return answer;
    }

    private bool IsGenuine(IReadOnlyDictionary<string, string> fields) =>
        long.TryParse(fields.GetValueOrDefault("timestamp", ""), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - seconds) <= _age.TotalSeconds
        && (EpaySign.IsRsaGenuine(fields, _theirs) || EpaySign.IsRsaGenuine(fields, _theirsBefore));

    // There are no codes for it; the words tell.
    private static bool IsAbsent(JsonElement answer, string thing) => answer.Text("code") != "0"
        && answer.Text("msg").Contains(thing, StringComparison.Ordinal) && answer.Text("msg").Contains("不存在", StringComparison.Ordinal);

    private static JsonElement Accepted(JsonElement answer) =>
        answer.Text("code") == "0" ? answer : throw new ChannelRefusedException(answer.Text("code"), answer.Text("msg"));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
