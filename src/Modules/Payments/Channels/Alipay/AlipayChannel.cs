using System.Net.Http.Headers;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.Alipay.Core;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.Alipay;

/// <summary>Alipay's OpenAPI with RSA2 and public keys.</summary>
/// <remarks>
/// A trade is there when the buyer has opened the page or scanned the code. Before that, query and close say <see cref="TradeState.Absent"/>,
/// although the code can still be paid: only at the end of its time is such an attempt certainly over. <c>page</c> and <c>wap</c> make
/// their address without a call.
/// Held by: tests/Integration/Channels/AlipayTests.cs.
/// </remarks>
internal sealed class AlipayChannel(AlipayTerms terms, GuardedHttp http, TimeProvider clock) : IChannel
{
    private static readonly TimeSpan _china = TimeSpan.FromHours(8);

    public async Task<PayCode> CreateAsync(ChannelOrder order, CancellationToken cancel)
    {
        var (method, product) = order.Method switch
        {
            "page" => ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
            "wap" => ("alipay.trade.wap.pay", "QUICK_WAP_WAY"),
            "precreate" => ("alipay.trade.precreate", null),
            var other => throw new ArgumentException($"No method of this protocol: {other}", nameof(order)),
        };
        var biz = AlipayJson.Write(new
        {
            out_trade_no = order.OutNo, total_amount = order.Amount.Text(2), subject = Subject(order.Subject), product_code = product, time_expire = AlipayJson.Time(order.ExpiresAt),
            quit_url = order.Method == "wap" ? order.ReturnUrl : null,
        });
        if (order.Method != "precreate") return new PayCode(PayShape.Redirect, $"{terms.Gateway}?{FormText.Write(Signed(method, biz, order.ReturnUrl, terms.NotifyUrl))}");
        try
        {
            var told = await AskAsync(method, biz, "create", cancel, terms.NotifyUrl);
            return told.OutTradeNo == order.OutNo && told.QrCode is { Length: > 0 } code
                ? new PayCode(PayShape.Qr, code) : throw new ChannelException("Alipay's answer to create has no pay code.");
        }
        catch (ChannelRefusedException refused)
        {
            // "Has success already" is a refusal too, of which a trade is there that has taken money.
            var there = await QueryAsync(new TradeRef(order.OutNo, order.CreatedAt), cancel);
            if (there.State is TradeState.Absent or TradeState.Closed) throw;
            throw new ChannelException($"Alipay has a trade of this number already ({refused.Code}).", refused);
        }
    }

    public async Task<ChannelTrade> QueryAsync(TradeRef trade, CancellationToken cancel)
    {
        AlipayAnswer told;
        try
        {
            told = await AskAsync("alipay.trade.query", AlipayJson.Write(new { out_trade_no = trade.OutNo }), "query", cancel);
        }
        catch (ChannelRefusedException refused) when (refused.Code == "ACQ.TRADE_NOT_EXIST")
        {
            return new ChannelTrade(TradeState.Absent, "", Money.Zero);
        }

        return told.OutTradeNo == trade.OutNo && told.TradeNo is { Length: > 0 } no && AlipayJson.Amount(told.TotalAmount) is { } amount && AlipayJson.State(told.TradeStatus, told.SendPayDate) is { } state
            ? new ChannelTrade(state, no, amount, AlipayJson.Time(told.SendPayDate)) : throw new ChannelException("Alipay's answer to query is not about this trade.");
    }

    public async Task<ChannelTrade> CloseAsync(TradeRef trade, CancellationToken cancel)
    {
        try
        {
            await AskAsync("alipay.trade.close", AlipayJson.Write(new { out_trade_no = trade.OutNo }), "close", cancel);
        }
        catch (ChannelRefusedException)
        {
            // Paid, closed before, or not opened by anybody: the query says which.
        }

        return await QueryAsync(trade, cancel);
    }

    public async Task<RefundAnswer> RefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        var biz = AlipayJson.Write(new
        {
            out_trade_no = OwnNo(refund), trade_no = TheirNo(refund), refund_amount = refund.Amount.Text(2), out_request_no = refund.RefundNo, refund_reason = refund.Reason.Length > 0 ? refund.Reason : null,
        });
        var told = await AskAsync("alipay.trade.refund", biz, "refund", cancel);
        if (!refund.IsOf(told.OutTradeNo, told.TradeNo)) throw new ChannelException("Alipay's answer is not about this refund.");
        if (told is { Code: "10000", FundChange: "Y" }) return new RefundAnswer(RefundOutcome.Done);
        // "N": nothing moved by this call, because it moved before or has not yet.
        return await QueryRefundAsync(refund, cancel) is { Outcome: RefundOutcome.Done } done ? done : new RefundAnswer(RefundOutcome.Pending);
    }

    public async Task<RefundAnswer> QueryRefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        AlipayAnswer told;
        try
        {
            told = await AskAsync("alipay.trade.fastpay.refund.query", AlipayJson.Write(new { out_trade_no = OwnNo(refund), trade_no = TheirNo(refund), out_request_no = refund.RefundNo }), "refund query", cancel);
        }
        catch (ChannelRefusedException refused) when (refused.Code == "ACQ.TRADE_NOT_EXIST")
        {
            return new RefundAnswer(RefundOutcome.Absent);
        }

        // Without a state: it was not told of it, or it is not done. Telling it again is right in both cases.
        if (told.RefundStatus is not "REFUND_SUCCESS") return new RefundAnswer(RefundOutcome.Absent);
        return told.OutRequestNo == refund.RefundNo && refund.IsOf(told.OutTradeNo, told.TradeNo) && AlipayJson.Amount(told.RefundAmount) == refund.Amount
            ? new RefundAnswer(RefundOutcome.Done) : throw new ChannelException("Alipay's answer is not about this refund.");
    }

    private static string? OwnNo(ChannelRefund refund) => refund.IsOfStatement ? null : refund.Trade.OutNo;

    private static string? TheirNo(ChannelRefund refund) => refund.IsOfStatement ? refund.Trade.TradeNo : null;

    public ChannelNotice? Read(RawNotice notice)
    {
        if (notice.Method != "POST" || FormText.Read(notice.Body.Span) is not { } told) return null;
        if (At("sign_type") != "RSA2" || !IsGenuine(AlipaySignature.OfNotice(told), At("sign"))) return null;
        if (At("app_id") != terms.AppId || At("seller_id") != terms.SellerId) return null;
        // A refund is told as a state of the payment, without which of several refunds it was: the answer and the query know that.
        return At("out_trade_no") is { Length: > 0 } no && At("trade_no") is { Length: > 0 } tradeNo && AlipayJson.Amount(At("total_amount")) is { } amount
            && AlipayJson.State(At("trade_status"), At("gmt_payment")) is { } state ? new ChannelNotice(no, tradeNo, amount, state) : null;

        string At(string name) => told.GetValueOrDefault(name, "");
    }

    // Exactly this word, whatever the status.
    public NoticeReply Reply(bool isTaken) => new(200, isTaken ? "success" : "failure");

    public async Task<IReadOnlyList<StatementLine>> StatementAsync(DateOnly day, CancellationToken cancel)
    {
        AlipayAnswer told;
        try
        {
            told = await AskAsync("alipay.data.dataservice.bill.downloadurl.query", AlipayJson.Write(new { bill_type = "trade", bill_date = $"{day:yyyy-MM-dd}" }), "statement", cancel);
        }
        catch (ChannelRefusedException refused) when (refused.Code == "isp.bill_not_exist")
        {
            // They say the same for a bill that is not written yet and for a day without trades. It is written by nine in the morning.
            var ready = new DateTimeOffset(day.AddDays(1).ToDateTime(new TimeOnly(12, 0)), _china);
            return clock.GetUtcNow() >= ready ? [] : throw new ChannelException("Alipay has no statement of that day yet.", refused);
        }

        if (!GuardedHttp.IsWebAddress(told.BillDownloadUrl)) throw new ChannelException("Alipay's answer to statement names no file.");
        var address = new UriBuilder(told.BillDownloadUrl!);
        // They write http; nobody on the way is to change amounts.
        if (terms.Gateway.StartsWith("https:", StringComparison.OrdinalIgnoreCase) && address.Scheme == "http") (address.Scheme, address.Port) = ("https", -1);
        using var request = new HttpRequestMessage(HttpMethod.Get, address.Uri);
        var file = await http.AskAsync(request, "statement file", cancel, ChannelHttp.FileLimit, ChannelHttp.FileBytesMax);
        if (file.Status != 200) throw new ChannelException($"Alipay answered {file.Status} to statement file.");
        return AlipayBill.Read(Details(file.Body));
    }

    public IReadOnlyList<StatementLine> ReadStatement(ReadOnlyMemory<byte> file, DateOnly day) => AlipayBill.Read(Details(file), terms.SellerId, day);

    // Their names are in GBK and change; what is inside does not.
    private static string Details(ReadOnlyMemory<byte> file) => Text(ChannelFiles.Unpack(file, (_, content) => AlipayBill.IsDetails(Text(content))).Content);

    private static string Text(byte[] content) => CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetString(content);

    private bool IsGenuine(byte[] content, string signature) => terms.Keys.Any(k => k.Verify(content, signature));

    /// <summary>The answer, when it is signed and says that it was done or is being done.</summary>
    private async Task<AlipayAnswer> AskAsync(string method, string biz, string what, CancellationToken cancel, string notifyUrl = "")
    {
        var fields = Signed(method, biz, "", notifyUrl);
        // Everything but the content stands in the address, the character set above all: it says how to read the rest.
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{terms.Gateway}?{FormText.Write(fields.Where(f => f.Key != "biz_content"))}")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(FormText.Write(fields.Where(f => f.Key == "biz_content")))),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded", "utf-8");
        var answer = await http.AskAsync(request, what, cancel);
        if (answer.Status != 200 || AlipaySignature.OfAnswer(answer.Body, method.Replace('.', '_') + "_response") is not { } signed || !IsGenuine(signed.Node.ToArray(), signed.Sign))
            throw new ChannelException($"The answer to {what} ({answer.Status}) is not signed by Alipay.");
        var told = AlipayJson.Read(signed.Node.Span) ?? throw new ChannelException($"Alipay's answer to {what} is not in the protocol.");
        return (told.Code, told.SubCode ?? "") switch
        {
            ("10000" or "10003", _) => told,
            // Nobody knows whether it was done.
            ("20000" or null, _) => throw new ChannelException($"Alipay answered {told.Code} to {what}."),
            (_, var sub) when sub.EndsWith("SYSTEM_ERROR", StringComparison.OrdinalIgnoreCase) || sub.EndsWith("unknow-error", StringComparison.OrdinalIgnoreCase) =>
                throw new ChannelException($"Alipay answered {sub} to {what}."),
            (var code, var sub) => throw new ChannelRefusedException(sub.Length > 0 ? sub : code, told.SubMsg is { Length: > 200 } words ? words[..200] : told.SubMsg ?? ""),
        };
    }

    private SortedDictionary<string, string> Signed(string method, string biz, string returnUrl, string notifyUrl)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["app_id"] = terms.AppId, ["method"] = method, ["format"] = "JSON", ["charset"] = "utf-8", ["sign_type"] = "RSA2",
            ["timestamp"] = AlipayJson.Time(clock.GetUtcNow()), ["version"] = "1.0", ["biz_content"] = biz,
        };
        if (notifyUrl.Length > 0) fields["notify_url"] = notifyUrl;
        if (returnUrl.Length > 0) fields["return_url"] = returnUrl;
        fields["sign"] = Convert.ToBase64String(terms.PrivateKey.Sign(AlipaySignature.OfCall(fields)));
        return fields;
    }

    // At most 256 characters, and none of those that their documentation excludes.
    private static string Subject(string text)
    {
        var plain = new string([.. text.Select(c => c is '/' or '=' or '&' ? ' ' : c)]);
        if (plain.Length <= 256) return plain;
        return plain[..(char.IsHighSurrogate(plain[255]) ? 255 : 256)];
    }
}
