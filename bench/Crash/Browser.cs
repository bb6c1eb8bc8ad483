using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Lianka.Bench.Crash;

/// <summary>A page as it came: where a redirect led, or the text.</summary>
internal sealed record Page(int Status, string Path, string Html)
{
    public bool IsRedirect => Status is 301 or 302;

    public string Field(string name)
    {
        var tag = Regex.Matches(Html, "<input[^>]*>", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(m => m.Value)
            .FirstOrDefault(t => t.Contains($"name=\"{name}\"", StringComparison.Ordinal)) ?? "";
        return WebUtility.HtmlDecode(Regex.Match(tag, "value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["value"].Value);
    }

    public string? Href(string pattern) =>
        Regex.Match(Html, $"href=\"(?<to>{pattern})\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)) is { Success: true } found ? WebUtility.HtmlDecode(found.Groups["to"].Value) : null;
}

/// <summary>A browser in English with cookies of its own, which presses again when a page did not come.</summary>
internal sealed class Browser : IDisposable
{
    private readonly Arena _arena;
    private readonly Journal _journal;
    private readonly HttpClient _http;
    private int _wish;

    /// <param name="number">Gives it an address of its own within 127.0.0.0/8, as limits count by address.</param>
    public Browser(Arena arena, Journal journal, int number)
    {
        (_arena, _journal, _wish) = (arena, journal, number);
        var own = new IPEndPoint(new IPAddress([127, (byte)(1 + (number >> 16 & 63)), (byte)(number >> 8), (byte)(number | 1)]), 0);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (to, cancel) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    socket.Bind(own);
                    await socket.ConnectAsync(to.DnsEndPoint, cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        }) { Timeout = TimeSpan.FromSeconds(6) };
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    public Task<Page> GetAsync(string path) => AgainAsync(null, path, () => new HttpRequestMessage(HttpMethod.Get, new Uri(_arena.Address(_wish), path)));

    /// <summary>Sends a form with the token of the page it stood on, until there is a definite answer.</summary>
    /// <param name="kind">For the counts: a page is one attempt more.</param>
    public async Task<Page> PostAsync(string kind, Page from, string path, params (string Name, string Value)[] fields)
    {
        List<KeyValuePair<string, string>> all = [new("__RequestVerificationToken", from.Field("__RequestVerificationToken")), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))];
        var page = await AgainAsync(kind, path, () => new HttpRequestMessage(HttpMethod.Post, new Uri(_arena.Address(_wish), path)) { Content = new FormUrlEncodedContent(all) });
        _journal.Count(kind, page.IsRedirect ? Outcome.Done : Outcome.Refused);
        return page;
    }

    private async Task<Page> AgainAsync(string? kind, string path, Func<HttpRequestMessage> request)
    {
        for (var pause = 50; ; pause = Math.Min(pause * 2, 500))
        {
            if (await TryAsync(path, request) is { } page) return page;
            if (kind is not null) _journal.Count(kind, Outcome.Unknown);
            _wish++;
            await Task.Delay(pause);
        }
    }

    private async Task<Page?> TryAsync(string path, Func<HttpRequestMessage> make)
    {
        using var request = make();
        try
        {
            using var response = await _http.SendAsync(request);
            if ((int)response.StatusCode is >= 500 or 429) return null;
            var html = await response.Content.ReadAsStringAsync();
            var to = response.Headers.Location;
            return new Page((int)response.StatusCode, to is null ? path : to.IsAbsoluteUri ? to.PathAndQuery : to.OriginalString, html);
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or IOException or SocketException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
