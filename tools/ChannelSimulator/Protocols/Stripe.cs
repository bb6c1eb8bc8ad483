using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Lianka.ChannelSimulator.Protocols;

/// <summary>Stripe's API as far as Checkout goes, by its public documentation: sessions, refunds, balance transactions, webhooks.</summary>
internal sealed class Stripe(Trades trades, Notices notices, Faults faults, Lazy<string> address) : IProtocol
{
    /// <summary>Smaller than Stripe's 100, so that pages are turned with few trades.</summary>
    private const int PageMax = 10;

    private const long DisputeFeeFen = 1_500;

    private static readonly string[] _accounts = ["acct_1SimulatedAAAA", "acct_1SimulatedBBBB"];

    private readonly ConcurrentDictionary<(string Account, string Key), (string Asked, Lazy<Task<(int Status, JsonObject Body)>> Told)> _kept = [];
    private readonly ConcurrentDictionary<string, string> _endpoints = [];
    private volatile int _generation = 1;

    public string Name => "stripe";

    public IEnumerable<Identity> Identities => _accounts.Select(a => new Identity(Name, a, address.Value + "/stripe", new Dictionary<string, string>
    {
        ["secret_key"] = KeyOf(a), ["webhook_secret"] = SecretOf(a, _generation),
    }));

    private static string KeyOf(string account) => $"sk_test_51{account[5..]}0123456789";
    private static string SecretOf(string account, int generation) => $"whsec_{account[5..]}{generation.ToString("D8", CultureInfo.InvariantCulture)}";

    public void Rotate() => _generation++;

    public void Reset()
    {
        _kept.Clear();
        _endpoints.Clear();
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/stripe/v1/checkout/sessions", http => OnceAsync(http, "create", CreateAsync));
        routes.MapGet("/stripe/v1/checkout/sessions", http => GetAsync(http, "query", ListSessions));
        routes.MapGet("/stripe/v1/checkout/sessions/{id}", http => GetAsync(http, "query", OneSession));
        routes.MapPost("/stripe/v1/checkout/sessions/{id}/expire", http => OnceAsync(http, "close", ExpireAsync));
        routes.MapPost("/stripe/v1/refunds", http => OnceAsync(http, "refund", RefundAsync));
        routes.MapGet("/stripe/v1/refunds", http => GetAsync(http, "refund-query", ListRefunds));
        routes.MapGet("/stripe/v1/balance_transactions", http => GetAsync(http, "statement", ListBooked));
        routes.MapPost("/stripe/v1/webhook_endpoints", http => OnceAsync(http, "webhook", EndpointAsync));
    }

    private async Task<(int, JsonObject)> CreateAsync(HttpContext http, string account, IReadOnlyDictionary<string, string> form)
    {
        string Field(string name) => form.GetValueOrDefault(name, "");
        const string Price = "line_items[0][price_data]";
        if (Field("mode") != "payment" || Field("line_items[0][quantity]") != "1" || Field($"{Price}[product_data][name]").Length == 0 || Field($"{Price}[currency]").Length != 3
            || !long.TryParse(Field($"{Price}[unit_amount]"), NumberStyles.None, CultureInfo.InvariantCulture, out var minor) || minor <= 0
            || !Uri.TryCreate(Field("success_url"), UriKind.Absolute, out _))
            return Refused(400, "parameter_invalid", "Invalid request.");
        var now = Trades.Now;
        if (!long.TryParse(Field("expires_at"), out var until) || until < now.AddMinutes(30).ToUnixTimeSeconds() || until > now.AddHours(24).ToUnixTimeSeconds())
            return Refused(400, "parameter_invalid", "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.");
        if (trades.Chance("refuse-create", Field("client_reference_id"), trades.Behaviour(Name, account).RefuseCreateBps)) return Refused(400, "account_invalid", "Your account cannot currently make charges.");
        var trade = trades.Add(new Trade
        {
            Protocol = Name, Merchant = account, OutNo = Field("client_reference_id"), TradeNo = "cs_test_" + trades.NextNo(16), Method = "checkout", Fen = minor, Currency = Field($"{Price}[currency]").ToUpperInvariant(),
            Subject = Field($"{Price}[product_data][name]"), NotifyUrl = _endpoints.GetValueOrDefault(account, ""), ReturnUrl = Field("success_url"), CreatedAt = now, ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(until),
            Notes = new Dictionary<string, string> { ["pi"] = "pi_" + trades.NextNo(16), ["out_no"] = Field("payment_intent_data[metadata][out_no]") },
        });
        Interlocked.Increment(ref trade.Creates);
        // As it was made: what a buyer does meanwhile is no part of the answer.
        var made = SessionOf(trade, isOpened: false);
        await notices.OpenedAsync(trade);
        return (200, made);
    }

    private Task<(int, JsonObject)> ExpireAsync(HttpContext http, string account, IReadOnlyDictionary<string, string> form)
    {
        if (Session(http, account) is not { } trade) return Task.FromResult(Missing("checkout.session"));
        if (trade.StatusAt(Trades.Now) != TradeStatus.Open || !Trades.Close(trade)) return Task.FromResult(Refused(400, "", "Only Checkout Sessions with a status in [\"open\"] can be expired."));
        return Task.FromResult((200, SessionOf(trade, isOpened: false)));
    }

    // What people do in Stripe's console: one address for all events of the account.
    private Task<(int, JsonObject)> EndpointAsync(HttpContext http, string account, IReadOnlyDictionary<string, string> form)
    {
        _endpoints[account] = form.GetValueOrDefault("url", "");
        return Task.FromResult((200, new JsonObject { ["id"] = "we_1", ["object"] = "webhook_endpoint", ["url"] = _endpoints[account], ["secret"] = SecretOf(account, _generation) }));
    }

    private Task<(int, JsonObject)> RefundAsync(HttpContext http, string account, IReadOnlyDictionary<string, string> form) => Task.FromResult(Refund(account, form));

    private (int, JsonObject) Refund(string account, IReadOnlyDictionary<string, string> form)
    {
        string Field(string name) => form.GetValueOrDefault(name, "");
        if (Own(account).FirstOrDefault(t => t.Notes["pi"] == Field("payment_intent")) is not { } trade) return Missing("payment_intent");
        if (!long.TryParse(Field("amount"), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)) return Refused(400, "parameter_invalid_integer", "Invalid integer.");
        // Without our number each call would be a refund of its own, as at Stripe.
        var number = Field("metadata[refund_no]") is { Length: > 0 } own && !trade.Refunds.Exists(r => r.OutNo == own) ? own : "unnamed-" + trades.NextNo(8);
        var (refund, told) = trades.Return(trade, number, minor, "re_" + trades.NextNo(16));
        if (told == RefundTold.New) notices.Refunded(trade, refund!);
        return told switch
        {
            RefundTold.New => (200, RefundOf(trade, refund!)),
            RefundTold.TooMuch => Refused(400, "charge_already_refunded", "Refund amount is greater than unrefunded amount on charge."),
            _ => Refused(400, "payment_intent_unexpected_state", "This PaymentIntent does not have a successful charge to refund."),
        };
    }

    private (int, JsonObject) OneSession(string account, HttpContext http) =>
        Session(http, account) is { } trade ? (200, SessionOf(trade, Expands(http, "payment_intent"))) : Missing("checkout.session");

    private (int, JsonObject) ListSessions(string account, HttpContext http)
    {
        var (from, to) = (Number(http, "created[gte]", 0), Number(http, "created[lte]", long.MaxValue));
        var isOpened = Expands(http, "data.payment_intent");
        return Page(http, Own(account).Where(t => t.CreatedAt.ToUnixTimeSeconds() >= from && t.CreatedAt.ToUnixTimeSeconds() <= to).OrderByDescending(t => t.TradeNo, StringComparer.Ordinal).Select(t => SessionOf(t, isOpened)));
    }

    private (int, JsonObject) ListRefunds(string account, HttpContext http) =>
        Page(http, Own(account).Where(t => t.Notes["pi"] == http.Request.Query["payment_intent"]).SelectMany(t => t.Refunds.Where(r => !r.IsChargeBack).Select(r => RefundOf(t, r))));

    private (int, JsonObject) ListBooked(string account, HttpContext http)
    {
        var (from, to) = (Number(http, "created[gte]", 0), Number(http, "created[lt]", 0));
        var lines = new List<JsonObject>();
        for (var day = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(from).UtcDateTime); new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeSeconds() < to; day = day.AddDays(1))
            lines.AddRange(trades.Statement(Name, account, day, TimeSpan.Zero).Select(b => BookedOf(b, Expands(http, "data.source"))));
        // Money to the bank is in the same list.
        if (lines.Count > 0) lines.Insert(1, new JsonObject { ["id"] = "txn_payout", ["object"] = "balance_transaction", ["type"] = "payout", ["amount"] = -100, ["fee"] = 0, ["currency"] = "cny", ["created"] = to - 1, ["source"] = "po_1" });
        return Page(http, lines);
    }

    private JsonObject SessionOf(Trade trade, bool isOpened)
    {
        var status = trade.StatusAt(Trades.Now);
        JsonNode? intent = status != TradeStatus.Paid ? null : !isOpened ? trade.Notes["pi"] : new JsonObject
        {
            ["id"] = trade.Notes["pi"], ["object"] = "payment_intent", ["status"] = "succeeded", ["amount"] = trade.Fen, ["currency"] = trade.Currency.ToLowerInvariant(), ["latest_charge"] = ChargeOf(trade, trade.Fen),
        };
        return new JsonObject
        {
            ["id"] = trade.TradeNo, ["object"] = "checkout.session", ["client_reference_id"] = trade.OutNo, ["amount_total"] = trade.Fen, ["currency"] = trade.Currency.ToLowerInvariant(),
            ["created"] = trade.CreatedAt.ToUnixTimeSeconds(), ["expires_at"] = trade.ExpiresAt.ToUnixTimeSeconds(), ["livemode"] = false, ["mode"] = "payment",
            ["status"] = status switch { TradeStatus.Paid => "complete", TradeStatus.Closed => "expired", _ => "open" },
            ["payment_status"] = status == TradeStatus.Paid ? "paid" : "unpaid", ["payment_intent"] = intent,
            ["url"] = status is TradeStatus.Open or TradeStatus.Unseen ? address.Value + Cashier.PathOf(trade) : null,
        };
    }

    private static JsonObject ChargeOf(Trade trade, long fen) => new()
    {
        ["id"] = "ch_" + trade.TradeNo[8..], ["object"] = "charge", ["amount"] = fen, ["currency"] = trade.Currency.ToLowerInvariant(), ["created"] = (trade.PaidAt ?? trade.CreatedAt).ToUnixTimeSeconds(),
        ["payment_intent"] = trade.Notes["pi"], ["metadata"] = new JsonObject { ["out_no"] = trade.Notes["out_no"] },
    };

    private static JsonObject RefundOf(Trade trade, Refund refund, long? fen = null)
    {
        var status = refund.StatusAt(Trades.Now);
        return new JsonObject
        {
            ["id"] = refund.RefundNo, ["object"] = "refund", ["amount"] = fen ?? refund.Fen, ["currency"] = trade.Currency.ToLowerInvariant(), ["created"] = refund.CreatedAt.ToUnixTimeSeconds(), ["payment_intent"] = trade.Notes["pi"],
            ["status"] = status switch { RefundStatus.Done => "succeeded", RefundStatus.Failed => "failed", _ => "pending" }, ["failure_reason"] = status == RefundStatus.Failed ? "expired_or_canceled_card" : null,
            ["metadata"] = new JsonObject { ["out_no"] = trade.Notes["out_no"], ["refund_no"] = refund.OutNo },
        };
    }

    private static JsonObject BookedOf(Booked booked, bool isOpened)
    {
        var id = booked.Refund?.RefundNo ?? "ch_" + booked.Trade.TradeNo[8..];
        var isDispute = booked.Refund is { IsChargeBack: true };
        // Stripe keeps the fee of what goes back, and takes another one for a dispute.
        var (amount, fee) = booked.Refund is null ? (booked.Fen, booked.FeeFen) : (-booked.Fen, isDispute ? DisputeFeeFen : 0);
        return new JsonObject
        {
            ["id"] = "txn_" + id, ["object"] = "balance_transaction", ["type"] = booked.Refund is null ? "charge" : isDispute ? "adjustment" : "refund",
            ["reporting_category"] = booked.Refund is null ? "charge" : isDispute ? "dispute" : "refund", ["amount"] = amount, ["fee"] = fee, ["net"] = amount - fee,
            ["currency"] = booked.Trade.Currency.ToLowerInvariant(), ["created"] = booked.At.ToUnixTimeSeconds(),
            ["source"] = !isOpened ? id : isDispute ? DisputeOf(booked) : booked.Refund is { } refund ? RefundOf(booked.Trade, refund, booked.Fen) : ChargeOf(booked.Trade, booked.Fen),
        };
    }

    private static JsonObject DisputeOf(Booked booked) => new()
    {
        ["id"] = booked.Refund!.RefundNo, ["object"] = "dispute", ["amount"] = booked.Fen, ["currency"] = booked.Trade.Currency.ToLowerInvariant(), ["charge"] = "ch_" + booked.Trade.TradeNo[8..],
        ["payment_intent"] = booked.Trade.Notes["pi"], ["reason"] = "fraudulent", ["status"] = "needs_response", ["metadata"] = new JsonObject(),
    };

    /// <summary>The itemized report "Balance change from activity" with our metadata among its columns.</summary>
    public (string Name, byte[] Content)? File(string merchant, DateOnly day) => ($"Itemized_balance_change_from_activity_{day:yyyy-MM-dd}.csv", Encoding.UTF8.GetBytes(string.Join('\n', [
        "balance_transaction_id,created_utc,created,currency,gross,fee,net,reporting_category,source_id,description,charge_id,payment_intent_id,payment_metadata[out_no],refund_metadata[refund_no]",
        .. trades.Statement(Name, merchant, day, TimeSpan.Zero).Select(ReportLine), ""])));

    private static string ReportLine(Booked booked)
    {
        var row = BookedOf(booked, isOpened: true);
        var (source, at) = (row["source"]!, booked.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        string Yuan(string name) => Wire.Yuan((long)row[name]!);
        return string.Join(',', row["id"], at, at, row["currency"], Yuan("amount"), Yuan("fee"), Yuan("net"), row["reporting_category"], source["id"], "\"点卡, \"\"50\"\"\"",
            "ch_" + booked.Trade.TradeNo[8..], booked.Trade.Notes["pi"], booked.Trade.Notes["out_no"], booked.Refund is { IsChargeBack: false } refund ? refund.OutNo : "");
    }

    public HttpRequestMessage? Notice(Telling telling)
    {
        var url = telling.Url.Length > 0 ? telling.Url : _endpoints.GetValueOrDefault(telling.Trade.Merchant, "");
        if (url.Length == 0) return null;
        JsonObject thing;
        if (telling.Refund is { } refund) thing = RefundOf(telling.Trade, refund, telling.Fen);
        else
        {
            thing = SessionOf(telling.Trade, isOpened: false);
            (thing["amount_total"], thing["currency"], thing["status"], thing["payment_status"], thing["payment_intent"]) = (telling.Fen, telling.Currency.ToLowerInvariant(), "complete", "paid", telling.Trade.Notes["pi"]);
        }

        var body = new JsonObject
        {
            ["id"] = "evt_" + trades.NextNo(16), ["object"] = "event", ["api_version"] = "2024-06-20", ["created"] = telling.SentAt.ToUnixTimeSeconds(), ["livemode"] = false,
            ["type"] = telling.Refund is null ? "checkout.session.completed" : "refund.updated", ["data"] = new JsonObject { ["object"] = thing },
        }.ToJsonString();
        var time = telling.SentAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        string Sign(string secret) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(time + "." + body)));
        // Another account's event is signed with that account's secret. After a rotation both secrets sign, as Stripe does it for a day.
        var signatures = telling.IsForged ? ["v1=" + Sign("whsec_somebody_else")]
            : Enumerable.Range(Math.Max(1, _generation - 1), Math.Min(2, _generation)).Select(g => "v1=" + Sign(SecretOf(telling.Merchant, g)));
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Stripe-Signature", $"t={time},{string.Join(',', signatures)},v0={new string('0', 64)}");
        return request;
    }

    public bool IsThanks(int status, string body) => status is >= 200 and < 300;

    private IEnumerable<Trade> Own(string account) => trades.All.Where(t => t.Protocol == Name && t.Merchant == account);

    private Trade? Session(HttpContext http, string account) => Own(account).FirstOrDefault(t => t.TradeNo == http.GetRouteValue("id")?.ToString());

    /// <summary>A call under a key that was used is answered as the first one was, and refused with other parameters.</summary>
    private async Task OnceAsync(HttpContext http, string what, Func<HttpContext, string, IReadOnlyDictionary<string, string>, Task<(int Status, JsonObject Body)>> act)
    {
        if (await AccountAsync(http) is not { } account) return;
        var form = (await http.Request.ReadFormAsync()).ToDictionary(f => f.Key, f => f.Value.ToString());
        var number = form.GetValueOrDefault("client_reference_id") ?? form.GetValueOrDefault("metadata[refund_no]") ?? "";
        var does = trades.Behaviour(Name, account);
        if (await faults.IsDownAsync(http, does, what, number)) return;
        var (key, asked) = (http.Request.Headers["Idempotency-Key"].ToString(), http.Request.Path + string.Join('&', form.Select(f => f.Key + "=" + f.Value)));
        var told = key.Length == 0 ? (asked, new(() => act(http, account, form))) : _kept.GetOrAdd((account, key), _ => (asked, new(() => act(http, account, form))));
        var (status, body) = told.Item1 == asked ? await told.Item2.Value : Refused(400, "idempotency_error", "Keys for idempotent requests can only be used with the same parameters they were first used with.");
        await faults.AnswerAsync(http, does, what, number, _ => Faults.WriteAsync(http, status, "application/json", body.ToJsonString()));
    }

    private async Task GetAsync(HttpContext http, string what, Func<string, HttpContext, (int Status, JsonObject Body)> read)
    {
        if (await AccountAsync(http) is not { } account) return;
        var does = trades.Behaviour(Name, account);
        if (await faults.IsDownAsync(http, does, what, "")) return;
        var (status, body) = read(account, http);
        await faults.AnswerAsync(http, does, what, "", _ => Faults.WriteAsync(http, status, "application/json", body.ToJsonString()));
    }

    private static async Task<string?> AccountAsync(HttpContext http)
    {
        var account = _accounts.FirstOrDefault(a => http.Request.Headers.Authorization == "Bearer " + KeyOf(a));
        if (account is null) await Faults.WriteAsync(http, 401, "application/json", Refused(401, "", "Invalid API Key provided: sk_test_****6789").Item2.ToJsonString());
        return account;
    }

    private static (int, JsonObject) Page(HttpContext http, IEnumerable<JsonObject> all)
    {
        var after = http.Request.Query["starting_after"].ToString();
        var rest = all.ToList();
        if (after.Length > 0) rest = rest[(rest.FindIndex(o => (string)o["id"]! == after) + 1)..];
        var count = (int)Math.Min(PageMax, Number(http, "limit", 10));
        return (200, new JsonObject { ["object"] = "list", ["has_more"] = rest.Count > count, ["data"] = new JsonArray([.. rest.Take(count)]) });
    }

    private static bool Expands(HttpContext http, string what) => http.Request.Query["expand[]"].Any(e => e!.StartsWith(what, StringComparison.Ordinal));

    private static long Number(HttpContext http, string name, long usual) => long.TryParse(http.Request.Query[name], out var value) ? value : usual;

    private static (int, JsonObject) Missing(string what) => Refused(404, "resource_missing", $"No such {what}");

    private static (int, JsonObject) Refused(int status, string code, string message) =>
        (status, new JsonObject { ["error"] = new JsonObject { ["type"] = "invalid_request_error", ["code"] = code, ["message"] = message } });
}
