using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lianka.Platform.Http;

/// <summary>Gives every request an id, shown as X-Request-Id on every answer and used in logs and problem details.</summary>
public static class RequestIds
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private static readonly SearchValues<char> _allowed =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_");

    /// <summary>First in the pipeline. A caller's own id is kept when it is plain; anything else is replaced.</summary>
    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        http.TraceIdentifier = http.Request.Headers["X-Request-Id"] is [{ Length: >= 8 and <= 64 } given]
            && !given.AsSpan().ContainsAnyExcept(_allowed) ? given : New();
        http.Response.Headers["X-Request-Id"] = http.TraceIdentifier;
        return next(http);
    });

    private static string New() => string.Create(16, 0, static (text, _) =>
    {
        "req_".CopyTo(text);
        Random.Shared.GetItems(Alphabet, text[4..]); // A name, not a secret.
    });
}
