using System.Globalization;
using System.Text.Json.Nodes;

namespace Lianka.SupplierSimulator.Protocols;

/// <summary>卡速售 2.0: SHA-1 over time, the body with sorted names, and the key.</summary>
internal static class Kasushou
{
    public const string Name = "kasushou";

    public static void Map(IEndpointRouteBuilder routes, Desk desk)
    {
        routes.MapPost("/api/v1/order/buy", http => AskedAsync(http, (user, body) => BuyAsync(http, desk, user, body)));
        routes.MapPost("/api/v1/order/info", http => AskedAsync(http, (user, body) => InfoAsync(http, desk, user, body)));
        routes.MapPost("/api/v1/user/info", http => AskedAsync(http, (_, _) => Wire.AnswerAsync(http, Ok(new JsonObject { ["balance"] = Wire.Amount(desk.Behaviour.Balance) }))));
    }

    public static (string Body, Dictionary<string, string> Headers) NoticeOf(SimOrder order)
    {
        var time = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var body = Facts(order);
        body["time"] = time;
        body["sign"] = Wire.Sha1($"{time}{Wire.SortedJson(body, "sign", "card_list", "express_list")}{Desk.KeyOf(order.Account)}");
        return (Wire.Text(body), []);
    }

    private static async Task AskedAsync(HttpContext http, Func<string, JsonObject, Task> go)
    {
        var (user, time, sign) = (http.Request.Headers["UserId"].ToString(), http.Request.Headers["Timestamp"].ToString(), http.Request.Headers["Sign"].ToString());
        var body = Wire.Json(await Wire.BodyAsync(http));
        if (body is null) await Wire.AnswerAsync(http, No("参数错误"));
        else if (user.Length == 0 || sign != Wire.Sha1($"{time}{Wire.SortedJson(body)}{Desk.KeyOf(user)}")) await Wire.AnswerAsync(http, No("签名错误"));
        else if (!IsFresh(time)) await Wire.AnswerAsync(http, No("签名已过期"));
        else await go(user, body);
    }

    private static Task BuyAsync(HttpContext http, Desk desk, string user, JsonObject body)
    {
        var own = Wire.Text(body, "external_orderno");
        var target = body["attach"] is JsonObject attach ? Wire.Text(attach, "recharge_account") : "";
        decimal? cap = decimal.TryParse(Wire.Text(body, "safe_price"), CultureInfo.InvariantCulture, out var safe) ? safe : null;
        if (!long.TryParse(Wire.Text(body, "quantity"), out var count) || count < 1 || own.Length == 0 || body["id"] is null) return Wire.AnswerAsync(http, No("参数错误"));
        var (order, refusal) = desk.Buy(new Wish(Name, user, own, Wire.Text(body, "id"), count, target, cap, Wire.Text(body, "url")));
        if (refusal == Refusal.Down) return Wire.WriteAsync(http, 503, "text/html", "<h1>503</h1>");
        if (refusal != Refusal.None) return Wire.AnswerAsync(http, No(Words.Of(refusal)));
        Wire.Notify(desk, order!, "ok", NoticeOf);
        return Wire.AnswerAsync(http, Ok(new JsonObject
        {
            ["ordersn"] = $"D{order!.No}", ["external_orderno"] = own, ["total_price"] = Wire.Amount(order.Charged),
        }), mood: order.Mood, hangMs: desk.Behaviour.HangMs);
    }

    private static Task InfoAsync(HttpContext http, Desk desk, string user, JsonObject body)
    {
        var list = new JsonArray();
        foreach (var own in Wire.Text(body, "external_orderno").Split(',', StringSplitOptions.RemoveEmptyEntries))
            if (desk.Find(Name, user, own) is { } order) list.Add(Facts(order));
        return Wire.AnswerAsync(http, Ok(list));
    }

    private static JsonObject Facts(SimOrder order) => new()
    {
        ["ordersn"] = $"D{order.No}", ["external_orderno"] = order.OwnNo, ["recharge_hints"] = order.Hints,
        ["status"] = !order.IsDone ? 2 : order.Now == Outcome.Failed ? order.IsReversed ? 5 : 4 : 3,
        ["total_price"] = Wire.Amount(order.Charged), ["has_back_money"] = Wire.Amount(order.Returned),
        ["card_list"] = new JsonArray([.. order.Goods.StartsWith('9') ? order.Cards.Select(c => (JsonNode)new JsonObject { ["card_no"] = c.Number, ["card_password"] = c.Secret }) : []]),
    };

    private static bool IsFresh(string time) => time.Length == 13 && long.TryParse(time, out var ms)
        && Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - ms) < 300_000;

    private static JsonObject Ok(JsonNode data) => new() { ["code"] = 200, ["message"] = "success", ["data"] = data };

    private static JsonObject No(string why) => new() { ["code"] = 400, ["message"] = why, ["data"] = null };
}

internal static class Words
{
    public static string Of(Refusal refusal) => refusal switch
    {
        Refusal.Repeated => "外部订单号已存在",
        Refusal.Price => "商品价格高于安全价",
        Refusal.Stock => "库存不足",
        Refusal.Balance => "账户余额不足",
        Refusal.Account => "充值账号错误",
        _ => "系统错误",
    };
}
