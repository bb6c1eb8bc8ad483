using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lianka.ChannelSimulator.Protocols;

/// <summary>The server of WeChat Pay APIv3, by its public documentation: signed both ways, notices sealed with the merchant's APIv3 key.</summary>
internal sealed partial class WeChat(Trades trades, Keys keys, Notices notices, Faults faults, Lazy<string> address) : IProtocol
{
    private const string PublicKeyId = "PUB_KEY_ID_0119000000012026010100000000000001";
    private static readonly string[] _merchants = ["1900000001", "1900000002"];

    private readonly ConcurrentDictionary<string, byte[]> _files = [];
    private readonly ConcurrentDictionary<string, string> _codes = [];
    private volatile int _generation = 1;

    public string Name => "wechat";

    public IEnumerable<Identity> Identities => _merchants.Select(m => new Identity(Name, m, address.Value, new Dictionary<string, string>
    {
        ["mchid"] = m, ["appid"] = AppIdOf(m), ["api_v3_key"] = ApiKeyOf(m), ["serial"] = SerialOf(m), ["private_key"] = keys.Private(KeyOf(m)),
        ["public_key_id"] = PublicKeyId, ["public_key"] = keys.Public("wechat-public"), ["app_secret"] = AppSecretOf(m), ["oauth_url"] = address.Value,
    }));

    private static string AppIdOf(string merchant) => $"wx{merchant}abcdef";
    private static string AppSecretOf(string merchant) => $"simulated-app-secret-{merchant}";
    private static string ApiKeyOf(string merchant) => $"simulated-api-v3-key--{merchant}";
    private static string KeyOf(string merchant) => $"wechat-{merchant}";
    private static string SerialOf(string name) => "5F" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..38];
    private static string PlatformKey(int generation) => $"wechat-platform-{generation}";

    public void Rotate() => _generation++;

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var method in new[] { "native", "h5", "jsapi" })
            routes.MapPost($"/v3/pay/transactions/{method}", http => CreateAsync(http, method));
        routes.MapGet("/v3/pay/transactions/out-trade-no/{no}", QueryAsync);
        routes.MapPost("/v3/pay/transactions/out-trade-no/{no}/close", CloseAsync);
        routes.MapPost("/v3/refund/domestic/refunds", RefundAsync);
        routes.MapGet("/v3/refund/domestic/refunds/{no}", RefundQueryAsync);
        routes.MapGet("/v3/certificates", CertificatesAsync);
        routes.MapGet("/v3/bill/tradebill", BillAsync);
        routes.MapGet("/v3/billdownload/file", DownloadAsync);
        routes.MapGet("/connect/oauth2/authorize", Authorize);
        routes.MapGet("/sns/oauth2/access_token", Token);
    }

    /// <summary>Inside WeChat nobody is asked anything for the number alone: the browser comes back at once.</summary>
    private IResult Authorize(HttpContext http)
    {
        var query = http.Request.Query;
        if (query["scope"] != "snsapi_base" || query["response_type"] != "code" || !_merchants.Any(m => query["appid"] == AppIdOf(m)) || !Uri.TryCreate(query["redirect_uri"], UriKind.Absolute, out var back))
            return Results.Text("参数错误", statusCode: 400);
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _codes[code] = query["appid"].ToString();
        return Results.Redirect($"{back}{(back.Query.Length > 0 ? '&' : '?')}code={code}&state={Uri.EscapeDataString(query["state"].ToString())}");
    }

    /// <summary>A code counts once, for the account that it was given to.</summary>
    private IResult Token(HttpContext http)
    {
        var query = http.Request.Query;
        var merchant = _merchants.FirstOrDefault(m => query["appid"] == AppIdOf(m));
        if (merchant is null || query["secret"] != AppSecretOf(merchant)) return Results.Text("""{"errcode":40125,"errmsg":"invalid appsecret"}""", "text/plain");
        return _codes.TryRemove(query["code"].ToString(), out var app) && app == AppIdOf(merchant)
            ? Results.Text(Wire.Json(new { AccessToken = "simulated", ExpiresIn = 7200, RefreshToken = "simulated", Openid = OpenIdOf(merchant), Scope = "snsapi_base" }), "text/plain")
            : Results.Text("""{"errcode":40029,"errmsg":"invalid code"}""", "text/plain");
    }

    private static string OpenIdOf(string merchant) => $"oSimulatedBuyer-{merchant}";

    private async Task CreateAsync(HttpContext http, string method)
    {
        var body = await Wire.BodyAsync(http);
        if (await CallerAsync(http, body) is not { } merchant) return;
        var asked = Wire.Json(body);
        var no = Wire.Text(asked, "out_trade_no");
        var does = trades.Behaviour(Name, merchant);
        if (await faults.IsDownAsync(http, does, "create", no)) return;
        var total = asked?["amount"]?["total"] is JsonValue value && value.TryGetValue(out long fen) ? fen : 0;
        if (asked is null || !OutNoForm().IsMatch(no) || Wire.Text(asked, "description") is not { Length: > 0 } subject || !Uri.TryCreate(Wire.Text(asked, "notify_url"), UriKind.Absolute, out var notify)
            || total <= 0 || (method == "h5" && Wire.Text(asked["scene_info"], "payer_client_ip").Length == 0) || (method == "jsapi" && Wire.Text(asked["payer"], "openid").Length == 0))
        {
            await RefuseAsync(http, does, "create", no, 400, "PARAM_ERROR", "参数错误");
            return;
        }

        if (Wire.Text(asked, "mchid") != merchant || Wire.Text(asked, "appid") != AppIdOf(merchant))
        {
            await RefuseAsync(http, does, "create", no, 400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配");
            return;
        }

        if (trades.Chance("refuse-create", no, does.RefuseCreateBps))
        {
            await RefuseAsync(http, does, "create", no, 403, "NO_AUTH", "商户无权限");
            return;
        }

        var now = Trades.Now;
        var expires = DateTimeOffset.TryParse(Wire.Text(asked, "time_expire"), CultureInfo.InvariantCulture, out var at) ? at : now.AddHours(2);
        var trade = trades.Add(new Trade
        {
            Protocol = Name, Merchant = merchant, OutNo = no, TradeNo = $"42000000{now.ToOffset(Wire.China):yyyyMMdd}{trades.NextNo(12)}", Method = method, Fen = total,
            Currency = Wire.Text(asked["amount"], "currency") is { Length: > 0 } currency ? currency : "CNY", Subject = subject, NotifyUrl = notify.AbsoluteUri, CreatedAt = now, ExpiresAt = expires,
            Notes = new Dictionary<string, string> { ["openid"] = Wire.Text(asked["payer"], "openid"), ["payer_client_ip"] = Wire.Text(asked["scene_info"], "payer_client_ip") },
        });
        Interlocked.Increment(ref trade.Creates);
        var (status, code) = trade.StatusAt(now) switch
        {
            TradeStatus.Paid => (400, "ORDERPAID"),
            TradeStatus.Closed => (400, "ORDER_CLOSED"),
            _ when trade.Fen != total || trade.Subject != subject || trade.Method != method => (403, "OUT_TRADE_NO_USED"),
            _ => (200, ""),
        };
        if (status != 200)
        {
            await RefuseAsync(http, does, "create", no, status, code, "订单已存在");
            return;
        }

        await notices.OpenedAsync(trade);
        var pay = address.Value + Cashier.PathOf(trade);
        await SignedAsync(http, does, "create", no, 200, method switch
        {
            "native" => Wire.Json(new { CodeUrl = pay }),
            "h5" => Wire.Json(new { H5Url = pay + "?prepay_id=wx" + trade.TradeNo }),
            _ => Wire.Json(new { PrepayId = "wx" + trade.TradeNo }),
        });
    }

    private async Task QueryAsync(HttpContext http)
    {
        if (await CallerAsync(http, "") is not { } merchant) return;
        var (no, does) = Asked(http, merchant);
        if (await faults.IsDownAsync(http, does, "query", no)) return;
        if (http.Request.Query["mchid"] != merchant) await RefuseAsync(http, does, "query", no, 400, "PARAM_ERROR", "mchid 不匹配");
        else if (trades.Find(Name, merchant, no) is not { } trade) await RefuseAsync(http, does, "query", no, 404, "ORDER_NOT_EXIST", "订单不存在");
        else
        {
            // Refunded trades are told as REFUND.
            var state = trade.StatusAt(Trades.Now) switch
            {
                TradeStatus.Paid => trade.Refunds.Count > 0 ? "REFUND" : "SUCCESS", TradeStatus.Closed => "CLOSED", _ => "NOTPAY",
            };
            await SignedAsync(http, does, "query", no, 200, Transaction(trade, state, trade.Merchant, trade.Fen, trade.Currency, trade.PaidAt));
        }
    }

    private async Task CloseAsync(HttpContext http)
    {
        var body = await Wire.BodyAsync(http);
        if (await CallerAsync(http, body) is not { } merchant) return;
        var (no, does) = Asked(http, merchant);
        if (await faults.IsDownAsync(http, does, "close", no)) return;
        if (Wire.Text(Wire.Json(body), "mchid") != merchant) await RefuseAsync(http, does, "close", no, 400, "PARAM_ERROR", "mchid 不匹配");
        else if (trades.Find(Name, merchant, no) is not { } trade) await RefuseAsync(http, does, "close", no, 404, "ORDER_NOT_EXIST", "订单不存在");
        else if (!Trades.Close(trade)) await RefuseAsync(http, does, "close", no, 400, "ORDERPAID", "该订单已支付");
        else await SignedAsync(http, does, "close", no, 204, "");
    }

    private async Task RefundAsync(HttpContext http)
    {
        var body = await Wire.BodyAsync(http);
        if (await CallerAsync(http, body) is not { } merchant) return;
        var asked = Wire.Json(body);
        var (no, does) = (Wire.Text(asked, "out_refund_no"), trades.Behaviour(Name, merchant));
        if (await faults.IsDownAsync(http, does, "refund", no)) return;
        var trade = Wire.Text(asked, "transaction_id") is { Length: > 0 } id ? trades.Find(id) : trades.Find(Name, merchant, Wire.Text(asked, "out_trade_no"));
        var amount = asked?["amount"];
        if (trade is null || trade.Merchant != merchant) await RefuseAsync(http, does, "refund", no, 404, "RESOURCE_NOT_EXISTS", "订单不存在");
        else if (no.Length == 0 || Number(amount, "total") != trade.Fen || Wire.Text(amount, "currency") != trade.Currency)
            await RefuseAsync(http, does, "refund", no, 400, "PARAM_ERROR", "订单金额不一致");
        else
        {
            var (refund, told) = trades.Return(trade, no, Number(amount, "refund"), $"5030000{Trades.Now.ToOffset(Wire.China):yyyyMMdd}{trades.NextNo(14)}", Wire.Text(asked, "notify_url"));
            if (told == RefundTold.New) notices.Refunded(trade, refund!);
            await (told switch
            {
                RefundTold.New or RefundTold.Repeated => SignedAsync(http, does, "refund", no, 200, RefundText(trade, refund!, isNotice: false)),
                RefundTold.NotPaid => RefuseAsync(http, does, "refund", no, 400, "INVALID_REQUEST", "订单未支付"),
                RefundTold.TooMuch => RefuseAsync(http, does, "refund", no, 400, "INVALID_REQUEST", "申请退款金额超过可退金额"),
                _ => RefuseAsync(http, does, "refund", no, 400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试"),
            });
        }
    }

    private async Task RefundQueryAsync(HttpContext http)
    {
        if (await CallerAsync(http, "") is not { } merchant) return;
        var (no, does) = Asked(http, merchant);
        if (await faults.IsDownAsync(http, does, "refund-query", no)) return;
        var found = trades.All.Where(t => t.Protocol == Name && t.Merchant == merchant).SelectMany(t => t.Refunds, (t, r) => (Trade: t, Refund: r)).FirstOrDefault(f => f.Refund.OutNo == no);
        if (found.Refund is null) await RefuseAsync(http, does, "refund-query", no, 404, "RESOURCE_NOT_EXISTS", "退款单不存在");
        else await SignedAsync(http, does, "refund-query", no, 200, RefundText(found.Trade, found.Refund, isNotice: false));
    }

    private async Task CertificatesAsync(HttpContext http)
    {
        if (await CallerAsync(http, "") is not { } merchant) return;
        var does = trades.Behaviour(Name, merchant);
        var newest = _generation;
        await SignedAsync(http, does, "certificates", merchant, 200, Wire.Json(new
        {
            Data = Enumerable.Range(Math.Max(1, newest - 1), Math.Min(2, newest)).Select(g =>
            {
                using var certificate = Certificate(g);
                return new
                {
                    SerialNo = SerialOf(PlatformKey(g)), EffectiveTime = Wire.Rfc3339(new DateTimeOffset(certificate.NotBefore)), ExpireTime = Wire.Rfc3339(new DateTimeOffset(certificate.NotAfter)),
                    EncryptCertificate = Sealed(merchant, certificate.ExportCertificatePem(), "certificate"),
                };
            }),
        }));
    }

    private static byte[] BillOf(IReadOnlyList<Booked> lines, string merchant) => Encoding.UTF8.GetBytes('\uFEFF' + WeChatBill.Write(lines, merchant, AppIdOf(merchant)));

    public (string Name, byte[] Content)? File(string merchant, DateOnly day) =>
        ($"{merchant}All{day:yyyy-MM-dd}.csv", BillOf(trades.Statement(Name, merchant, day, Wire.China), merchant));

    private async Task BillAsync(HttpContext http)
    {
        if (await CallerAsync(http, "") is not { } merchant) return;
        var does = trades.Behaviour(Name, merchant);
        var query = http.Request.Query;
        if (await faults.IsDownAsync(http, does, "statement", merchant)) return;
        if (!DateOnly.TryParseExact(query["bill_date"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || query["bill_type"].ToString() is not ("" or "ALL") || query["tar_type"].ToString() is not ("" or "GZIP"))
        {
            await RefuseAsync(http, does, "statement", merchant, 400, "PARAM_ERROR", "参数错误");
            return;
        }

        var lines = trades.Statement(Name, merchant, day, Wire.China);
        if (lines.Count == 0)
        {
            await RefuseAsync(http, does, "statement", merchant, 400, "NO_STATEMENT_EXIST", "账单文件不存在");
            return;
        }

        var file = BillOf(lines, merchant);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _files[token] = query["tar_type"] == "GZIP" ? WeChatBill.Gzip(file) : file;
#pragma warning disable CA5350 // What the protocol has: the digest of the file as it is before packing.
        await SignedAsync(http, does, "statement", merchant, 200, Wire.Json(new
        {
            HashType = "SHA1", HashValue = Convert.ToHexStringLower(SHA1.HashData(file)), DownloadUrl = $"{address.Value}/v3/billdownload/file?token={token}",
        }));
#pragma warning restore CA5350
    }

    private async Task DownloadAsync(HttpContext http)
    {
        if (await CallerAsync(http, "") is null) return;
        if (!_files.TryRemove(http.Request.Query["token"].ToString(), out var file))
        {
            http.Response.StatusCode = 404;
            return;
        }

        // A file is not signed; its digest was told before.
        http.Response.ContentType = "application/octet-stream";
        await http.Response.Body.WriteAsync(file);
    }

    public HttpRequestMessage Notice(Telling telling)
    {
        var trade = telling.Trade;
        var isRefund = telling.Refund is not null;
        var content = telling.Refund is { } refund
            ? RefundText(trade, refund, isNotice: true, telling)
            : Transaction(trade, "SUCCESS", telling.Merchant, telling.Fen, telling.Currency, telling.PaidAt);
        var kind = telling.Refund is null ? "TRANSACTION.SUCCESS" : telling.Refund.StatusAt(Trades.Now) == RefundStatus.Failed ? "REFUND.ABNORMAL" : "REFUND.SUCCESS";
        var body = Wire.Json(new
        {
            Id = Guid.CreateVersion7().ToString(), CreateTime = Wire.Rfc3339(telling.SentAt), ResourceType = "encrypt-resource", EventType = kind,
            Summary = isRefund ? "退款通知" : "支付成功", Resource = Sealed(trade.Merchant, content, isRefund ? "refund" : "transaction"),
        });
        var request = new HttpRequestMessage(HttpMethod.Post, telling.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in Signature(body, telling.SentAt, trades.Behaviour(Name, trade.Merchant).UsesPublicKey, telling.IsForged)) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    // The status counts and the body does not.
    public bool IsThanks(int status, string body) => status is 200 or 204;

    private static string Transaction(Trade trade, string state, string merchant, long fen, string currency, DateTimeOffset? paidAt)
    {
        var told = new JsonObject
        {
            ["appid"] = AppIdOf(merchant), ["mchid"] = merchant, ["out_trade_no"] = trade.OutNo, ["trade_state"] = state, ["trade_state_desc"] = state,
            ["amount"] = new JsonObject { ["total"] = fen, ["currency"] = currency },
        };
        if (state is not ("SUCCESS" or "REFUND")) return told.ToJsonString();
        told["transaction_id"] = trade.TradeNo;
        told["trade_type"] = trade.Method switch { "h5" => "MWEB", "jsapi" => "JSAPI", _ => "NATIVE" };
        told["bank_type"] = "OTHERS";
        told["success_time"] = Wire.Rfc3339(paidAt ?? Trades.Now);
        told["payer"] = new JsonObject { ["openid"] = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" };
        told["amount"]!["payer_total"] = fen;
        told["amount"]!["payer_currency"] = currency;
        return told.ToJsonString();
    }

    private static string RefundText(Trade trade, Refund refund, bool isNotice, Telling? telling = null)
    {
        var status = refund.StatusAt(Trades.Now) switch { RefundStatus.Pending => "PROCESSING", RefundStatus.Failed => "ABNORMAL", _ => "SUCCESS" };
        var told = new JsonObject
        {
            ["out_refund_no"] = refund.OutNo, ["refund_id"] = refund.RefundNo, ["transaction_id"] = trade.TradeNo, ["out_trade_no"] = trade.OutNo,
            ["user_received_account"] = "支付用户零钱", [isNotice ? "refund_status" : "status"] = status,
            ["amount"] = new JsonObject { ["total"] = trade.Fen, ["refund"] = telling?.Fen ?? refund.Fen, ["payer_total"] = trade.Fen, ["payer_refund"] = refund.Fen },
        };
        if (status == "SUCCESS") told["success_time"] = Wire.Rfc3339(refund.DoneAt);
        if (isNotice)
        {
            told["mchid"] = telling?.Merchant ?? trade.Merchant;
            return told.ToJsonString();
        }

        told["channel"] = "ORIGINAL";
        told["create_time"] = Wire.Rfc3339(refund.CreatedAt);
        told["amount"]!["currency"] = trade.Currency;
        return told.ToJsonString();
    }

    private static JsonObject Sealed(string merchant, string text, string about)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var plain = Encoding.UTF8.GetBytes(text);
        var packed = new byte[plain.Length + 16];
        using var cipher = new AesGcm(Encoding.UTF8.GetBytes(ApiKeyOf(merchant)), 16);
        cipher.Encrypt(Encoding.UTF8.GetBytes(nonce), plain, packed.AsSpan(0, plain.Length), packed.AsSpan(plain.Length), Encoding.UTF8.GetBytes(about));
        return new JsonObject
        {
            ["original_type"] = about, ["algorithm"] = "AEAD_AES_256_GCM", ["ciphertext"] = Convert.ToBase64String(packed), ["associated_data"] = about, ["nonce"] = nonce,
        };
    }

    private X509Certificate2 Certificate(int generation)
    {
        var key = keys[PlatformKey(generation)];
        lock (key)
        {
            var name = new X500DistinguishedName("CN=Tenpay.com sign (simulated), OU=Tenpay.com CA Center, O=Tenpay.com, C=CN");
            var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var now = Trades.Now;
            return request.Create(name, X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1), now.AddDays(-1), now.AddYears(5), Convert.FromHexString(SerialOf(PlatformKey(generation))));
        }
    }

    private Dictionary<string, string> Signature(string body, DateTimeOffset at, bool usesPublicKey, bool isForged)
    {
        var (serial, key) = usesPublicKey ? (PublicKeyId, "wechat-public") : (SerialOf(PlatformKey(_generation)), PlatformKey(_generation));
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        return new Dictionary<string, string>
        {
            ["Wechatpay-Serial"] = serial, ["Wechatpay-Timestamp"] = time, ["Wechatpay-Nonce"] = nonce,
            ["Wechatpay-Signature"] = Convert.ToBase64String(keys.Sign(isForged ? "somebody-else" : key, Encoding.UTF8.GetBytes($"{time}\n{nonce}\n{body}\n"))),
            ["Wechatpay-Signature-Type"] = "WECHATPAY2-SHA256-RSA2048",
        };
    }

    private Task SignedAsync(HttpContext http, Behaviour does, string what, string no, int status, string body) => faults.AnswerAsync(http, does, what, no, isForged =>
    {
        var wantsPublicKey = http.Request.Headers["Wechatpay-Serial"].ToString().StartsWith("PUB_KEY_ID_", StringComparison.Ordinal);
        foreach (var (name, value) in Signature(body, Trades.Now, does.UsesPublicKey || wantsPublicKey, isForged)) http.Response.Headers[name] = value;
        http.Response.StatusCode = status;
        if (status == 204) return Task.CompletedTask;
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync(body);
    });

    private Task RefuseAsync(HttpContext http, Behaviour does, string what, string no, int status, string code, string message) =>
        SignedAsync(http, does, what, no, status, Wire.Json(new { Code = code, Message = message }));

    private (string No, Behaviour Does) Asked(HttpContext http, string merchant) => (http.GetRouteValue("no")?.ToString() ?? "", trades.Behaviour(Name, merchant));

    private static long Number(JsonNode? fields, string name) => fields?[name] is JsonValue value && value.TryGetValue(out long number) ? number : 0;

    /// <summary>Who calls; null: it was answered 401, which is not signed.</summary>
    private async Task<string?> CallerAsync(HttpContext http, string body)
    {
        var said = http.Request.Headers.Authorization.ToString();
        const string Scheme = "WECHATPAY2-SHA256-RSA2048 ";
        if (said.StartsWith(Scheme, StringComparison.Ordinal))
        {
            var fields = FieldForm().Matches(said[Scheme.Length..]).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value);
            var merchant = fields.GetValueOrDefault("mchid", "");
            var request = http.Request;
            var signed = $"{request.Method}\n{request.Path}{request.QueryString}\n{fields.GetValueOrDefault("timestamp")}\n{fields.GetValueOrDefault("nonce_str")}\n{body}\n";
            if (_merchants.Contains(merchant) && fields.GetValueOrDefault("serial_no") == SerialOf(merchant)
                && long.TryParse(fields.GetValueOrDefault("timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var time) && Math.Abs(Trades.Now.ToUnixTimeSeconds() - time) <= 300
                && Signature(fields.GetValueOrDefault("signature", "")) is { } signature && keys.Verify(KeyOf(merchant), Encoding.UTF8.GetBytes(signed), signature)
                && request.Headers.Accept.Count > 0 && request.Headers.UserAgent.Count > 0)
                return merchant;
        }

        await Faults.WriteAsync(http, 401, "application/json", Wire.Json(new { Code = "SIGN_ERROR", Message = "签名错误" }));
        return null;

        static byte[]? Signature(string text)
        {
            var bytes = new byte[512];
            return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
        }
    }

    [GeneratedRegex("^[0-9A-Za-z_|*-]{6,32}$", RegexOptions.None, 1_000)]
    private static partial Regex OutNoForm();

    [GeneratedRegex("(?<name>[a-z_]+)=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex FieldForm();
}
