using System.Globalization;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.Epay.Core;
using Lianka.Modules.Payments.Channels.Wire;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.Epay;

/// <summary>One merchant number at one site that speaks the first version.</summary>
/// <remarks>
/// What the protocol does not have: <list type="bullet">
/// <item>Closing. An unpaid trade stays <see cref="TradeState.Open"/> for ever; money may come late.</item>
/// <item>Signed answers. TLS is all that says who answers, so a notice and the query afterwards are two different proofs.</item>
/// <item>Numbers of refunds. Only all of a trade can go back, because the site knows by itself that this was done; a part told twice would go back twice.</item>
/// </list>
/// Held by: tests/Unit/Payments/EpayExamples.cs, tests/Integration/Channels/EpayTests.cs.
/// </remarks>
internal sealed class Epay1Channel(ChannelTerms terms, GuardedHttp http, TimeProvider clock) : IChannel
{
    private readonly string _site = terms.BaseUrl.TrimEnd('/');
    private readonly EpayDialect _dialect = EpaySign.Dialect(terms["dialect"]);

    public async Task<PayCode> CreateAsync(ChannelOrder order, CancellationToken cancel)
    {
        var (type, isPage) = EpayTrades.Parts(order.Method);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["pid"] = terms["pid"], ["type"] = type, ["out_trade_no"] = order.OutNo, ["notify_url"] = terms.NotifyUrl,
            ["return_url"] = order.ReturnUrl, ["name"] = EpayTrades.Name(order.Subject), ["money"] = FenText.Yuan(order.Amount),
        };
        if (isPage) return new PayCode(PayShape.Form, $"{_site}/submit.php", Signed(fields));
        (fields["clientip"], fields["device"]) = (order.BuyerIp, "pc");
        var answer = await PostAsync("mapi.php", Signed(fields), cancel);
        Accepted(answer);
        var tradeNo = answer.Text("trade_no") is { Length: > 0 } no ? no : null;
        if (answer.Text("qrcode") is { Length: > 0 } code) return new PayCode(PayShape.Qr, code, TradeNo: tradeNo);
        var address = answer.Text("payurl") is { Length: > 0 } page ? page : answer.Text("urlscheme");
        return address.Length > 0 ? new PayCode(PayShape.Redirect, address, TradeNo: tradeNo) : throw new ChannelException("The answer to mapi.php has no way to pay.");
    }

    public async Task<ChannelTrade> QueryAsync(TradeRef trade, CancellationToken cancel) =>
        await FindAsync(("out_trade_no", trade.OutNo), cancel) is { } found ? Read(found, trade.OutNo) : new ChannelTrade(TradeState.Absent, "", Money.Zero);

    /// <summary>There is nothing to close with; a trade that the site does not know yet can still be made by the buyer's browser.</summary>
    public async Task<ChannelTrade> CloseAsync(TradeRef trade, CancellationToken cancel)
    {
        var now = await QueryAsync(trade, cancel);
        return now.State == TradeState.Absent ? now with { State = TradeState.Open } : now;
    }

    public async Task<RefundAnswer> RefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        if (NoReturn(refund.Amount, refund.Paid) is { } why) return new RefundAnswer(RefundOutcome.Failed, Detail: why.En);
        if (await FindAsync(NameOf(refund), cancel) is not { } trade) return new RefundAnswer(RefundOutcome.Failed, Detail: "The site does not know the trade.");
        if (Read(trade, refund).State != TradeState.Paid) return new RefundAnswer(RefundOutcome.Failed, Detail: "The trade is not paid.");
        if (EpayTrades.IsGivenBack(trade)) return new RefundAnswer(RefundOutcome.Done);
        var answer = await PostAsync("api.php?act=refund", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["pid"] = terms["pid"], ["key"] = terms["key"], [NameOf(refund).Field] = NameOf(refund).Number, ["money"] = FenText.Yuan(refund.Amount),
        }, cancel);
        return answer.Text("code") == "1" ? new RefundAnswer(RefundOutcome.Done) : new RefundAnswer(RefundOutcome.Failed, Detail: Words(answer));
    }

    /// <summary>Only a trade that went back whole is told from one that did not.</summary>
    public async Task<RefundAnswer> QueryRefundAsync(ChannelRefund refund, CancellationToken cancel) =>
        await FindAsync(NameOf(refund), cancel) is { } trade && Read(trade, refund).State == TradeState.Paid && EpayTrades.IsGivenBack(trade)
            ? new RefundAnswer(RefundOutcome.Done) : new RefundAnswer(RefundOutcome.Absent);

    public FieldError? NoReturn(StatementLine paid, Money amount) => NoReturn(amount, paid.Amount);

    private FieldError? NoReturn(Money amount, Money paid) =>
        terms["refunds"] != "full" ? new FieldError("case", "no_refunds", "This site gives nothing back by API.", "这个站点不支持用接口退款。")
        : amount != paid ? new FieldError("case", "whole_only", "This protocol gives back whole payments only.", "这种协议只能整笔退款。") : null;

    private static (string Field, string Number) NameOf(ChannelRefund refund) => EpayTrades.NameOf(refund);

    /// <summary>Most sites call with GET, some with POST. The protocol has no time in it: an old one is as good as a new one.</summary>
    public ChannelNotice? Read(RawNotice notice)
    {
        var fields = notice.Method == "GET" ? WireForm.Read(notice.Query) : WireForm.Read(notice.Body.Span);
        if (fields is null) return null;
        var isGenuine = EpaySign.IsMd5Genuine(fields, terms["key"], _dialect) | EpaySign.IsMd5Genuine(fields, terms["key_old"], _dialect);
        return isGenuine ? EpayTrades.ReadNotice(fields, terms["pid"]) : null;
    }

    public NoticeReply Reply(bool isTaken) => new(200, isTaken ? "success" : "fail");

    public Task<IReadOnlyList<StatementLine>> StatementAsync(DateOnly day, CancellationToken cancel) =>
        EpayOrderList.ReadAsync(day, clock.GetUtcNow(), async page =>
        {
            var answer = await GetAsync($"orders&limit={EpayOrderList.PageRows}&page={(page + 1).ToString(CultureInfo.InvariantCulture)}", cancel);
            Accepted(answer);
            return [.. answer.Items("data")];
        });

    private Dictionary<string, string> Signed(Dictionary<string, string> fields)
    {
        (fields["sign"], fields["sign_type"]) = (EpaySign.Md5(fields, terms["key"], _dialect), "MD5");
        return fields;
    }

    /// <returns>Null: the site does not know it.</returns>
    private async Task<JsonElement?> FindAsync((string Field, string Number) name, CancellationToken cancel)
    {
        var answer = await GetAsync($"order&{name.Field}={Uri.EscapeDataString(name.Number)}", cancel);
        // The code -1 stands for several things; only the words tell which.
        if (answer.Text("code") != "1" && answer.Text("msg").Contains("订单", StringComparison.Ordinal) && answer.Text("msg").Contains("不存在", StringComparison.Ordinal)) return null;
        Accepted(answer);
        return answer;
    }

    private static ChannelTrade Read(JsonElement answer, ChannelRefund refund) =>
        Read(answer, refund.IsOf(answer.Text("out_trade_no"), answer.Text("trade_no")) ? answer.Text("out_trade_no") : "");

    private static ChannelTrade Read(JsonElement answer, string outNo) =>
        EpayTrades.Read(answer, outNo) ?? throw new ChannelException("The answer to act=order is not about this trade.");

    // The key stands in the address because the protocol has it there; GuardedHttp logs no address.
    private Task<JsonElement> GetAsync(string act, CancellationToken cancel) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, $"{_site}/api.php?act={act}&pid={terms["pid"]}&key={Uri.EscapeDataString(terms["key"])}"), "api.php", cancel);

    private Task<JsonElement> PostAsync(string path, IReadOnlyDictionary<string, string> fields, CancellationToken cancel) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Post, $"{_site}/{path}") { Content = WireForm.Content(fields) }, path, cancel);

    private async Task<JsonElement> AskAsync(HttpRequestMessage message, string what, CancellationToken cancel)
    {
        using var request = message;
        var answered = await http.AskAsync(request, what, cancel);
        return WireJson.Object(answered.Body) is { } answer && answer.Text("code").Length > 0
            ? answer : throw new ChannelException($"The answer to {what} is not in the protocol (HTTP {answered.Status}).");
    }

    private void Accepted(JsonElement answer)
    {
        if (answer.Text("code") != "1") throw new ChannelRefusedException(answer.Text("code"), Words(answer));
    }

    // Some sites repeat what they were sent.
    private string Words(JsonElement answer) => answer.Text("msg").Replace(terms["key"], "••••", StringComparison.Ordinal);
}
