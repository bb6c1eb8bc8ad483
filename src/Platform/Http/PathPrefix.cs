using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lianka.Platform.Http;

/// <summary>A site that stands below a path of its host, <c>https://example.com/lianka/</c>.</summary>
/// <remarks>
/// Inside, every address is written from the root, as if there were no prefix: it is taken off what comes in and put before what goes
/// out. A page goes out through <see cref="PrefixedHtml"/>, redirects and cookies by their headers; only whole addresses
/// (<see cref="Origin"/>) and those in JSON (<see cref="Outside"/>) ask here. A request that came without the prefix, as those for shops at their own
/// domains and for this machine's probes do, is answered without it. Without the setting nothing of this is in the way of a request.
/// Held by: tests/Integration/Edge/PathPrefixTests.cs.
/// </remarks>
public static partial class PathPrefix
{
    private sealed record Asked(string Prefix);

    /// <summary>Whether it can be one: <c>/lianka</c>, <c>/a/b</c>; no slash at the end.</summary>
    public static bool IsUsable(string prefix) => Form().IsMatch(prefix);

    /// <summary>What stood before the path of this request; empty: nothing.</summary>
    public static string Of(HttpContext http) => http.Features.Get<Asked>()?.Prefix ?? "";

    /// <summary>What whole addresses of this site begin with: scheme, host and prefix, as the browser knows them.</summary>
    public static string Origin(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}{Of(http)}";

    /// <summary>A path as browsers know it; for what is neither HTML nor a header.</summary>
    public static string Outside(HttpContext http, string path) => Of(http) + path;

    /// <summary>A path that a browser told, as the site writes it.</summary>
    public static string Inside(HttpContext http, string path) =>
        Of(http) is { Length: > 0 } prefix && path.StartsWith(prefix + "/", StringComparison.Ordinal) ? path[prefix.Length..] : path;

    /// <summary>A piece of a page that goes out inside of something else.</summary>
    public static string Html(HttpContext http, string html)
    {
        if (Of(http) is not { Length: > 0 } prefix) return html;
        var written = new ArrayBufferWriter<byte>(html.Length + 256);
        new PrefixedHtml(prefix).Write(Encoding.UTF8.GetBytes(html), written);
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }

    /// <summary>Takes the prefix off requests and puts it into the headers of their answers. Before all that looks at a path.</summary>
    public static void UsePathPrefix(this IApplicationBuilder app, string prefix)
    {
        var asked = new Asked(prefix);
        app.Use((http, next) =>
        {
            if (!http.Request.Path.StartsWithSegments(prefix, StringComparison.Ordinal, out var rest)) return next(http);
            if (!rest.HasValue)
            {
                // Cookies of the site are for what stands below it.
                http.Response.Redirect($"{prefix}/{http.Request.QueryString}", permanent: false, preserveMethod: true);
                return Task.CompletedTask;
            }

            http.Features.Set(asked);
            http.Request.Path = rest;
            http.Response.OnStarting(static state =>
            {
                var context = (HttpContext)state;
                Head(context.Response, Of(context));
                return Task.CompletedTask;
            }, http);
            return next(http);
        });
    }

    /// <summary>Puts the prefix into pages. Inside of what presses answers together, outside of all that writes pages or keeps them.</summary>
    public static void UsePrefixedPages(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (Of(http) is not { Length: > 0 } prefix || http.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal))
        {
            await next(http);
            return;
        }

        var straight = http.Features.Get<IHttpResponseBodyFeature>()!;
        await using var pages = new PrefixedBody(http.Response, straight.Stream, prefix);
        var through = new StreamResponseBodyFeature(pages, straight);
        http.Features.Set<IHttpResponseBodyFeature>(through);
        try
        {
            await next(http);
            await through.Writer.FlushAsync();
        }
        finally
        {
            http.Features.Set(straight);
        }
    });

    internal static bool IsPage(HttpResponse response) => response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true;

    private static void Head(HttpResponse response, string prefix)
    {
        var headers = response.Headers;
        if (headers.Location is [{ Length: > 0 } to] && to[0] == '/' && !to.StartsWith("//", StringComparison.Ordinal)) headers.Location = prefix + to;
        // The page becomes longer on its way.
        if (IsPage(response)) headers.ContentLength = null;
        if (headers.SetCookie.Count == 0) return;
        headers.SetCookie = headers.SetCookie.Select(cookie => Path().Replace(cookie!, $"; path={prefix}/", 1)).ToArray();
    }

    [GeneratedRegex("^(?:/[A-Za-z0-9][A-Za-z0-9._~-]*){1,4}\\z", RegexOptions.None, 1_000)]
    private static partial Regex Form();

    // A value cannot hold a semicolon.
    [GeneratedRegex("; path=/", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Path();
}
