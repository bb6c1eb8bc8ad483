using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Lianka.ChannelSimulator.Protocols;

/// <summary>UnionPay's gateway of version 5.1.0, by its public example programs: forms of names and values, certificates in the messages.</summary>
internal sealed class UnionPay : IProtocol
{
    private const string Password = "000000";

    private static readonly string[] _merchants = ["777290058110048", "777290058110097"];

    private readonly Trades _trades;
    private readonly Keys _keys;
    private readonly Notices _notices;
    private readonly Faults _faults;
    private readonly Lazy<string> _address;
    private readonly Lazy<(X509Certificate2 Root, X509Certificate2 Middle)> _authority;
    private readonly Lazy<Dictionary<string, X509Certificate2>> _own;
    private X509Certificate2? _signing;
    private int _generation = 1;

    public UnionPay(Trades trades, Keys keys, Notices notices, Faults faults, Lazy<string> address)
    {
        (_trades, _keys, _notices, _faults, _address) = (trades, keys, notices, faults, address);
        _authority = new(() =>
        {
            var root = Request("CN=Simulated UnionPay Root", keys["unionpay-root"], true).CreateSelfSigned(Trades.Now.AddYears(-1), Trades.Now.AddYears(20));
            return (root, Issue("CN=Simulated UnionPay Middle", "unionpay-middle", root, true));
        });
        _own = new(() => _merchants.ToDictionary(m => m, m => Issue("CN=" + m, "unionpay-" + m, _authority.Value.Middle, false)));
    }

    public string Name => "unionpay";

    public IEnumerable<Identity> Identities => _merchants.Select(m => new Identity(Name, m, _address.Value + "/unionpay", new Dictionary<string, string>
    {
        ["mer_id"] = m, ["pfx"] = Convert.ToBase64String(_own.Value[m].Export(X509ContentType.Pfx, Password)), ["pfx_password"] = Password,
        ["root_cert"] = _authority.Value.Root.ExportCertificatePem(), ["middle_cert"] = _authority.Value.Middle.ExportCertificatePem(),
    }));

    public void Rotate()
    {
        lock (_authority) (_generation, _signing) = (_generation + 1, null);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/unionpay/gateway/api/frontTransReq.do", http => TakeAsync(http, "create", (asked, does) => FrontAsync(http, asked, does)));
        routes.MapPost("/unionpay/gateway/api/queryTrans.do", http => TakeAsync(http, "query", (asked, does) => AnswerAsync(http, does, "query", asked, Query(asked))));
        routes.MapPost("/unionpay/gateway/api/backTransReq.do", http => TakeAsync(http, "refund", (asked, does) => AnswerAsync(http, does, "refund", asked, Refund(asked))));
        routes.MapPost("/unionpay/", http => TakeAsync(http, "statement", (asked, does) => AnswerAsync(http, does, "statement", asked, Files(asked))));
    }

    private async Task FrontAsync(HttpContext http, Dictionary<string, string> asked, Behaviour does)
    {
        var fen = long.TryParse(asked.GetValueOrDefault("txnAmt"), out var amount) ? amount : 0;
        var made = Time(asked.GetValueOrDefault("txnTime", ""));
        if (asked.GetValueOrDefault("txnType") != "01" || fen <= 0 || made is null || asked.GetValueOrDefault("currencyCode") != "156" || Time(asked.GetValueOrDefault("payTimeout", "")) is not { } until
            || asked.GetValueOrDefault("orderId", "").Length is < 8 or > 40 || _trades.Chance("refuse-create", asked["orderId"], does.RefuseCreateBps))
        {
            await Faults.WriteAsync(http, 200, "text/html", "<html>交易失败 Invalid request</html>");
            return;
        }

        var trade = _trades.Add(new Trade
        {
            Protocol = Name, Merchant = asked["merId"], OutNo = asked["orderId"], TradeNo = NextQueryId(), Method = asked.GetValueOrDefault("channelType") == "08" ? "wap" : "front", Fen = fen, Subject = "银联在线支付",
            NotifyUrl = asked.GetValueOrDefault("backUrl", ""), ReturnUrl = asked.GetValueOrDefault("frontUrl", ""), CreatedAt = Trades.Now, ExpiresAt = until,
            Notes = new Dictionary<string, string> { ["txnTime"] = asked["txnTime"], ["reqReserved"] = asked.GetValueOrDefault("reqReserved", "") },
        });
        Interlocked.Increment(ref trade.Creates);
        await _notices.OpenedAsync(trade);
        await Cashier.Show(trade).ExecuteAsync(http);
    }

    private Dictionary<string, string> Query(Dictionary<string, string> asked)
    {
        var now = Trades.Now;
        var (no, time) = (asked.GetValueOrDefault("orderId", ""), asked.GetValueOrDefault("txnTime", ""));
        var own = _trades.All.Where(t => t.Protocol == Name && t.Merchant == asked["merId"]);
        if (own.FirstOrDefault(t => t.OutNo == no && t.Notes["txnTime"] == time) is { } trade)
        {
            var told = new Dictionary<string, string>
            {
                ["txnAmt"] = Number(trade.Fen), ["currencyCode"] = "156", ["queryId"] = trade.TradeNo, ["reqReserved"] = trade.Notes["reqReserved"], ["txnType"] = "01",
                ["traceTime"] = (trade.PaidAt ?? trade.CreatedAt).ToOffset(Wire.China).ToString("MMddHHmmss", CultureInfo.InvariantCulture),
            };
            (told["origRespCode"], told["origRespMsg"]) = trade.StatusAt(now) switch { TradeStatus.Paid => ("00", "交易成功"), TradeStatus.Closed => ("77", "交易超时失败"), _ => ("05", "交易处理中") };
            return Said(asked, "00", "成功[0000000]", told);
        }

        if (own.SelectMany(t => t.Refunds, (t, r) => (Trade: t, Refund: r)).FirstOrDefault(f => f.Refund.OutNo == no) is { Refund: { } refund } found)
        {
            var told = new Dictionary<string, string> { ["txnAmt"] = Number(refund.Fen), ["currencyCode"] = "156", ["queryId"] = refund.RefundNo, ["origQryId"] = found.Trade.TradeNo, ["reqReserved"] = found.Trade.OutNo, ["txnType"] = "04" };
            (told["origRespCode"], told["origRespMsg"]) = refund.StatusAt(now) switch { RefundStatus.Done => ("00", "交易成功"), RefundStatus.Failed => ("99", "交易失败"), _ => ("05", "交易处理中") };
            return Said(asked, "00", "成功[0000000]", told);
        }

        return Said(asked, "34", "查无此交易[2600000]", []);
    }

    private Dictionary<string, string> Refund(Dictionary<string, string> asked)
    {
        if (asked.GetValueOrDefault("txnType") != "04" || !long.TryParse(asked.GetValueOrDefault("txnAmt"), out var fen)) return Said(asked, "10", "报文格式错误", []);
        if (_trades.All.FirstOrDefault(t => t.Protocol == Name && t.Merchant == asked["merId"] && t.TradeNo == asked.GetValueOrDefault("origQryId")) is not { } trade) return Said(asked, "34", "查无此交易", []);
        var (refund, told) = _trades.Return(trade, asked.GetValueOrDefault("orderId", ""), fen, NextQueryId(), asked.GetValueOrDefault("backUrl", ""));
        if (told == RefundTold.New) _notices.Refunded(trade, refund!);
        return told switch
        {
            RefundTold.New => Said(asked, "00", "成功[0000000]", new() { ["queryId"] = refund!.RefundNo, ["txnAmt"] = Number(fen) }),
            RefundTold.Repeated or RefundTold.Other => Said(asked, "12", "重复交易", []),
            RefundTold.TooMuch => Said(asked, "61", "退货金额超出", []),
            _ => Said(asked, "36", "原交易状态不正确", []),
        };
    }

    private Dictionary<string, string> Files(Dictionary<string, string> asked)
    {
        var now = Trades.Now.ToOffset(Wire.China);
        if (asked.GetValueOrDefault("txnType") != "76" || !DateOnly.TryParseExact(now.Year + asked.GetValueOrDefault("settleDate", ""), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return Said(asked, "10", "报文格式错误", []);
        // The calendar's days here; UnionPay's own end at 23:00.
        var lines = _trades.Statement(Name, asked["merId"], day, Wire.China);
        return lines.Count == 0 ? Said(asked, "98", "文件不存在", []) : Said(asked, "00", "成功[0000000]", new()
        {
            ["fileName"] = $"{asked["merId"]}_{day:yyyyMMdd}.zip", ["fileContent"] = UnionPayFile.Pack(UnionPayFile.Zip(lines, asked["merId"], day)),
        });
    }

    public HttpRequestMessage? Notice(Telling telling)
    {
        var trade = telling.Trade;
        var told = new Dictionary<string, string>
        {
            ["version"] = "5.1.0", ["encoding"] = "UTF-8", ["signMethod"] = "01", ["bizType"] = "000201", ["accessType"] = "0", ["merId"] = telling.Merchant, ["txnAmt"] = Number(telling.Fen),
            ["currencyCode"] = telling.Currency switch { "CNY" => "156", "USD" => "840", _ => "978" }, ["respCode"] = "00", ["respMsg"] = "成功[0000000]",
            ["settleDate"] = Trades.Now.ToOffset(Wire.China).ToString("MMdd", CultureInfo.InvariantCulture), ["traceTime"] = telling.PaidAt.ToOffset(Wire.China).ToString("MMddHHmmss", CultureInfo.InvariantCulture),
        };
        if (telling.Refund is { } refund)
        {
            (told["txnType"], told["orderId"], told["queryId"], told["origQryId"], told["reqReserved"]) = ("04", refund.OutNo, refund.RefundNo, trade.TradeNo, trade.OutNo);
            if (refund.StatusAt(Trades.Now) == RefundStatus.Failed) (told["respCode"], told["respMsg"]) = ("99", "交易失败");
        }
        else (told["txnType"], told["txnSubType"], told["orderId"], told["queryId"], told["txnTime"], told["reqReserved"]) = ("01", "01", trade.OutNo, trade.TradeNo, trade.Notes["txnTime"], trade.Notes["reqReserved"]);
        return new HttpRequestMessage(HttpMethod.Post, telling.Url) { Content = new FormUrlEncodedContent(Signed(told, telling.IsForged)) };
    }

    public bool IsThanks(int status, string body) => status == 200;

    public (string Name, byte[] Content)? File(string merchant, DateOnly day) =>
        ($"{merchant}_{day:yyyyMMdd}.zip", UnionPayFile.Zip(_trades.Statement(Name, merchant, day, Wire.China), merchant, day));

    private async Task TakeAsync(HttpContext http, string what, Func<Dictionary<string, string>, Behaviour, Task> act)
    {
        var asked = (await http.Request.ReadFormAsync()).ToDictionary(f => f.Key, f => f.Value.ToString());
        var merchant = asked.GetValueOrDefault("merId", "");
        var does = _trades.Behaviour(Name, merchant);
        if (await _faults.IsDownAsync(http, does, what, asked.GetValueOrDefault("orderId", ""))) return;
        if (!_merchants.Contains(merchant) || asked.GetValueOrDefault("certId") != Serial(_own.Value[merchant]) || asked.GetValueOrDefault("version") != "5.1.0" || !IsGenuine(merchant, asked))
        {
            // As the gateway does it: a refusal in words only, which is no signed message.
            await Faults.WriteAsync(http, 200, "text/html", "Signature verification failed[9100004]");
            return;
        }

        await act(asked, does);
    }

    private bool IsGenuine(string merchant, Dictionary<string, string> asked)
    {
        var bytes = new byte[1024];
        return Convert.TryFromBase64String(asked.GetValueOrDefault("signature", ""), bytes, out var length) && _keys.Verify("unionpay-" + merchant, Encoding.UTF8.GetBytes(Hash(asked)), bytes[..length]);
    }

    private static string Hash(Dictionary<string, string> fields)
    {
        var names = fields.Keys.Where(n => n != "signature").ToArray();
        Array.Sort(names, string.CompareOrdinal);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join("&", names.Select(n => n + "=" + fields[n]))))).ToLowerInvariant();
    }

    private Dictionary<string, string> Signed(Dictionary<string, string> told, bool isForged)
    {
        X509Certificate2 certificate;
        string key;
        lock (_authority)
        {
            key = "unionpay-sign-" + Number(_generation);
            certificate = _signing ??= Issue("C=CN, O=CFCA, CN=041@Z12@00040000:SIGN@00000001", key, _authority.Value.Middle, false);
        }

        told["signPubKeyCert"] = certificate.ExportCertificatePem();
        told["signature"] = Convert.ToBase64String(_keys.Sign(isForged ? "somebody-else" : key, Encoding.UTF8.GetBytes(Hash(told))));
        return told;
    }

    private static Dictionary<string, string> Said(Dictionary<string, string> asked, string code, string words, Dictionary<string, string> more)
    {
        var said = new Dictionary<string, string>();
        foreach (var name in (string[])["version", "encoding", "signMethod", "txnType", "txnSubType", "bizType", "accessType", "merId", "orderId", "txnTime"])
            if (asked.TryGetValue(name, out var value)) said[name] = value;
        (said["respCode"], said["respMsg"]) = (code, words);
        foreach (var (name, value) in more) said[name] = value;
        return said;
    }

    // Answers are not URL-encoded.
    private Task AnswerAsync(HttpContext http, Behaviour does, string what, Dictionary<string, string> asked, Dictionary<string, string> said) =>
        _faults.AnswerAsync(http, does, what, asked.GetValueOrDefault("orderId", ""), isForged =>
            Faults.WriteAsync(http, 200, "text/html", string.Join("&", Signed(said, isForged).Select(f => f.Key + "=" + f.Value))));

    private string NextQueryId() => Trades.Now.ToOffset(Wire.China).ToString("yyMMddHHmmss", CultureInfo.InvariantCulture) + _trades.NextNo(9);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string text) =>
        DateTime.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? new DateTimeOffset(at, Wire.China) : null;

    private static string Serial(X509Certificate2 certificate) => new System.Numerics.BigInteger(certificate.GetSerialNumber(), isUnsigned: true).ToString(CultureInfo.InvariantCulture);

    private X509Certificate2 Issue(string name, string key, X509Certificate2 by, bool isAuthority)
    {
        var serial = SHA256.HashData(Encoding.UTF8.GetBytes(name + key))[..8];
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        using var made = Request(name, _keys[key], isAuthority).Create(by, Trades.Now.AddDays(isAuthority ? -2 : -1), Trades.Now.AddYears(isAuthority ? 10 : 5), serial);
        return made.CopyWithPrivateKey(_keys[key]);
    }

    private static CertificateRequest Request(string name, RSA key, bool isAuthority)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        return request;
    }
}
