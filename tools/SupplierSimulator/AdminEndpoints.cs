using System.Text.Json;
using Lianka.SupplierSimulator.Protocols;

namespace Lianka.SupplierSimulator;

/// <summary>What whoever runs the simulator may ask and tell it; no supplier has these.</summary>
internal static class AdminEndpoints
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public static void Map(IEndpointRouteBuilder routes, Desk desk)
    {
        routes.MapGet("/sim/behaviour", () => Results.Json(desk.Behaviour, _json));
        routes.MapPost("/sim/behaviour", async (HttpContext http) =>
        {
            try
            {
                desk.Behaviour = await JsonSerializer.DeserializeAsync<Behaviour>(http.Request.Body, _json) ?? new Behaviour();
                return Results.Json(desk.Behaviour, _json);
            }
            catch (JsonException fault)
            {
                return Results.Text(fault.Message, statusCode: 400);
            }
        });
        routes.MapPost("/sim/reset", () =>
        {
            desk.Reset();
            desk.Behaviour = new Behaviour();
            return Results.NoContent();
        });
        routes.MapGet("/sim/orders", () => Results.Json(desk.All.Select(View), _json));
        routes.MapGet("/sim/orders/{own}", (string own) => Of(desk, own) is { } order ? Results.Json(View(order), _json) : Results.NotFound());
        routes.MapGet("/sim/summary", () => Results.Json(new
        {
            Orders = desk.All.Count, Purchases = desk.All.Sum(o => o.Purchases), Attempts = desk.All.Sum(o => o.Attempts), BoughtTwice = desk.All.Count(o => o.Purchases > 1),
            Delivered = desk.All.Count(o => o.Delivered > 0), Charged = desk.All.Sum(o => o.Charged - o.Returned),
        }, _json));
        routes.MapPost("/sim/orders/{own}/notice", async (string own) =>
        {
            if (Of(desk, own) is not { } order) return Results.NotFound();
            await SendAsync(order);
            return Results.Json(View(order), _json);
        });
        routes.MapPost("/sim/orders/{own}/reverse", (string own) =>
        {
            if (Of(desk, own) is not { } order) return Results.NotFound();
            order.ReversedAt = DateTime.UtcNow;
            return Results.Json(View(order), _json);
        });
    }

    private static SimOrder? Of(Desk desk, string own) => desk.All.FirstOrDefault(o => o.OwnNo == own);

    private static Task SendAsync(SimOrder order) => order.Protocol switch
    {
        Kasushou.Name => Wire.SendAsync(order, "ok", Kasushou.NoticeOf),
        Kayixin.Name => Wire.SendAsync(order, "ok", Kayixin.NoticeOf),
        Fulu.Name => Wire.SendAsync(order, "success", Fulu.NoticeOf),
        _ => Wire.SendAsync(order, "ok", Reloadly.NoticeOf),
    };

    private static object View(SimOrder o) => new
    {
        o.Protocol, o.Account, o.OwnNo, o.No, o.Goods, o.Count, o.Target, o.Charged, o.Returned, o.Delivered,
        State = !o.IsDone ? "working" : o.Now.ToString().ToLowerInvariant(), Mood = o.Mood.ToString().ToLowerInvariant(),
        o.Attempts, o.Purchases, o.NoticesSent, o.NoticesTaken, DoneAt = o.IsReversed ? o.ReversedAt : o.DoneAt,
    };
}
