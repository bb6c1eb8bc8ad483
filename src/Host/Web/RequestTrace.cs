using System.Diagnostics;
using Lianka.Platform;

namespace Lianka.Host.Web;

/// <summary>One span for a request, in the trace its caller names by traceparent. Never a query string, a body, a path or a key.</summary>
internal static class RequestTrace
{
    public static void UseRequestTrace(this IApplicationBuilder app) => app.Use(static (http, next) =>
        Traces.Source.HasListeners() ? TracedAsync(http, next) : next(http));

    private static async Task TracedAsync(HttpContext http, RequestDelegate next)
    {
        var caller = ActivityContext.TryParse(http.Request.Headers.TraceParent, http.Request.Headers.TraceState, isRemote: true, out var given) ? given : default;
        // The framework's own span of this request is not exported: it would be a parent that nobody can find.
        Activity.Current = null;
        using var span = Traces.Source.StartActivity(http.Request.Method, ActivityKind.Server, caller);
        try
        {
            await next(http);
        }
        finally
        {
            if (span is not null) Describe(span, http);
        }
    }

    private static void Describe(Activity span, HttpContext http)
    {
        var status = http.Response.StatusCode;
        span.SetTag("http.request.method", http.Request.Method);
        span.SetTag("http.response.status_code", status);
        span.SetTag("lianka.request_id", http.TraceIdentifier);
        if (status >= 500) span.SetStatus(ActivityStatusCode.Error);
        if (RequestLog.RouteOf(http) is not { } route) return;
        span.SetTag("http.route", route);
        span.DisplayName = $"{http.Request.Method} {route}";
    }
}
