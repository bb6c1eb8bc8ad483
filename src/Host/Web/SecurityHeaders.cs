using Lianka.Platform.Http;

namespace Lianka.Host.Web;

/// <summary>The headers that tell a browser what a page may not do.</summary>
internal static class SecurityHeaders
{
    // Styles may be inline, because each storefront sets its own colour; scripts never.
    private const string Policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        http.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            var headers = context.Response.Headers;
            // A page that needs another policy (the API documents) has set it by now.
            headers.ContentSecurityPolicy = headers.ContentSecurityPolicy is { Count: > 0 } own ? own
                : FormTarget.Of(context) is { } target ? $"{Policy} {target}" : Policy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = headers.XFrameOptions is { Count: > 0 } looser ? looser : "DENY";
            headers["Referrer-Policy"] = headers["Referrer-Policy"] is { Count: > 0 } stricter ? stricter : "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            return Task.CompletedTask;
        }, http);
        return next(http);
    });
}
