using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Lianka.Bench.Crash;

/// <summary>A definite answer of the API.</summary>
internal readonly record struct Told(int Status, byte[] Body, bool IsReplay);

/// <summary>Signed calls to whichever node is up. An answer that tells nothing definite is no answer.</summary>
internal sealed class Calls(Arena arena, Journal journal) : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(4);
    private static readonly MediaTypeHeaderValue _json = new("application/json");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10) })
    {
        Timeout = _patience,
    };

    /// <summary>Sends until there is a definite answer: the same content under the same key, each time freshly signed.</summary>
    /// <param name="kind">For the counts.</param>
    /// <returns>The answer, and whether an attempt before it ended without one.</returns>
    public async Task<(Told Told, bool WasUnknown)> AskAsync(string kind, CrashMerchant caller, string method, string path, byte[]? body, int wish)
    {
        var pause = 20;
        for (var attempt = 0; ; attempt++)
        {
            if (await TryAsync(caller, method, path, body, wish + attempt) is { } told)
            {
                journal.Count(kind, told.Status < 300 ? Outcome.Done : Outcome.Refused);
                return (told, attempt > 0);
            }

            journal.Count(kind, Outcome.Unknown);
            await Task.Delay(pause);
            pause = Math.Min(pause * 2, 500);
        }
    }

    private async Task<Told?> TryAsync(CrashMerchant caller, string method, string path, byte[]? body, int wish)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(arena.Address(wish), path));
        var query = path.IndexOf('?', StringComparison.Ordinal);
        var time = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Guid.NewGuid().ToString("N");
        var hash = Convert.ToHexStringLower(SHA256.HashData(body ?? []));
        var text = $"LK1\n{method}\n{(query < 0 ? path : path[..query])}\n{(query < 0 ? "" : path[(query + 1)..])}\n{time}\n{nonce}\n{hash}";
        request.Headers.TryAddWithoutValidation("Lianka-Key", caller.Key);
        request.Headers.TryAddWithoutValidation("Lianka-Timestamp", time);
        request.Headers.TryAddWithoutValidation("Lianka-Nonce", nonce);
        request.Headers.TryAddWithoutValidation("Lianka-Signature", $"v1={Convert.ToHexStringLower(HMACSHA256.HashData(caller.Secret, Encoding.UTF8.GetBytes(text)))}");
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = _json } };
        try
        {
            using var response = await _http.SendAsync(request);
            // Busy, broken or too many: whether anything was done is told by asking again.
            if ((int)response.StatusCode is >= 500 or 429) return null;
            return new Told((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers.Contains("Idempotent-Replayed"));
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or IOException or SocketException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
