using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Lianka.ChannelSimulator.Protocols;

/// <summary>A site of 易支付's first version: MD5, answers without a signature. Each merchant has another dialect of signing.</summary>
internal sealed class Epay1(Trades trades, Notices notices, Faults faults, Lazy<string> address) : IProtocol
{
    private static readonly (string Pid, string Dialect, string Refunds)[] _merchants = [("1001", "plain", "full"), ("1002", "encoded", "full"), ("1003", "amp_key", "none")];

    private volatile int _generation = 1;

    public string Name => "epay1";

    public IEnumerable<Identity> Identities => _merchants.Select(m => new Identity(Name, m.Pid, address.Value + "/epay1", new Dictionary<string, string>
    {
        ["pid"] = m.Pid, ["key"] = KeyOf(m.Pid, _generation), ["dialect"] = m.Dialect, ["refunds"] = m.Refunds,
    }));

    private static string KeyOf(string pid, int generation) => $"simulatedKey{generation.ToString(CultureInfo.InvariantCulture)}for{pid}";

    public void Rotate() => _generation++;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/epay1/submit.php", ["GET", "POST"], http => CreateAsync(http, "page"));
        routes.MapMethods("/epay1/mapi.php", ["GET", "POST"], http => CreateAsync(http, "qr"));
        routes.MapMethods("/epay1/api.php", ["GET", "POST"], ActAsync);
    }

    private async Task CreateAsync(HttpContext http, string method)
    {
        var fields = await Epay.FieldsAsync(http);
        var (pid, no) = (fields.GetValueOrDefault("pid", ""), fields.GetValueOrDefault("out_trade_no", ""));
        var does = trades.Behaviour(Name, pid);
        if (await faults.IsDownAsync(http, does, "create", no)) return;
        if (!_merchants.Any(m => m.Pid == pid)) await RefuseAsync(http, does, "create", no, -1, "商户ID不存在");
        else if (fields.GetValueOrDefault("sign", "") != Sign(pid, fields, KeyOf(pid, _generation))) await RefuseAsync(http, does, "create", no, -1, "签名校验失败，请返回重试！");
        else if (method == "qr" && !IPAddress.TryParse(fields.GetValueOrDefault("clientip"), out _)) await RefuseAsync(http, does, "create", no, -1, "用户IP地址(clientip)不能为空");
        else if (trades.Chance("refuse-create", no, does.RefuseCreateBps)) await RefuseAsync(http, does, "create", no, -1, "当前商户支付功能已关闭");
        else if (Epay.Order(trades, Name, fields, method) is not { } trade) await RefuseAsync(http, does, "create", no, -1, "参数错误");
        else if (trade.Status == TradeStatus.Paid) await RefuseAsync(http, does, "create", no, -1, "该订单已支付");
        else
        {
            await notices.OpenedAsync(trade);
            if (method == "page") await Cashier.Show(trade).ExecuteAsync(http);
            else await AnswerAsync(http, does, "create", no, new JsonObject { ["code"] = 1, ["msg"] = "succ", ["trade_no"] = trade.TradeNo, ["qrcode"] = address.Value + Cashier.PathOf(trade) });
        }
    }

    private async Task ActAsync(HttpContext http)
    {
        var fields = await Epay.FieldsAsync(http);
        string Field(string name) => fields.GetValueOrDefault(name, "");
        var (pid, no) = (Field("pid"), Field("out_trade_no"));
        var does = trades.Behaviour(Name, pid);
        var what = Field("act") switch { "order" => "query", "refund" => "refund", "orders" => "statement", _ => "" };
        if (await faults.IsDownAsync(http, does, what, no)) return;
        var trade = Epay.Find(trades, Name, pid, fields);
        if (!_merchants.Any(m => m.Pid == pid && Field("key") == KeyOf(pid, _generation))) await RefuseAsync(http, does, what, no, -3, "商户密钥错误");
        else if (what == "statement")
        {
            int Number(string name, int usual) => int.TryParse(Field(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : usual;
            var limit = Math.Min(50, Number("limit", 10));
            await AnswerAsync(http, does, what, no, new JsonObject { ["code"] = 1, ["msg"] = "查询订单列表成功！", ["data"] = Epay.Rows(trades, Name, pid, (Number("page", 1) - 1) * limit, limit) });
        }
        else if (what.Length == 0) await RefuseAsync(http, does, what, no, -5, "No Act!");
        else if (trade is null) await RefuseAsync(http, does, what, no, -1, "订单号不存在");
        else if (what == "query")
        {
            var row = Epay.Row(trade);
            (row["code"], row["msg"]) = (1, "查询订单号成功！");
            await AnswerAsync(http, does, what, no, row);
        }
        else
        {
            // There is no number of a refund: each call is a new one.
            var told = http.Request.Method == "POST" && _merchants.First(m => m.Pid == pid).Refunds == "full"
                ? trades.Return(trade, $"{no}-{trades.NextNo(6)}", Wire.Fen(Field("money")), trades.NextNo(12)).Told : RefundTold.Other;
            if (told == RefundTold.New) await AnswerAsync(http, does, what, no, new JsonObject { ["code"] = 1, ["msg"] = "退款成功！" });
            else await RefuseAsync(http, does, what, no, -1, told switch { RefundTold.NotPaid => "订单未支付", RefundTold.TooMuch => "退款金额大于可退金额", _ => "未开启商户后台自助退款" });
        }
    }

    public HttpRequestMessage? Notice(Telling telling)
    {
        if (telling.Refund is not null) return null;
        var fields = Epay.NoticeFields(telling);
        fields["sign"] = Sign(telling.Trade.Merchant, fields, telling.IsForged ? "somebody-else" : KeyOf(telling.Trade.Merchant, _generation));
        fields["sign_type"] = "MD5";
        return new HttpRequestMessage(HttpMethod.Get, telling.Url + "?" + Epay.Query(fields));
    }

    public bool IsThanks(int status, string body) => status == 200 && body.Trim() == "success";

    private static string Sign(string pid, Dictionary<string, string> fields, string key) => _merchants.First(m => m.Pid == pid).Dialect switch
    {
        // urlencode() of PHP; WebUtility leaves the four marks !*() as they are, which PHP does not.
        "encoded" => Epay.Md5(Epay.SignText(fields, v => WebUtility.UrlEncode(v)
            .Replace("!", "%21").Replace("*", "%2A").Replace("(", "%28").Replace(")", "%29")) + key),
        "amp_key" => Epay.Md5(Epay.SignText(fields) + "&key=" + key),
        _ => Epay.Md5(Epay.SignText(fields) + key),
    };

    private Task RefuseAsync(HttpContext http, Behaviour does, string what, string no, int code, string message) =>
        AnswerAsync(http, does, what, no, new JsonObject { ["code"] = code, ["msg"] = message });

    private Task AnswerAsync(HttpContext http, Behaviour does, string what, string no, JsonObject answer) =>
        faults.AnswerAsync(http, does, what, no, _ => Faults.WriteAsync(http, 200, "text/html", answer.ToJsonString()));
}
