using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Lianka.ChannelSimulator.Protocols;

/// <summary>The server of Alipay's OpenAPI with RSA2, by its public documentation. A trade is there when the buyer has opened it, and not before.</summary>
internal sealed class Alipay(Trades trades, Keys keys, Notices notices, Faults faults, Lazy<string> address) : IProtocol
{
    // The application's number and its owner's, who is the seller.
    private static readonly (string App, string Seller)[] _merchants = [("2021000000000001", "2088000000000001"), ("2021000000000002", "2088000000000002")];

    private readonly ConcurrentDictionary<string, byte[]> _files = [];
    private volatile int _generation = 1;

    public string Name => "alipay";

    public IEnumerable<Identity> Identities => _merchants.Select(m => new Identity(Name, m.App, address.Value + "/gateway.do", new Dictionary<string, string>
    {
        ["app_id"] = m.App, ["seller_id"] = m.Seller, ["private_key"] = keys.Private(KeyOf(m.App)), ["alipay_public_key"] = keys.Public(OwnKey(m.App)),
    }));

    private static string KeyOf(string app) => $"alipay-app-{app}";
    private string OwnKey(string app) => $"alipay-{app}-{_generation}";
    private static string SellerOf(string app) => _merchants.FirstOrDefault(m => m.App == app).Seller ?? "";

    public void Rotate() => _generation++;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/gateway.do", GatewayAsync);
        routes.MapPost("/gateway.do", GatewayAsync);
        routes.MapGet("/alipay/bill/{token}", (string token) => _files.TryRemove(token, out var file) ? Results.Bytes(file, "application/octet-stream") : Results.NotFound());
    }

    private async Task GatewayAsync(HttpContext http)
    {
        var asked = http.Request.Query.ToDictionary(p => p.Key, p => p.Value.ToString());
        if (http.Request.HasFormContentType)
        {
            foreach (var (name, value) in await http.Request.ReadFormAsync()) asked[name] = value.ToString();
        }

        var (app, method) = (asked.GetValueOrDefault("app_id", ""), asked.GetValueOrDefault("method", ""));
        var biz = Wire.Json(asked.GetValueOrDefault("biz_content", ""));
        if (!IsGenuine(app, asked) || biz is null)
        {
            await PlainAsync(http, method, new JsonObject { ["code"] = "40002", ["msg"] = "Invalid Arguments", ["sub_code"] = "isv.invalid-signature", ["sub_msg"] = "验签出错" });
            return;
        }

        var call = new Call(http, app, method, biz, asked, Wire.Text(biz, "out_trade_no"), trades.Behaviour(Name, app));
        await (method switch
        {
            "alipay.trade.page.pay" or "alipay.trade.wap.pay" => PageAsync(call),
            "alipay.trade.precreate" => PrecreateAsync(call),
            "alipay.trade.query" => QueryAsync(call),
            "alipay.trade.close" => CloseAsync(call),
            "alipay.trade.refund" => RefundAsync(call),
            "alipay.trade.fastpay.refund.query" => RefundQueryAsync(call),
            "alipay.data.dataservice.bill.downloadurl.query" => BillAsync(call),
            _ => PlainAsync(http, method, new JsonObject { ["code"] = "40002", ["msg"] = "Invalid Arguments", ["sub_code"] = "isv.invalid-method" }),
        });
    }

    private sealed record Call(HttpContext Http, string App, string Method, JsonObject Biz, Dictionary<string, string> Asked, string No, Behaviour Does);

    private (Trade? Trade, string Why) Open(Call call, TradeStatus status)
    {
        var (subject, fen) = (Wire.Text(call.Biz, "subject"), Wire.Fen(Wire.Text(call.Biz, "total_amount")));
        if (call.No.Length is 0 or > 64 || subject.Length == 0 || fen <= 0 || Wire.ReadChina(Wire.Text(call.Biz, "time_expire")) is not { } expires) return (null, "ACQ.INVALID_PARAMETER");
        if (trades.Chance("refuse-create", call.No, call.Does.RefuseCreateBps)) return (null, "ACQ.ACCESS_FORBIDDEN");
        var now = Trades.Now;
        var trade = trades.Add(new Trade
        {
            Protocol = Name, Merchant = call.App, OutNo = call.No, TradeNo = $"{now.ToOffset(Wire.China):yyyyMMdd}22001{trades.NextNo(15)}", Method = call.Method.Split('.')[2], Fen = fen, Subject = subject,
            NotifyUrl = call.Asked.GetValueOrDefault("notify_url", ""), ReturnUrl = call.Asked.GetValueOrDefault("return_url", ""), CreatedAt = now, ExpiresAt = expires, Status = status,
        });
        Interlocked.Increment(ref trade.Creates);
        return trade.StatusAt(now) switch
        {
            TradeStatus.Paid => (null, "ACQ.TRADE_HAS_SUCCESS"),
            TradeStatus.Closed => (null, "ACQ.TRADE_HAS_CLOSE"),
            _ when trade.Fen != fen || trade.Subject != subject => (null, "ACQ.CONTEXT_INCONSISTENT"),
            _ => (trade, ""),
        };
    }

    private async Task PageAsync(Call call)
    {
        if (await faults.IsDownAsync(call.Http, call.Does, "create", call.No)) return;
        var (trade, why) = Open(call, TradeStatus.Open);
        if (trade is null)
        {
            await Faults.WriteAsync(call.Http, 200, "text/html", $"<h1>{why}</h1>");
            return;
        }

        await notices.OpenedAsync(trade);
        await Cashier.Show(trade).ExecuteAsync(call.Http);
    }

    private async Task PrecreateAsync(Call call)
    {
        if (await faults.IsDownAsync(call.Http, call.Does, "create", call.No)) return;
        var (trade, why) = Open(call, TradeStatus.Unseen);
        if (trade is null) await RefuseAsync(call, "create", why);
        else
        {
            await notices.OpenedAsync(trade);
            await DoneAsync(call, "create", new JsonObject { ["out_trade_no"] = trade.OutNo, ["qr_code"] = address.Value + Cashier.PathOf(trade) });
        }
    }

    private async Task QueryAsync(Call call)
    {
        if (await faults.IsDownAsync(call.Http, call.Does, "query", call.No)) return;
        if (Seen(call) is not { } trade) await RefuseAsync(call, "query", "ACQ.TRADE_NOT_EXIST");
        else
        {
            var told = new JsonObject
            {
                ["trade_no"] = trade.TradeNo, ["out_trade_no"] = trade.OutNo, ["buyer_logon_id"] = "buy***@example.com", ["trade_status"] = StatusOf(trade), ["total_amount"] = Wire.Yuan(trade.Fen),
                ["receipt_amount"] = trade.PaidAt is null ? "0.00" : Wire.Yuan(trade.Fen), ["buyer_pay_amount"] = trade.PaidAt is null ? "0.00" : Wire.Yuan(trade.Fen),
            };
            if (trade.PaidAt is { } at) told["send_pay_date"] = Wire.ChinaText(at);
            await DoneAsync(call, "query", told);
        }
    }

    private async Task CloseAsync(Call call)
    {
        if (await faults.IsDownAsync(call.Http, call.Does, "close", call.No)) return;
        if (Seen(call) is not { } trade) await RefuseAsync(call, "close", "ACQ.TRADE_NOT_EXIST");
        else if (trade.Status == TradeStatus.Closed || !Trades.Close(trade)) await RefuseAsync(call, "close", "ACQ.TRADE_STATUS_ERROR");
        else await DoneAsync(call, "close", new JsonObject { ["trade_no"] = trade.TradeNo, ["out_trade_no"] = trade.OutNo });
    }

    private async Task RefundAsync(Call call)
    {
        if (await faults.IsDownAsync(call.Http, call.Does, "refund", call.No)) return;
        if (Seen(call) is not { } trade)
        {
            await RefuseAsync(call, "refund", "ACQ.TRADE_NOT_EXIST");
            return;
        }

        var (refund, told) = trades.Return(trade, Wire.Text(call.Biz, "out_request_no"), Wire.Fen(Wire.Text(call.Biz, "refund_amount")), "");
        await (told switch
        {
            // Its own number of a refund there is none; "N": nothing moved by this call.
            RefundTold.New or RefundTold.Repeated => DoneAsync(call, "refund", new JsonObject
            {
                ["trade_no"] = trade.TradeNo, ["out_trade_no"] = trade.OutNo, ["buyer_logon_id"] = "buy***@example.com", ["refund_fee"] = Wire.Yuan(trade.RefundedFen(Trades.Now)),
                ["fund_change"] = told == RefundTold.New && refund!.StatusAt(Trades.Now) == RefundStatus.Done ? "Y" : "N",
            }),
            RefundTold.NotPaid => RefuseAsync(call, "refund", "ACQ.TRADE_STATUS_ERROR"),
            RefundTold.TooMuch => RefuseAsync(call, "refund", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"),
            _ => RefuseAsync(call, "refund", "ACQ.DISCORDANT_REPEAT_REQUEST"),
        });
    }

    private async Task RefundQueryAsync(Call call)
    {
        if (await faults.IsDownAsync(call.Http, call.Does, "refund-query", call.No)) return;
        if (Seen(call) is not { } trade)
        {
            await RefuseAsync(call, "refund-query", "ACQ.TRADE_NOT_EXIST");
            return;
        }

        var told = new JsonObject();
        // What is not done is not mentioned.
        if (trade.Refunds.Find(r => r.OutNo == Wire.Text(call.Biz, "out_request_no")) is { } refund && refund.StatusAt(Trades.Now) == RefundStatus.Done)
        {
            told = new JsonObject
            {
                ["trade_no"] = trade.TradeNo, ["out_trade_no"] = trade.OutNo, ["out_request_no"] = refund.OutNo, ["total_amount"] = Wire.Yuan(trade.Fen), ["refund_amount"] = Wire.Yuan(refund.Fen),
                ["refund_status"] = "REFUND_SUCCESS",
            };
        }

        await DoneAsync(call, "refund-query", told);
    }

    public (string Name, byte[] Content)? File(string merchant, DateOnly day) =>
        ($"{SellerOf(merchant)}0156_{day:yyyyMMdd}.zip", AlipayBill.Zip(trades.Statement(Name, merchant, day, Wire.China), SellerOf(merchant), day));

    private async Task BillAsync(Call call)
    {
        if (await faults.IsDownAsync(call.Http, call.Does, "statement", call.App)) return;
        if (Wire.Text(call.Biz, "bill_type") != "trade" || !DateOnly.TryParseExact(Wire.Text(call.Biz, "bill_date"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            await RefuseAsync(call, "statement", "isv.invalid-arguments");
            return;
        }

        var lines = trades.Statement(Name, call.App, day, Wire.China);
        if (lines.Count == 0)
        {
            await RefuseAsync(call, "statement", "isp.bill_not_exist");
            return;
        }

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _files[token] = AlipayBill.Zip(lines, SellerOf(call.App), day);
        await DoneAsync(call, "statement", new JsonObject { ["bill_download_url"] = $"{address.Value}/alipay/bill/{token}" });
    }

    /// <summary>The trade, once its buyer has opened it.</summary>
    private Trade? Seen(Call call) =>
        (Wire.Text(call.Biz, "trade_no") is { Length: > 0 } no ? trades.Find(no) is { } own && own.Protocol == Name && own.Merchant == call.App ? own : null : trades.Find(Name, call.App, call.No)) is { Status: not TradeStatus.Unseen } trade ? trade : null;

    private static string StatusOf(Trade trade) => trade.StatusAt(Trades.Now) switch
    {
        // Given back as a whole it is closed as well.
        TradeStatus.Paid => trade.RefundedFen(Trades.Now) == trade.Fen ? "TRADE_CLOSED" : "TRADE_SUCCESS",
        TradeStatus.Closed => "TRADE_CLOSED",
        _ => "WAIT_BUYER_PAY",
    };

    public HttpRequestMessage? Notice(Telling telling)
    {
        if (telling.Refund is not null) return null;
        var trade = telling.Trade;
        var told = new Dictionary<string, string>
        {
            ["notify_time"] = Wire.ChinaText(telling.SentAt), ["notify_type"] = "trade_status_sync", ["notify_id"] = Guid.CreateVersion7().ToString("N"), ["charset"] = "utf-8", ["version"] = "1.0",
            ["app_id"] = telling.Merchant, ["auth_app_id"] = telling.Merchant, ["seller_id"] = SellerOf(telling.Merchant), ["buyer_id"] = "2088102116773037", ["trade_no"] = trade.TradeNo,
            ["out_trade_no"] = trade.OutNo, ["trade_status"] = "TRADE_SUCCESS", ["total_amount"] = Wire.Yuan(telling.Fen), ["receipt_amount"] = Wire.Yuan(telling.Fen),
            ["buyer_pay_amount"] = Wire.Yuan(telling.Fen), ["subject"] = trade.Subject, ["gmt_create"] = Wire.ChinaText(trade.CreatedAt), ["gmt_payment"] = Wire.ChinaText(telling.PaidAt),
            ["fund_bill_list"] = $$"""[{"amount":"{{Wire.Yuan(telling.Fen)}}","fundChannel":"ALIPAYACCOUNT"}]""",
        };
        told["sign"] = Convert.ToBase64String(keys.Sign(telling.IsForged ? "somebody-else" : OwnKey(trade.Merchant), Encoding.UTF8.GetBytes(Content(told))));
        told["sign_type"] = "RSA2";
        return new HttpRequestMessage(HttpMethod.Post, telling.Url) { Content = new FormUrlEncodedContent(told) };
    }

    // The body counts, and nothing may stand around it.
    public bool IsThanks(int status, string body) => status == 200 && body == "success";

    private static string Content(Dictionary<string, string> fields) =>
        string.Join('&', fields.Where(f => f.Value.Length > 0).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"));

    private bool IsGenuine(string app, Dictionary<string, string> asked)
    {
        if (SellerOf(app).Length == 0 || asked.GetValueOrDefault("sign_type") != "RSA2" || Wire.ReadChina(asked.GetValueOrDefault("timestamp", "")) is not { } at || (Trades.Now - at).Duration() > TimeSpan.FromMinutes(15)) return false;
        var signature = new byte[512];
        return Convert.TryFromBase64String(asked.GetValueOrDefault("sign", ""), signature, out var length)
            && keys.Verify(KeyOf(app), Encoding.UTF8.GetBytes(Content(asked.Where(f => f.Key != "sign").ToDictionary())), signature[..length]);
    }

    private Task DoneAsync(Call call, string what, JsonObject told)
    {
        var answer = new JsonObject { ["code"] = "10000", ["msg"] = "Success" };
        foreach (var (name, value) in told) answer[name] = value?.DeepClone();
        return SignedAsync(call, what, answer);
    }

    private Task RefuseAsync(Call call, string what, string why) =>
        SignedAsync(call, what, new JsonObject { ["code"] = "40004", ["msg"] = "Business Failed", ["sub_code"] = why, ["sub_msg"] = "业务处理失败" });

    private Task SignedAsync(Call call, string what, JsonObject answer) => faults.AnswerAsync(call.Http, call.Does, what, call.No, isForged =>
    {
        // The text that is signed is the text that is sent, with its escapes.
        var text = answer.ToJsonString();
        var sign = Convert.ToBase64String(keys.Sign(isForged ? "somebody-else" : OwnKey(call.App), Encoding.UTF8.GetBytes(text)));
        call.Http.Response.ContentType = "text/html;charset=utf-8";
        return call.Http.Response.WriteAsync($$"""{"{{NodeOf(call.Method)}}":{{text}},"sign":"{{sign}}"}""");
    });

    private static Task PlainAsync(HttpContext http, string method, JsonObject answer) =>
        Faults.WriteAsync(http, 200, "text/html", $$"""{"{{NodeOf(method)}}":{{answer.ToJsonString()}}}""");

    private static string NodeOf(string method) => method.Replace('.', '_') + "_response";
}
