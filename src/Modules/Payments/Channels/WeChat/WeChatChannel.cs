using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Lianka.Modules.Payments.Channels.WeChat.Core;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.WeChat;

/// <summary>WeChat Pay APIv3 for a merchant of its own (not a service provider's).</summary>
/// <remarks>
/// Read needs the platform's key at once; under a serial that is not known yet it fetches the certificates in the background and refuses
/// the notice, which comes again after 15 s.
/// Held by: tests/Integration/Channels/WeChatTests.cs.
/// </remarks>
internal sealed class WeChatChannel : IChannel, IKnowsBuyers
{
    private readonly WeChatTerms _terms;
    private readonly GuardedHttp _http;
    private readonly TimeProvider _clock;
    private readonly WeChatPlatformKeys _keys;

    public WeChatChannel(WeChatTerms terms, GuardedHttp http, TimeProvider clock)
    {
        (_terms, _http, _clock) = (terms, http, clock);
        _keys = new WeChatPlatformKeys(terms, cancel => SendAsync(HttpMethod.Get, "/v3/certificates", "", "certificates", cancel), clock);
    }

    public async Task<PayCode> CreateAsync(ChannelOrder order, CancellationToken cancel)
    {
        var body = WeChatJson.Write(new
        {
            appid = _terms.AppId, mchid = _terms.Merchant, description = Cut(order.Subject, 127), out_trade_no = order.OutNo, time_expire = WeChatJson.Time(order.ExpiresAt),
            notify_url = _terms.NotifyUrl, amount = new { total = order.Amount.Units / Kernel.Money.UnitsPerFen, currency = order.Amount.Currency.Code },
            payer = order.Method == "jsapi" ? new { openid = order.OpenId } : null,
            scene_info = order.Method == "h5" ? new { payer_client_ip = order.BuyerIp, h5_info = new { type = "Wap" } } : null,
        });
        WeChatPayCode code;
        try
        {
            code = await AskAsync<WeChatPayCode>(HttpMethod.Post, $"/v3/pay/transactions/{order.Method}", body, "create", cancel);
        }
        catch (ChannelRefusedException refused)
        {
            // "Number used" and "paid already" are refusals too, of which a trade is there that may take money.
            var there = await QueryAsync(new TradeRef(order.OutNo, order.CreatedAt), cancel);
            if (there.State is TradeState.Absent or TradeState.Closed) throw;
            throw new ChannelException($"WeChat Pay has a trade of this number already ({refused.Code}).", refused);
        }

        return (order.Method, code) switch
        {
            ("native", { CodeUrl: { Length: > 0 } url }) => new PayCode(PayShape.Qr, url),
            ("h5", { H5Url: { Length: > 0 } url }) => new PayCode(PayShape.Redirect, $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}redirect_url={Uri.EscapeDataString(order.ReturnUrl)}"),
            ("jsapi", { PrepayId: { Length: > 0 } id }) => new PayCode(PayShape.Script, id, Script(id)),
            _ => throw new ChannelException("WeChat Pay's answer to create has no pay code."),
        };
    }

    public async Task<ChannelTrade> QueryAsync(TradeRef trade, CancellationToken cancel)
    {
        try
        {
            var told = await AskAsync<WeChatTransaction>(HttpMethod.Get, $"/v3/pay/transactions/out-trade-no/{trade.OutNo}?mchid={_terms.Merchant}", "", "query", cancel);
            return told.OutTradeNo == trade.OutNo && told.Mchid == _terms.Merchant && told.Trade() is { } known
                ? known : throw new ChannelException("WeChat Pay's answer to query is not about this trade.");
        }
        catch (ChannelRefusedException refused) when (refused.Code is "ORDER_NOT_EXIST" or "ORDERNOTEXIST" or "RESOURCE_NOT_EXISTS")
        {
            return new ChannelTrade(TradeState.Absent, "", Kernel.Money.Zero);
        }
    }

    public async Task<ChannelTrade> CloseAsync(TradeRef trade, CancellationToken cancel)
    {
        try
        {
            await CallAsync(HttpMethod.Post, $"/v3/pay/transactions/out-trade-no/{trade.OutNo}/close", WeChatJson.Write(new { mchid = _terms.Merchant }), "close", cancel);
        }
        catch (ChannelRefusedException)
        {
            // Paid, closed before, or not there: the query says which.
        }

        return await QueryAsync(trade, cancel);
    }

    public async Task<RefundAnswer> RefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        var body = WeChatJson.Write(new
        {
            out_trade_no = refund.IsOfStatement ? null : refund.Trade.OutNo, transaction_id = refund.IsOfStatement ? refund.Trade.TradeNo : null, out_refund_no = refund.RefundNo, reason = refund.Reason.Length > 0 ? Cut(refund.Reason, 80) : null, notify_url = _terms.NotifyUrl,
            amount = new { refund = refund.Amount.Units / Kernel.Money.UnitsPerFen, total = refund.Paid.Units / Kernel.Money.UnitsPerFen, currency = refund.Amount.Currency.Code },
        });
        return Answer(await AskAsync<WeChatRefund>(HttpMethod.Post, "/v3/refund/domestic/refunds", body, "refund", cancel), refund);
    }

    public async Task<RefundAnswer> QueryRefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        try
        {
            return Answer(await AskAsync<WeChatRefund>(HttpMethod.Get, $"/v3/refund/domestic/refunds/{refund.RefundNo}", "", "refund query", cancel), refund);
        }
        catch (ChannelRefusedException refused) when (refused.Code == "RESOURCE_NOT_EXISTS")
        {
            return new RefundAnswer(RefundOutcome.Absent);
        }
    }

    public ChannelNotice? Read(RawNotice notice)
    {
        if (notice.Method != "POST" || WeChatHeaders.Of(notice.Headers) is not { } signed) return null;
        if (_keys.Known(signed.Serial) is not { } key)
        {
            _keys.Want(signed.Serial);
            return null;
        }

        if (!signed.IsGenuine(key, notice.Body.Span, _clock.GetUtcNow())) return null;
        if (WeChatJson.Read<WeChatNotice>(notice.Body.Span) is not { EventType: { } kind } told || WeChatSeal.Open(_terms.ApiKeys, told.Resource) is not { } plain) return null;
        if (kind.StartsWith("REFUND.", StringComparison.Ordinal))
        {
            return WeChatJson.Read<WeChatRefund>(plain) is { OutTradeNo: { } no, OutRefundNo: { } refundNo } refund && refund.Mchid == _terms.Merchant && refund.Answer() is { } answer
                && WeChatJson.Amount(refund.Amount?.Refund, null) is { } amount
                ? new ChannelNotice(no, refund.TransactionId ?? "", amount, TradeState.Paid, refundNo, answer.Outcome) : null;
        }

        return kind.StartsWith("TRANSACTION.", StringComparison.Ordinal)
            && WeChatJson.Read<WeChatTransaction>(plain) is { OutTradeNo: { } outNo } trade && trade.Mchid == _terms.Merchant && trade.Appid == _terms.AppId && trade.Trade() is { } known
            ? new ChannelNotice(outNo, known.TradeNo, known.Amount, known.State) : null;
    }

    // The status alone counts: 200 with words of failure ends the notices.
    public NoticeReply Reply(bool isTaken) => isTaken ? new NoticeReply(204, "") : new NoticeReply(500, """{"code":"FAIL","message":"失败"}""", "application/json");

    public async Task<IReadOnlyList<StatementLine>> StatementAsync(DateOnly day, CancellationToken cancel)
    {
        WeChatBillPlace place;
        try
        {
            place = await AskAsync<WeChatBillPlace>(HttpMethod.Get, $"/v3/bill/tradebill?bill_date={day:yyyy-MM-dd}&bill_type=ALL&tar_type=GZIP", "", "statement", cancel);
        }
        catch (ChannelRefusedException refused) when (refused.Code == "NO_STATEMENT_EXIST")
        {
            return []; // There was no trade on that day.
        }
        catch (ChannelRefusedException refused) when (refused.Code == "STATEMENT_CREATING")
        {
            throw new ChannelException("WeChat Pay is still writing the statement.", refused);
        }

        if (place is not { HashType: "SHA1", HashValue: { } digest, DownloadUrl: { } url } || !GuardedHttp.IsWebAddress(url)) throw new ChannelException("WeChat Pay's answer to statement names no file.");
        using var request = Request(HttpMethod.Get, new Uri(url), "");
        var file = await _http.AskAsync(request, "statement file", cancel, ChannelHttp.FileLimit, ChannelHttp.FileBytesMax);
        if (file.Status != 200) throw new ChannelException($"WeChat Pay answered {file.Status} to statement file.");
        // Whatever was asked for, the first bytes say what it is.
        var (_, plain) = ChannelFiles.Unpack(file.Body, (_, _) => true);
#pragma warning disable CA5350 // The file's own protocol; it came over TLS, and the digest in a signed answer.
        if (!Convert.ToHexString(SHA1.HashData(plain)).Equals(digest, StringComparison.OrdinalIgnoreCase)) throw new ChannelException("The statement's digest is not the one that was told.");
#pragma warning restore CA5350
        return WeChatBill.Read(Encoding.UTF8.GetString(plain), _terms.Merchant);
    }

    // The number alone (snsapi_base): nobody is asked for anything.
    public string BuyerAddress(string returnUrl, string state) =>
        $"{_terms.OAuthPage}/connect/oauth2/authorize?appid={_terms.AppId}&redirect_uri={Uri.EscapeDataString(returnUrl)}&response_type=code&scope=snsapi_base&state={Uri.EscapeDataString(state)}#wechat_redirect";

    public async Task<string> OpenIdAsync(string code, CancellationToken cancel)
    {
        // The protocol has the secret in the address; nothing of a request is logged.
        using var request = new HttpRequestMessage(HttpMethod.Get,
            $"{_terms.OAuthCall}/sns/oauth2/access_token?appid={_terms.AppId}&secret={Uri.EscapeDataString(_terms.AppSecret)}&code={Uri.EscapeDataString(code)}&grant_type=authorization_code");
        var answer = await _http.AskAsync(request, "the buyer's number", cancel);
        if (WeChatJson.Read<WeChatBuyer>(answer.Body) is not { } told) throw new ChannelException("WeChat's answer to the buyer's number is not in the protocol.");
        return told is { Openid: { Length: > 0 and <= 128 } id, Errcode: null or 0 } ? id : throw new ChannelRefusedException($"{told.Errcode}", Cut(told.Errmsg ?? "", 200));
    }

    public IReadOnlyList<StatementLine> ReadStatement(ReadOnlyMemory<byte> file, DateOnly day)
    {
        var (_, plain) = ChannelFiles.Unpack(file, (_, content) => WeChatBill.IsBill(Encoding.UTF8.GetString(content)));
        var lines = WeChatBill.Read(Encoding.UTF8.GetString(plain), _terms.Merchant, day);
        return lines.Count > 0 ? lines : throw StatementFileException.Empty();
    }

    private static RefundAnswer Answer(WeChatRefund told, ChannelRefund refund) =>
        told.OutRefundNo == refund.RefundNo && refund.IsOf(told.OutTradeNo, told.TransactionId) && told.Answer() is { } answer
            ? answer : throw new ChannelException("WeChat Pay's answer is not about this refund.");

    private Dictionary<string, string> Script(string prepayId)
    {
        var (time, nonce, package) = (WeChatSignature.Time(_clock.GetUtcNow()), Nonce(), $"prepay_id={prepayId}");
        return new Dictionary<string, string>
        {
            ["appId"] = _terms.AppId, ["timeStamp"] = time, ["nonceStr"] = nonce, ["package"] = package, ["signType"] = "RSA",
            ["paySign"] = Convert.ToBase64String(_terms.PrivateKey.Sign(WeChatSignature.OfScript(_terms.AppId, time, nonce, package))),
        };
    }

    private async Task<T> AskAsync<T>(HttpMethod method, string path, string body, string what, CancellationToken cancel) where T : class =>
        WeChatJson.Read<T>(await CallAsync(method, path, body, what, cancel)) ?? throw new ChannelException($"WeChat Pay's answer to {what} is not in the protocol.");

    /// <summary>The body of an answer that is signed and says that it was done.</summary>
    private async Task<byte[]> CallAsync(HttpMethod method, string path, string body, string what, CancellationToken cancel)
    {
        var answer = await SendAsync(method, path, body, what, cancel);
        // Not signed, because they do not know for whom.
        if (answer.Status == 401) throw new ChannelException($"WeChat Pay did not accept our signature under {what}: the merchant number, the certificate's serial or the private key is wrong.");
        if (WeChatHeaders.Of(answer.Headers) is not { } signed || await _keys.FindAsync(signed.Serial, cancel) is not { } key || !signed.IsGenuine(key, answer.Body, _clock.GetUtcNow()))
            throw new ChannelException($"The answer to {what} ({answer.Status}) is not signed by WeChat Pay.");
        if (answer.Status is >= 200 and < 300) return answer.Body;
        if (answer.Status is < 400 or >= 500 || WeChatJson.Read<WeChatRefusal>(answer.Body) is not { Code: { Length: > 0 } code } refusal || code is "SYSTEM_ERROR" or "FREQUENCY_LIMITED" or "RATELIMIT_EXCEEDED")
            throw new ChannelException($"WeChat Pay answered {answer.Status} to {what}.");
        throw new ChannelRefusedException(code, Cut(refusal.Message ?? "", 200));
    }

    private async Task<CallOutcome.Answered> SendAsync(HttpMethod method, string path, string body, string what, CancellationToken cancel)
    {
        using var request = Request(method, new Uri(_terms.BaseUrl + path), body);
        return await _http.AskAsync(request, what, cancel);
    }

    private HttpRequestMessage Request(HttpMethod method, Uri address, string body)
    {
        var (time, nonce) = (WeChatSignature.Time(_clock.GetUtcNow()), Nonce());
        var signature = _terms.PrivateKey.Sign(WeChatSignature.OfRequest(method.Method, address.PathAndQuery, time, nonce, body));
        var request = new HttpRequestMessage(method, address);
        request.Headers.TryAddWithoutValidation("Authorization", WeChatSignature.Authorization(_terms.Merchant, _terms.Serial, time, nonce, signature));
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        // They refuse calls without a name.
        request.Headers.TryAddWithoutValidation("User-Agent", "Lianka");
        // While both are in use: sign for us with the public key.
        if (_terms.PublicKey is not null) request.Headers.TryAddWithoutValidation("Wechatpay-Serial", _terms.PublicKeyId);
        if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    private static string Nonce() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>At most so many bytes of UTF-8, never half a character: the documentation counts characters and does not say which.</summary>
    private static string Cut(string text, int bytesMax)
    {
        var kept = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > bytesMax) break;
            kept.Append(rune.ToString());
        }

        return kept.ToString();
    }
}
