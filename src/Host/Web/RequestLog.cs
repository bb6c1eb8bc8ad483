using System.Diagnostics;

namespace Lianka.Host.Web;

/// <summary>One line for a request: what was asked, how it ended, how long it took. Never a query string, a body or a header.</summary>
internal static partial class RequestLog
{
    public static void UseRequestLog(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Lianka.Http");
        app.Use(async (http, next) =>
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                await next(http);
            }
            finally
            {
                var path = http.Request.Path;
                if (IsWorthALine(path, http.Response.StatusCode))
                    Served(log, http.Request.Method, RouteOf(http) ?? "(no route)", http.Response.StatusCode,
                        (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds, http.TraceIdentifier);
            }
        });
    }

    /// <summary>
    /// Successes of the API are counted, not written: at thousands a second the line would cost as much as the order, whose
    /// timeline tells the same. Probes and assets say nothing.
    /// </summary>
    private static bool IsWorthALine(PathString path, int status) =>
        !path.StartsWithSegments("/health", StringComparison.Ordinal) && path != "/metrics"
        && (status >= 400
            || !(path.StartsWithSegments("/api", StringComparison.Ordinal) || path.StartsWithSegments("/assets", StringComparison.Ordinal)));

    /// <summary>The pattern of the route rather than the path, because a path may carry a number that opens something.</summary>
    public static string? RouteOf(HttpContext http) =>
        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } pattern ? "/" + pattern.TrimStart('/') : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Route} {Status} {Milliseconds} ms {RequestId}")]
    private static partial void Served(ILogger logger, string method, string route, int status, long milliseconds, string requestId);
}
