using Lianka.Modules.OpenApi;

namespace Lianka.Host.Web;

/// <summary>How far the start of this node has come.</summary>
public enum StartPhase { Starting, Seeding, Ready, Stopping }

/// <summary>Whether this node may be sent requests. Until then only health, metrics and assets are answered.</summary>
public sealed class Readiness
{
    private volatile StartPhase _phase = StartPhase.Starting;

    public StartPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    public bool IsReady => _phase is StartPhase.Ready;
}

internal static class ReadyGate
{
    /// <summary>Answers 503 while the schema or the demo is still being made, so that nobody meets half a shop.</summary>
    public static void UseReadyGate(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        var phase = http.RequestServices.GetRequiredService<Readiness>().Phase;
        // While stopping, what has come in is still served to its end.
        if (phase is StartPhase.Ready or StartPhase.Stopping) return next(http);
        var path = http.Request.Path;
        if (path.StartsWithSegments("/health", StringComparison.Ordinal) || path == "/metrics" || path.StartsWithSegments("/assets", StringComparison.Ordinal)) return next(http);
        if (OpenApiModule.IsApi(http)) return OpenApiModule.NotNowAsync(http, TimeSpan.FromSeconds(2));
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = "2";
        return http.Response.WriteAsync("正在启动，请稍候再试。 Starting; please try again in a moment.\n");
    });
}
