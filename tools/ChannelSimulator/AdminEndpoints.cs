using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lianka.ChannelSimulator;

/// <summary>What whoever runs the simulator may ask and tell it; no channel has these.</summary>
internal static class AdminEndpoints
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static void Map(IEndpointRouteBuilder routes, Trades trades, Notices notices)
    {
        routes.MapGet("/sim/identity", () => Wire.Answer(notices.Protocols.SelectMany(p => p.Identities)));
        routes.MapGet("/sim/behaviour", (string? channel) => Results.Json(trades.Behaviour(channel ?? ""), _json));
        routes.MapPost("/sim/behaviour", async (HttpContext http, string? channel) =>
        {
            try
            {
                trades.Behave(channel ?? "", await JsonSerializer.DeserializeAsync<Behaviour>(http.Request.Body, _json) ?? new Behaviour());
                return Results.NoContent();
            }
            catch (JsonException fault)
            {
                return Results.Text(fault.Message, statusCode: 400);
            }
        });
        routes.MapPost("/sim/reset", () =>
        {
            trades.Reset();
            foreach (var protocol in notices.Protocols) protocol.Reset();
            return Results.NoContent();
        });
        routes.MapPost("/sim/clock", (long turn_ms) =>
        {
            Trades.Turn(TimeSpan.FromMilliseconds(turn_ms));
            return Wire.Answer(new { Trades.Now });
        });
        routes.MapPost("/sim/rotate/{protocol}", (string protocol) =>
        {
            if (notices.Protocols.FirstOrDefault(p => p.Name == protocol) is not { } known) return Results.NotFound();
            known.Rotate();
            return Results.NoContent();
        });
        routes.MapGet("/sim/statement", (string channel, DateOnly day) =>
            channel.Split(':') is [var name, var merchant] && notices.Protocols.FirstOrDefault(p => p.Name == name)?.File(merchant, day) is { } file
                ? Results.File(file.Content, "application/octet-stream", file.Name) : Results.NotFound());
        routes.MapGet("/sim/trades", () => Wire.Answer(trades.All.Select(View)));
        routes.MapGet("/sim/trades/{no}", (string no) => trades.Find(no) is { } trade ? Wire.Answer(View(trade)) : Results.NotFound());
        routes.MapGet("/sim/summary", () => Wire.Answer(new
        {
            Trades = trades.All.Count, Paid = trades.All.Count(t => t.Status == TradeStatus.Paid),
            PaidFen = trades.All.Where(t => t.Status == TradeStatus.Paid).Sum(t => t.Fen),
            Refunds = trades.All.Sum(t => t.Refunds.Count), RefundedFen = trades.All.Sum(t => t.RefundedFen(Trades.Now)),
            NoticesSent = trades.All.Sum(t => t.NoticesSent), NoticesTaken = trades.All.Sum(t => t.NoticesTaken),
            ByProtocol = trades.All.GroupBy(t => $"{t.Protocol}:{t.Merchant}").ToDictionary(g => g.Key, g => new { Trades = g.Count(), Paid = g.Count(t => t.Status == TradeStatus.Paid) }),
        }));

        Act("pay", (trade, _) => Pay(trade, isLate: false));
        Act("pay-late", (trade, _) => Pay(trade, isLate: true));
        Act("open", (trade, _) =>
        {
            Trades.Open(trade);
            return Task.FromResult(Wire.Answer(View(trade)));
        });
        Act("close", (trade, _) => Task.FromResult(Trades.Close(trade) ? Wire.Answer(View(trade)) : Results.Conflict()));
        Act("charge-back", (trade, _) => Task.FromResult(trades.ChargeBack(trade) ? Wire.Answer(View(trade)) : Results.Conflict()));
        // Money for nobody beside it; ?out_no=&fen=.
        Act("foreign", (trade, http) => Task.FromResult(
            http.Request.Query["out_no"] is [{ Length: > 0 } outNo] && long.TryParse(http.Request.Query["fen"], out var fen) && fen > 0
                ? Wire.Answer(View(trades.PaidForNobody(trade, outNo, fen))) : Results.BadRequest()));
        // A notice that the trade is paid, whether it is or not; ?lie=signature|merchant|amount|currency|time, ?copies=5, ?to=another address, ?refund=number.
        Act("notify", async (trade, http) =>
        {
            var query = http.Request.Query;
            var copies = int.TryParse(query["copies"], out var count) ? Math.Clamp(count, 1, 100) : 1;
            var refund = query["refund"] is [{ } number] ? trade.Refunds.Find(r => r.OutNo == number) : null;
            var answers = await Task.WhenAll(Enumerable.Range(0, copies)
                .Select(_ => notices.SendAsync(trade, refund, query["lie"].ToString(), query["to"] is [{ } to] ? to : refund?.NotifyUrl is { Length: > 0 } own ? own : trade.NotifyUrl)));
            return Wire.Answer(answers.Where(a => a is not null).Select(a => new { a!.Value.Status, a.Value.Body, a.Value.IsTaken }));
        });

        async Task<IResult> Pay(Trade trade, bool isLate)
        {
            if (!Trades.Pay(trade, isLate)) return Results.Conflict();
            await notices.PaidAsync(trade);
            return Wire.Answer(View(trade));
        }

        void Act(string what, Func<Trade, HttpContext, Task<IResult>> act) =>
            routes.MapPost($"/sim/trades/{{no}}/{what}", async (string no, HttpContext http) => trades.Find(no) is { } trade ? await act(trade, http) : Results.NotFound());
    }

    private static object View(Trade t) => new
    {
        t.Protocol, t.Merchant, t.OutNo, t.TradeNo, t.Method, t.Fen, t.Currency, t.Subject, t.NotifyUrl, t.ReturnUrl, t.CreatedAt, t.ExpiresAt, t.PaidAt, t.Notes,
        Status = t.StatusAt(Trades.Now).ToString().ToLowerInvariant(), t.Creates, t.NoticesSent, t.NoticesTaken,
        Refunds = t.Refunds.Select(r => new { r.OutNo, r.RefundNo, r.Fen, Status = r.StatusAt(Trades.Now).ToString().ToLowerInvariant() }),
    };
}
