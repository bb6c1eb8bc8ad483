using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Lianka.SupplierSimulator.Protocols;

/// <summary>福禄: one address for all; MD5 over the sorted characters of the request and the secret; the result is JSON inside a text.</summary>
internal static class Fulu
{
    public const string Name = "fulu";

    public static void Map(IEndpointRouteBuilder routes, Desk desk)
    {
        foreach (var path in (string[])["/api/getway", "/api/rechargeapi/gateway"]) routes.MapPost(path, http => AskedAsync(http, desk));
    }

    public static (string Body, Dictionary<string, string> Headers) NoticeOf(SimOrder order)
    {
        var body = new JsonObject
        {
            ["order_id"] = OrderId(order), ["charge_finish_time"] = Beijing(DateTime.UtcNow), ["customer_order_no"] = order.OwnNo,
            ["order_status"] = order.Now == Outcome.Failed ? "failed" : "success", ["recharge_description"] = order.Hints, ["product_id"] = order.Goods,
            ["price"] = Wire.Amount(order.Charged), ["buy_num"] = order.Count.ToString(CultureInfo.InvariantCulture),
        };
        body["sign"] = Sign(Wire.Text(body), order.Account);
        return (Wire.Text(body), []);
    }

    private static string Sign(string text, string app)
    {
        var sorted = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().OrderBy(r => r.Value)) sorted.Append(rune.ToString());
        return Wire.Md5(sorted.Append(Desk.KeyOf(app)).ToString());
    }

    private static async Task AskedAsync(HttpContext http, Desk desk)
    {
        if (Wire.Json(await Wire.BodyAsync(http)) is not { } call)
        {
            await Wire.AnswerAsync(http, No(1001, "参数错误"));
            return;
        }

        var (app, sign) = (Wire.Text(call, "app_key"), Wire.Text(call, "sign"));
        call.Remove("sign");
        var biz = Wire.Json(Wire.Text(call, "biz_content"));
        if (app.Length == 0 || sign != Sign(Wire.Text(call), app)) await Wire.AnswerAsync(http, No(1005, "签名错误"));
        else if (!DateTime.TryParseExact(Wire.Text(call, "timestamp"), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            || Math.Abs((DateTime.UtcNow.AddHours(8) - at).TotalMinutes) > 5) await Wire.AnswerAsync(http, No(1006, "时间戳已过期"));
        else if (biz is null) await Wire.AnswerAsync(http, No(1001, "参数错误"));
        else await RunAsync(http, desk, app, Wire.Text(call, "method"), biz);
    }

    private static Task RunAsync(HttpContext http, Desk desk, string app, string method, JsonObject biz)
    {
        var own = Wire.Text(biz, "customer_order_no");
        switch (method)
        {
            case "fulu.order.direct.add":
                if (!long.TryParse(Wire.Text(biz, "buy_num"), out var count) || count < 1 || own.Length == 0) return Wire.AnswerAsync(http, No(1001, "参数错误"));
                var (order, refusal) = desk.Buy(new Wish(Name, app, own, Wire.Text(biz, "product_id"), count, Wire.Text(biz, "charge_account"), null, desk.Behaviour.FuluNotifyUrl));
                if (refusal == Refusal.Down) return Wire.WriteAsync(http, 503, "text/html", "<h1>503</h1>");
                if (refusal != Refusal.None) return Wire.AnswerAsync(http, No(2000 + (int)refusal, Words.Of(refusal)));
                Wire.Notify(desk, order!, "success", NoticeOf);
                return Wire.AnswerAsync(http, Ok(Facts(order!, isNew: true), app), mood: order!.Mood, hangMs: desk.Behaviour.HangMs);
            case "fulu.order.info.get":
                return desk.Find(Name, app, own) is { } known ? Wire.AnswerAsync(http, Ok(Facts(known, isNew: false), app)) : Wire.AnswerAsync(http, No(4001, "订单不存在"));
            case "fulu.user.info.get":
                return Wire.AnswerAsync(http, Ok(new JsonObject { ["name"] = app, ["balance"] = desk.Behaviour.Balance, ["is_open"] = 1 }, app));
            default:
                return Wire.AnswerAsync(http, No(1002, "接口不存在"));
        }
    }

    private static JsonObject Facts(SimOrder order, bool isNew) => new()
    {
        ["order_id"] = OrderId(order), ["product_id"] = order.Goods, ["charge_account"] = order.Target, ["customer_order_no"] = order.OwnNo,
        ["create_time"] = Beijing(DateTime.UtcNow), ["buy_num"] = order.Count, ["order_price"] = order.Charged, ["order_type"] = 1,
        ["order_state"] = isNew ? "untreated" : !order.IsDone ? "processing" : order.Now == Outcome.Failed ? "failed" : "success",
        ["operator_serial_number"] = isNew ? null : order.Hints,
    };

    private static string OrderId(SimOrder order) => $"2211{order.No}";

    private static string Beijing(DateTime at) => at.AddHours(8).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static JsonObject Ok(JsonObject result, string app) => new() { ["code"] = 0, ["message"] = "接口调用成功", ["result"] = Wire.Text(result), ["sign"] = Sign(Wire.Text(result), app) };

    private static JsonObject No(int code, string why) => new() { ["code"] = code, ["message"] = why, ["result"] = null };
}
