using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>Counts calls and says so in the headers RateLimit and RateLimit-Policy of every answer.</summary>
internal sealed class CallLimits(RateLimits limits, TimeProvider clock)
{
    private const int WindowSeconds = 1;

    /// <returns>False when the call was one too many; then it is answered.</returns>
    public ValueTask<bool> AdmitAsync(HttpContext http, string key, long quota) => AdmitCallerAsync(http, key, quota);

    /// <summary>For calls without a valid key: they are counted per address.</summary>
    public ValueTask<bool> AdmitAnonymousAsync(HttpContext http) =>
        AdmitCallerAsync(http, $"{http.Connection.RemoteIpAddress}", RateLimits.AnonymousQuota);

    private async ValueTask<bool> AdmitCallerAsync(HttpContext http, string caller, long quota)
    {
        var state = limits.Take(caller, quota, clock.GetTimestamp() / (clock.TimestampFrequency / 1_000_000));
        http.Response.Headers["RateLimit-Policy"] = $"\"default\";q={quota};w={WindowSeconds}";
        http.Response.Headers["RateLimit"] = $"\"default\";r={state.Remaining};t={WindowSeconds}";
        if (state.IsAllowed) return true;
        http.Response.Headers.RetryAfter = "1";
        await ProblemBook.WriteAsync(http, "rate_limited");
        return false;
    }
}
