using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Lianka.ChannelSimulator.Protocols;

/// <summary>A site of 易支付's second version: RSA both ways with one key of the site's for all merchants, and a time in every message.</summary>
internal sealed class Epay2(Trades trades, Keys keys, Notices notices, Faults faults, Lazy<string> address) : IProtocol
{
    private static readonly string[] _merchants = ["2001", "2002"];

    private volatile int _generation = 1;

    public string Name => "epay2";

    public IEnumerable<Identity> Identities => _merchants.Select(m => new Identity(Name, m, address.Value + "/epay2", new Dictionary<string, string>
    {
        // Sites show keys without the lines around them.
        ["pid"] = m, ["private_key"] = Convert.ToBase64String(keys[KeyOf(m)].ExportPkcs8PrivateKey()), ["public_key"] = Convert.ToBase64String(keys[SiteKey].ExportSubjectPublicKeyInfo()),
    }));

    private static string KeyOf(string pid) => $"epay2-{pid}";
    private string SiteKey => $"epay2-site-{_generation.ToString(CultureInfo.InvariantCulture)}";

    public void Rotate() => _generation++;

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, what) in (ReadOnlySpan<(string, string)>)[("pay/submit", "page"), ("pay/create", "create"), ("pay/query", "query"), ("pay/refund", "refund"),
            ("pay/refundquery", "refund-query"), ("pay/close", "close"), ("merchant/orders", "statement")])
            routes.MapPost($"/epay2/api/{path}", http => ActAsync(http, what));
    }

    private async Task ActAsync(HttpContext http, string what)
    {
        var fields = await Epay.FieldsAsync(http);
        string Field(string name) => fields.GetValueOrDefault(name, "");
        var (pid, no) = (Field("pid"), Field(what is "refund" or "refund-query" ? "out_refund_no" : "out_trade_no"));
        var does = trades.Behaviour(Name, pid);
        if (await faults.IsDownAsync(http, does, what == "page" ? "create" : what, no)) return;
        var trade = Epay.Find(trades, Name, pid, fields);
        if (!_merchants.Contains(pid)) await RefuseAsync(http, does, what, no, "商户不存在");
        else if (!IsGenuine(fields)) await RefuseAsync(http, does, what, no, "RSA签名校验失败");
        else if (!long.TryParse(Field("timestamp"), out var time) || Math.Abs(Trades.Now.ToUnixTimeSeconds() - time) > 300) await RefuseAsync(http, does, what, no, "时间戳已过期");
        else if (what is "page" or "create") await CreateAsync(http, does, fields, what, no);
        else if (what == "refund-query") await RefundQueryAsync(http, does, pid, no);
        else if (what == "statement")
            await AnswerAsync(http, does, what, no, new JsonObject { ["code"] = 0, ["data"] = Epay.Rows(trades, Name, pid, int.Parse(Field("offset"), CultureInfo.InvariantCulture), Math.Min(50, int.Parse(Field("limit"), CultureInfo.InvariantCulture))) });
        else if (trade is null) await RefuseAsync(http, does, what, no, "订单号不存在");
        else if (what == "query")
        {
            var row = Epay.Row(trade);
            (row["code"], row["msg"], row["refundmoney"]) = (0, "succ", Wire.Yuan(trade.RefundedFen(Trades.Now)));
            await AnswerAsync(http, does, what, no, row);
        }
        // Half of the ways to pay cannot be closed.
        else if (what == "close" && trade.Method == "page") await RefuseAsync(http, does, what, no, "该支付插件不支持关闭订单");
        else if (what == "close") await (Trades.Close(trade) ? AnswerAsync(http, does, what, no, new JsonObject { ["code"] = 0, ["msg"] = "succ" }) : RefuseAsync(http, does, what, no, "订单已支付"));
        else await RefundAsync(http, does, trade, no, Wire.Fen(Field("money")));
    }

    private async Task CreateAsync(HttpContext http, Behaviour does, Dictionary<string, string> fields, string what, string no)
    {
        if (trades.Chance("refuse-create", no, does.RefuseCreateBps)) await RefuseAsync(http, does, "create", no, "商户支付功能已关闭");
        else if (Epay.Order(trades, Name, fields, what == "page" ? "page" : "qr") is not { } trade) await RefuseAsync(http, does, "create", no, "参数错误");
        else if (trade.Status == TradeStatus.Paid) await RefuseAsync(http, does, "create", no, "该订单已支付");
        else
        {
            await notices.OpenedAsync(trade);
            if (what == "page") await Cashier.Show(trade).ExecuteAsync(http);
            else await AnswerAsync(http, does, "create", no, new JsonObject { ["code"] = 0, ["trade_no"] = trade.TradeNo, ["pay_type"] = "qrcode", ["pay_info"] = address.Value + Cashier.PathOf(trade) });
        }
    }

    private async Task RefundAsync(HttpContext http, Behaviour does, Trade trade, string no, long fen)
    {
        var (refund, told) = trades.Return(trade, no, fen, trades.NextNo(16));
        await (told switch
        {
            RefundTold.New => AnswerAsync(http, does, "refund", no, new JsonObject
            {
                ["code"] = 0, ["msg"] = "退款成功", ["refund_no"] = refund!.RefundNo, ["out_refund_no"] = no, ["trade_no"] = trade.TradeNo, ["money"] = Wire.Yuan(fen), ["reducemoney"] = Wire.Yuan(trade.RefundedFen(Trades.Now)),
            }),
            RefundTold.NotPaid => RefuseAsync(http, does, "refund", no, "订单未支付"),
            RefundTold.TooMuch => RefuseAsync(http, does, "refund", no, "退款金额大于可退金额"),
            _ => RefuseAsync(http, does, "refund", no, "商户退款单号已存在"),
        });
    }

    private async Task RefundQueryAsync(HttpContext http, Behaviour does, string pid, string no)
    {
        var found = trades.All.Where(t => t.Protocol == Name && t.Merchant == pid).SelectMany(t => t.Refunds, (t, r) => (Trade: t, Refund: r)).FirstOrDefault(f => f.Refund.OutNo == no);
        if (found.Refund is not { } refund) await RefuseAsync(http, does, "refund-query", no, "退款记录不存在");
        else
        {
            var status = refund.StatusAt(Trades.Now) switch { RefundStatus.Done => 1, RefundStatus.Failed => 0, _ => 2 };
            await AnswerAsync(http, does, "refund-query", no, new JsonObject
            {
                ["code"] = 0, ["msg"] = "succ", ["refund_no"] = refund.RefundNo, ["out_refund_no"] = no, ["trade_no"] = found.Trade.TradeNo, ["out_trade_no"] = found.Trade.OutNo,
                ["money"] = Wire.Yuan(refund.Fen), ["status"] = status, ["addtime"] = Wire.ChinaText(refund.CreatedAt),
            });
        }
    }

    public HttpRequestMessage? Notice(Telling telling)
    {
        if (telling.Refund is not null) return null;
        var fields = Epay.NoticeFields(telling);
        fields["timestamp"] = telling.SentAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        (fields["sign"], fields["sign_type"]) = (Sign(fields, telling.IsForged), "RSA");
        return new HttpRequestMessage(HttpMethod.Get, telling.Url + "?" + Epay.Query(fields));
    }

    public bool IsThanks(int status, string body) => status == 200 && body.Trim() == "success";

    private bool IsGenuine(Dictionary<string, string> fields)
    {
        var bytes = new byte[1024];
        return Convert.TryFromBase64String(fields.GetValueOrDefault("sign", ""), bytes, out var length)
            && keys.Verify(KeyOf(fields["pid"]), Encoding.UTF8.GetBytes(Epay.SignText(fields)), bytes[..length]);
    }

    private string Sign(Dictionary<string, string> fields, bool isForged) =>
        Convert.ToBase64String(keys.Sign(isForged ? "somebody-else" : SiteKey, Encoding.UTF8.GetBytes(Epay.SignText(fields))));

    private Task RefuseAsync(HttpContext http, Behaviour does, string what, string no, string message) =>
        AnswerAsync(http, does, what, no, new JsonObject { ["code"] = -1, ["msg"] = message });

    private Task AnswerAsync(HttpContext http, Behaviour does, string what, string no, JsonObject answer) => faults.AnswerAsync(http, does, what, no, isForged =>
    {
        answer["timestamp"] = Trades.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        // Lists are left out of what is signed.
        var told = answer.Where(p => p.Value is JsonValue).ToDictionary(p => p.Key, p => Wire.Text(answer, p.Key));
        (answer["sign"], answer["sign_type"]) = (Sign(told, isForged), "RSA");
        return Faults.WriteAsync(http, 200, "application/json", answer.ToJsonString());
    });
}
