using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Lianka.SupplierSimulator.Protocols;

/// <summary>Reloadly's airtime and gift cards at one address: a token, and each custom identifier once.</summary>
internal static class Reloadly
{
    public const string Airtime = "reloadly-airtime", Gifts = "reloadly-giftcards";

    private static readonly ConcurrentDictionary<string, (string Client, DateTime Until)> _tokens = [];

    public static void Map(IEndpointRouteBuilder routes, Desk desk)
    {
        routes.MapPost("/oauth/token", TokenAsync);
        routes.MapGet("/accounts/balance", http => AllowedAsync(http, _ => Wire.AnswerAsync(http, new JsonObject { ["balance"] = desk.Behaviour.Balance, ["currencyCode"] = "USD" })));
        routes.MapPost("/topups", http => AllowedAsync(http, client => TopUpAsync(http, desk, client)));
        routes.MapGet("/topups/{id:long}/status", (HttpContext http, long id) => AllowedAsync(http, _ => OneAsync(http, desk.Find(id), Airtime, isStatus: true)));
        routes.MapGet("/topups/reports/transactions", http => AllowedAsync(http, client => SearchAsync(http, desk, client, Airtime)));
        routes.MapPost("/orders", http => AllowedAsync(http, client => OrderAsync(http, desk, client)));
        routes.MapGet("/orders/transactions/{id:long}", (HttpContext http, long id) => AllowedAsync(http, _ => OneAsync(http, desk.Find(id), Gifts, isStatus: false)));
        routes.MapGet("/orders/transactions/{id:long}/cards", (HttpContext http, long id) => AllowedAsync(http, _ => CardsAsync(http, desk.Find(id))));
        routes.MapGet("/reports/transactions", http => AllowedAsync(http, client => SearchAsync(http, desk, client, Gifts)));
    }

    public static (string Body, Dictionary<string, string> Headers) NoticeOf(SimOrder order)
    {
        var body = Wire.Text(new JsonObject
        {
            ["type"] = order.Protocol == Gifts ? "giftcard_transaction.status" : "airtime_transaction.status",
            ["data"] = new JsonObject { ["transactionId"] = order.No, ["customIdentifier"] = order.OwnNo, ["status"] = StatusOf(order) },
        });
        var time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return (body, new Dictionary<string, string> { ["X-Reloadly-Request-Timestamp"] = time, ["X-Reloadly-Signature"] = Wire.Hmac($"sim-webhook-{order.Account}", $"{body}:{time}") });
    }

    private static async Task TokenAsync(HttpContext http)
    {
        var body = Wire.Json(await Wire.BodyAsync(http)) ?? [];
        var client = Wire.Text(body, "client_id");
        if (client.Length == 0 || Wire.Text(body, "client_secret") != Desk.KeyOf(client) || Wire.Text(body, "grant_type") != "client_credentials" || Wire.Text(body, "audience").Length == 0)
        {
            await Wire.AnswerAsync(http, No("INVALID_CREDENTIALS", "Access Denied"), 401);
            return;
        }

        var token = Guid.NewGuid().ToString("N");
        _tokens[token] = (client, DateTime.UtcNow.AddHours(1));
        await Wire.AnswerAsync(http, new JsonObject { ["access_token"] = token, ["scope"] = "send-topups", ["expires_in"] = 3600, ["token_type"] = "Bearer" });
    }

    private static Task AllowedAsync(HttpContext http, Func<string, Task> go) =>
        http.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] && _tokens.TryGetValue(token, out var known) && known.Until > DateTime.UtcNow
            ? go(known.Client) : Wire.AnswerAsync(http, No("INVALID_TOKEN", "Full authentication is required to access this resource"), 401);

    private static async Task TopUpAsync(HttpContext http, Desk desk, string client)
    {
        var body = Wire.Json(await Wire.BodyAsync(http)) ?? [];
        var phone = body["recipientPhone"] is JsonObject to ? Wire.Text(to, "number") : "";
        if (phone.EndsWith("102", StringComparison.Ordinal) || phone.Length < 6) await Wire.AnswerAsync(http, No("INVALID_RECIPIENT_PHONE", "Recipient phone number is not valid"), 400);
        else if (body["operatorId"] is not JsonValue operatorId || body["amount"] is not JsonValue amount || !decimal.TryParse(amount.ToJsonString(), CultureInfo.InvariantCulture, out var price))
            await Wire.AnswerAsync(http, No("INVALID_AMOUNT", "Invalid amount"), 400);
        else await SellAsync(http, desk, new Wish(Airtime, client, Wire.Text(body, "customIdentifier"), operatorId.ToJsonString(), 1, phone, null, desk.Behaviour.ReloadlyWebhookUrl, price));
    }

    private static async Task OrderAsync(HttpContext http, Desk desk, string client)
    {
        var body = Wire.Json(await Wire.BodyAsync(http)) ?? [];
        if (body["unitPrice"] is not JsonValue unit || !decimal.TryParse(unit.ToJsonString(), CultureInfo.InvariantCulture, out var price)
            || !long.TryParse(Wire.Text(body, "quantity"), out var count) || count < 1)
            await Wire.AnswerAsync(http, No("INVALID_PRODUCT_PRICE", "Invalid price"), 400);
        else await SellAsync(http, desk, new Wish(Gifts, client, Wire.Text(body, "customIdentifier"), Wire.Text(body, "productId"), count, Wire.Text(body, "recipientEmail").Split('@')[0], null, desk.Behaviour.ReloadlyWebhookUrl, price));
    }

    private static Task SellAsync(HttpContext http, Desk desk, Wish wish)
    {
        if (wish.OwnNo.Length == 0) return Wire.AnswerAsync(http, No("INVALID_INPUT_PROVIDED", "customIdentifier"), 400);
        var (order, refusal) = desk.Buy(wish);
        switch (refusal)
        {
            case Refusal.None:
                Wire.Notify(desk, order!, "ok", NoticeOf);
                return Wire.AnswerAsync(http, Facts(order!), mood: order!.Mood, hangMs: desk.Behaviour.HangMs);
            case Refusal.Down:
                return Wire.WriteAsync(http, 503, "text/html", "<h1>503</h1>");
            case Refusal.Repeated:
                return Wire.AnswerAsync(http, No("CUSTOM_IDENTIFIER_ALREADY_USED", "The custom identifier was already used"), 400);
            case Refusal.Balance:
                return Wire.AnswerAsync(http, No("INSUFFICIENT_BALANCE", "Insufficient funds"), 400);
            default:
                return Wire.AnswerAsync(http, No("OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE", "Not available"), 400);
        }
    }

    private static Task OneAsync(HttpContext http, SimOrder? order, string protocol, bool isStatus)
    {
        if (order?.Protocol != protocol) return Wire.AnswerAsync(http, No("TRANSACTION_NOT_FOUND", "No such transaction"), 404);
        return Wire.AnswerAsync(http, isStatus ? new JsonObject { ["code"] = null, ["message"] = null, ["status"] = StatusOf(order), ["transaction"] = Facts(order) } : Facts(order));
    }

    private static Task SearchAsync(HttpContext http, Desk desk, string client, string protocol) => Wire.AnswerAsync(http, new JsonObject
    {
        ["content"] = new JsonArray([.. desk.Find(protocol, client, http.Request.Query["customIdentifier"].ToString()) is { } order ? new[] { (JsonNode)Facts(order) } : []]),
    });

    private static Task CardsAsync(HttpContext http, SimOrder? order) => order is null || order.Delivered == 0
        ? Wire.AnswerAsync(http, No("TRANSACTION_NOT_FOUND", "No cards"), 404)
        : Wire.AnswerAsync(http, new JsonArray([.. order.Cards.Select(c => (JsonNode)new JsonObject { ["cardNumber"] = c.Number, ["pinCode"] = c.Secret })]));

    private static JsonObject Facts(SimOrder order)
    {
        var facts = new JsonObject
        {
            ["transactionId"] = order.No, ["status"] = StatusOf(order), ["customIdentifier"] = order.OwnNo, ["discount"] = 0,
        };
        if (order.Protocol == Gifts)
        {
            (facts["amount"], facts["currencyCode"], facts["fee"]) = (order.Charged, "USD", 0);
            facts["product"] = new JsonObject { ["productId"] = order.Goods, ["quantity"] = order.Count };
            return facts;
        }

        (facts["operatorTransactionId"], facts["recipientPhone"]) = (order.Hints, order.Target);
        (facts["requestedAmount"], facts["requestedAmountCurrencyCode"]) = (order.Charged, "USD");
        return facts;
    }

    private static string StatusOf(SimOrder order) => !order.IsDone ? "PROCESSING" : order.Now == Outcome.Failed ? order.IsReversed ? "REFUNDED" : "FAILED" : "SUCCESSFUL";

    private static JsonObject No(string code, string message) => new() { ["timeStamp"] = "2026-01-01 00:00:00", ["message"] = message, ["errorCode"] = code, ["infoLink"] = null, ["details"] = new JsonArray() };
}
