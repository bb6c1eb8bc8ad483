using System.Globalization;
using System.Text.Json.Nodes;

namespace Lianka.SupplierSimulator.Protocols;

/// <summary>卡易信 3.0: MD5 over id, secret, version, time and the raw body, in headers.</summary>
internal static class Kayixin
{
    public const string Name = "kayixin";

    public static void Map(IEndpointRouteBuilder routes, Desk desk)
    {
        routes.MapPost("/api/v3/order/create", http => AskedAsync(http, (app, body) => CreateAsync(http, desk, app, body)));
        routes.MapPost("/api/v3/order/getDetail", http => AskedAsync(http, (app, body) => DetailAsync(http, desk, app, body)));
        routes.MapPost("/api/v3/user/getAccount", http => AskedAsync(http, (_, _) => Wire.AnswerAsync(http, Ok(new JsonObject { ["balance"] = Wire.Amount(desk.Behaviour.Balance) }))));
    }

    public static (string Body, Dictionary<string, string> Headers) NoticeOf(SimOrder order)
    {
        var (body, time) = (Wire.Text(Facts(order)), DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        return (body, new Dictionary<string, string>
        {
            ["X-App-Id"] = order.Account, ["X-Version"] = "3.0", ["X-Timestamp"] = time, ["X-Signature"] = Sign(order.Account, time, body),
        });
    }

    private static string Sign(string app, string time, string body) => Wire.Md5($"{app}{Desk.KeyOf(app)}3.0{time}{body}");

    private static async Task AskedAsync(HttpContext http, Func<string, JsonObject, Task> go)
    {
        var (app, version, time) = (http.Request.Headers["X-App-Id"].ToString(), http.Request.Headers["X-Version"].ToString(), http.Request.Headers["X-Timestamp"].ToString());
        var raw = await Wire.BodyAsync(http);
        if (version != "3.0" || app.Length == 0 || http.Request.Headers["X-Signature"] != Sign(app, time, raw)) await Wire.AnswerAsync(http, No(1401, "签名错误"));
        else if (!long.TryParse(time, out var seconds) || Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > 300) await Wire.AnswerAsync(http, No(1402, "签名已过期"));
        else if (Wire.Json(raw) is not { } body) await Wire.AnswerAsync(http, No(1001, "参数错误"));
        else await go(app, body);
    }

    private static Task CreateAsync(HttpContext http, Desk desk, string app, JsonObject body)
    {
        var own = Wire.Text(body, "outerNumber");
        var target = (body["attach"] as JsonArray)?.OfType<JsonObject>().Where(a => Wire.Text(a, "name") == "account").Select(a => Wire.Text(a, "value")).FirstOrDefault() ?? "";
        decimal? cap = decimal.TryParse(Wire.Text(body, "safePrice"), CultureInfo.InvariantCulture, out var safe) ? safe : null;
        if (!long.TryParse(Wire.Text(body, "count"), out var count) || count < 1 || own.Length == 0) return Wire.AnswerAsync(http, No(1001, "参数错误"));
        var (order, refusal) = desk.Buy(new Wish(Name, app, own, Wire.Text(body, "goodsId"), count, target, cap, Wire.Text(body, "notifyUrl")));
        if (refusal == Refusal.Down) return Wire.WriteAsync(http, 503, "text/html", "<h1>503</h1>");
        if (refusal != Refusal.None) return Wire.AnswerAsync(http, No(1200 + (int)refusal, Words.Of(refusal)));
        Wire.Notify(desk, order!, "ok", NoticeOf);
        return Wire.AnswerAsync(http, Ok(new JsonObject { ["orderNumber"] = $"K{order!.No}" }), mood: order.Mood, hangMs: desk.Behaviour.HangMs);
    }

    private static Task DetailAsync(HttpContext http, Desk desk, string app, JsonObject body) =>
        desk.Find(Name, app, Wire.Text(body, "outerNumber")) is { } order ? Wire.AnswerAsync(http, Ok(Facts(order))) : Wire.AnswerAsync(http, No(1404, "订单不存在"));

    private static JsonObject Facts(SimOrder order) => new()
    {
        ["orderNumber"] = $"K{order.No}", ["outerNumber"] = order.OwnNo, ["count"] = order.Count,
        ["status"] = !order.IsDone ? 2 : order.Now == Outcome.Failed ? 4 : 3,
        ["money"] = Wire.Amount(order.Charged), ["retMoney"] = Wire.Amount(order.Returned), ["result"] = order.Hints,
    };

    private static JsonObject Ok(JsonNode data) => new() { ["code"] = 1000, ["message"] = "成功", ["data"] = data };

    private static JsonObject No(int code, string why) => new() { ["code"] = code, ["message"] = why };
}
