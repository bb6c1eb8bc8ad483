using System.Globalization;
using Lianka.Modules.Agents;
using Lianka.Modules.OpenApi.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>Lets a call in: key, signature, clock, nonce, address, rate, scope, content type, in this order.</summary>
/// <remarks>
/// The rate of a key is counted only after its signature was found right, so that nobody can use up another's calls. The
/// nonce is used up only then too. No database is asked: keys are in memory.
/// </remarks>
internal sealed class Gate(ApiKeys keys, NonceMemory nonces, CallLimits limits, TimeProvider clock)
{
    private const string Bearer = "Bearer ";

    /// <param name="scope">What the key must be allowed to do.</param>
    /// <param name="takesJson">The call has a JSON body.</param>
    /// <param name="bytesMax">The most bytes of the body; more than usual only from those who name a key that exists, for all of it is in
    /// memory before its signature is checked.</param>
    public RequestDelegate For(string scope, Func<ApiCall, Task> handle, bool takesJson = false, int bytesMax = BodyReading.BytesMax) =>
        http => RunAsync(http, scope, handle, takesJson, bytesMax);

    private async Task RunAsync(HttpContext http, string scope, Func<ApiCall, Task> handle, bool takesJson, int bytesMax)
    {
        if (bytesMax > BodyReading.BytesMax)
        {
            if (keys.Find($"{http.Request.Headers["Lianka-Key"]}") is null) bytesMax = BodyReading.BytesMax;
            // Above our own limit, so that a body a little too large is answered in our words and not with a broken connection.
            else if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = 2L * bytesMax;
        }

        if (await BodyReading.ReadAsync(http.Request, http.RequestAborted, bytesMax) is not { } body)
        {
            if (await limits.AdmitAnonymousAsync(http)) await ProblemBook.WriteAsync(http, "payload_too_large");
            return;
        }

        var (key, refusal, error) = Authenticate(http, body);
        if (refusal is not null)
        {
            if (await limits.AdmitAnonymousAsync(http)) await ProblemBook.WriteAsync(http, refusal, error is null ? [] : [error]);
            return;
        }

        if (!await limits.AdmitAsync(http, key!.Key, key.CallsPerSecond)) return;
        if (http.Connection.RemoteIpAddress is not { } address || !key.Allows(address))
            await ProblemBook.WriteAsync(http, "forbidden", new FieldProblem("", FieldProblemTexts.Address, $"{http.Connection.RemoteIpAddress}"));
        else if (!key.IsOwnerActive)
            await ProblemBook.WriteAsync(http, "forbidden", new FieldProblem("", FieldProblemTexts.Suspended));
        // No scope is offered to both; this holds even for a key that was written with the wrong ones.
        else if (!key.Has(scope) || !key.Owner.Scopes.Contains(scope))
            await ProblemBook.WriteAsync(http, "forbidden", new FieldProblem("", FieldProblemTexts.Scope, scope));
        else if (takesJson && !BodyReading.IsJson(http.Request))
            await ProblemBook.WriteAsync(http, "unsupported_media_type", new FieldProblem("Content-Type", FieldProblemTexts.MediaType));
        else await handle(new ApiCall(http, key, body));
    }

    private (ApiKeyEntry? Key, string? Refusal, FieldProblem? Error) Authenticate(HttpContext http, ReadOnlyMemory<byte> body)
    {
        var headers = http.Request.Headers;
        string? name = headers["Lianka-Key"], timestamp = headers["Lianka-Timestamp"], nonce = headers["Lianka-Nonce"],
            signature = headers["Lianka-Signature"];
        if (string.IsNullOrEmpty(name))
        {
            // Bearer is for test keys, which come with the sandbox: until then nobody has one.
            var isBearer = headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);
            return (null, "unauthenticated", isBearer
                ? new("Authorization", FieldProblemTexts.Signed)
                : new("Lianka-Key", FieldProblemTexts.Required));
        }

        if (string.IsNullOrEmpty(timestamp)) return (null, "unauthenticated", new("Lianka-Timestamp", FieldProblemTexts.Required));
        if (string.IsNullOrEmpty(nonce)) return (null, "unauthenticated", new("Lianka-Nonce", FieldProblemTexts.Required));
        if (string.IsNullOrEmpty(signature)) return (null, "unauthenticated", new("Lianka-Signature", FieldProblemTexts.Required));
        if (!Signature.IsNonce(nonce)) return (null, "unauthenticated", new("Lianka-Nonce", FieldProblemTexts.Nonce));

        if (keys.Find(name) is not { } key) return (null, "unauthenticated", null);
        var now = clock.GetUtcNow();
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Signature.TimestampSlackSeconds) return (null, "timestamp_out_of_range", null);

        var (path, query) = Target(http);
        if (!Signature.IsValid(key.Secret.Span, http.Request.Method, path, query, timestamp, nonce, body.Span, signature))
            return (null, "signature_invalid", null);
        return nonces.TryUse(key.Key, nonce, now) ? (key, null, null) : (null, "nonce_reused", null);
    }

    /// <summary>The address as it was sent, since that is what was signed.</summary>
    private static (string Path, string Query) Target(HttpContext http)
    {
        var raw = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (!raw.StartsWith('/')) return (http.Request.Path.ToUriComponent(), http.Request.QueryString.Value ?? "");
        var mark = raw.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? (raw, "") : (raw[..mark], raw[mark..]);
    }
}
