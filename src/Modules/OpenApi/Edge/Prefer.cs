using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>How long a caller wants to wait for what takes a moment.</summary>
internal static class Prefer
{
    private const int WaitDefault = 5, WaitMax = 30;

    public static readonly string WaitRange = $"wait=0–{WaitMax}";

    /// <summary>Seconds of <c>Prefer: wait=N</c> (RFC 7240); null when they are out of range. Other preferences are not ours.</summary>
    public static int? Wait(HttpRequest request)
    {
        foreach (var line in request.Headers["Prefer"])
        {
            foreach (var one in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (!one.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)) continue;
                return int.TryParse(one.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= WaitMax ? seconds : null;
            }
        }

        return WaitDefault;
    }
}
