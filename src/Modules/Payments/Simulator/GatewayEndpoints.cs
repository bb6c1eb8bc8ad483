using Lianka.Platform.Http;
using Lianka.Modules.Payments.Test;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Payments.Simulator;

/// <summary>The simulated gateway's own HTTP surface: signed questions in, signed answers out.</summary>
internal static class GatewayEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var gateway = routes.MapGroup("/sim/gateway").ExcludeFromDescription();
        gateway.MapPost("/create", Handle((g, q, c) => g.CreateAsync(q, c)));
        gateway.MapPost("/query", Handle((g, q, c) => g.QueryAsync(q, c)));
        gateway.MapPost("/close", Handle((g, q, c) => g.CloseAsync(q, c)));
        gateway.MapPost("/statement", Handle((g, q, c) => g.StatementAsync(q, c)));
        gateway.MapPost("/refund", Handle((g, q, c) => g.RefundAsync(q, c)));
    }

    private static Delegate Handle(Func<TestGateway, TestQuestion, CancellationToken, Task<TestAnswer>> answer) =>
        async (HttpContext http, TestGateway gateway, TestChannelKey keys, TimeProvider clock) =>
        {
            var cancel = http.RequestAborted;
            if (!await gateway.IsOnAsync(cancel)) return Results.NotFound();
            if (await RawBody.ReadAsync(http.Request, TestWire.BodyBytesMax, cancel) is not { } body)
                return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            var key = await keys.GetAsync();
            var headers = http.Request.Headers;
            if (!TestWire.IsGenuine(key, headers[TestWire.TimeHeader], headers[TestWire.SignatureHeader], body, clock.GetUtcNow()))
                return Results.StatusCode(StatusCodes.Status401Unauthorized);
            if (TestWire.Read<TestQuestion>(body) is not { Merchant: TestWire.Merchant } question)
                return Results.StatusCode(StatusCodes.Status400BadRequest);
            var told = TestWire.Write(await answer(gateway, question, cancel));
            var time = TestWire.Time(clock.GetUtcNow());
            http.Response.Headers[TestWire.TimeHeader] = time;
            http.Response.Headers[TestWire.SignatureHeader] = TestWire.Sign(key, time, told);
            return Results.Bytes(told, "application/json");
        };
}
