using Lianka.Platform.Data;

namespace Lianka.Host.Web;

/// <summary>Liveness (the process answers) and readiness (schema, scenario and database are there).</summary>
internal static class Health
{
    private static readonly byte[] _live = "{\"status\":\"live\"}"u8.ToArray();

    private sealed record ReadyAnswer(string Status, string Phase, string Database);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", static () => TypedResults.Bytes(_live, "application/json")).ExcludeFromDescription();
        routes.MapGet("/health/ready", ReadyAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, Database database, CancellationToken cancel)
    {
        var phase = readiness.Phase;
        // A database that does not answer in 2 s is as good as absent to a balancer.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        var answers = await AnswersAsync(database, limit.Token);
        var ready = phase is StartPhase.Ready && answers;
        return TypedResults.Json(
            new ReadyAnswer(ready ? "ready" : "not_ready", phase.ToString().ToLowerInvariant(), answers ? "ok" : "unreachable"),
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> AnswersAsync(Database database, CancellationToken cancel)
    {
        try
        {
            return await database.ReadAsync(s => s.ScalarAsync<long>("select 1"), cancel) == 1;
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or OperationCanceledException or TimeoutException)
        {
            return false;
        }
    }
}
