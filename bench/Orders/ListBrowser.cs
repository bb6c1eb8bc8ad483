using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Lianka.Bench.Crash;

namespace Lianka.Bench.Orders;

/// <summary>One connection that asks for pages: signed in at a console, as a buyer, or signing as a merchant's program.</summary>
internal sealed class ListBrowser : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="number">Gives it an address of its own within 127.0.0.0/8, as limits count by address.</param>
    public ListBrowser(Uri node, int number)
    {
        var own = new IPEndPoint(new IPAddress([127, 3, (byte)(number >> 8), (byte)number]), 0);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, MaxConnectionsPerServer = 1,
            ConnectCallback = async (to, cancel) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(own);
                await socket.ConnectAsync(IPAddress.Loopback, to.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }) { BaseAddress = node };
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    public async Task<Page> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        return await SendAsync(request, path);
    }

    public async Task<Page> PostAsync(Page form, string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Content = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", form.Field("__RequestVerificationToken")), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
        return await SendAsync(request, path);
    }

    /// <summary>A signed GET of the API.</summary>
    public async Task<Page> AskAsync(string key, byte[] secret, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        var parts = path.Split('?');
        var time = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Guid.NewGuid().ToString("N");
        var text = $"LK1\nGET\n{parts[0]}\n{(parts.Length > 1 ? parts[1] : "")}\n{time}\n{nonce}\n{Convert.ToHexStringLower(SHA256.HashData([]))}";
        request.Headers.TryAddWithoutValidation("Lianka-Key", key);
        request.Headers.TryAddWithoutValidation("Lianka-Timestamp", time);
        request.Headers.TryAddWithoutValidation("Lianka-Nonce", nonce);
        request.Headers.TryAddWithoutValidation("Lianka-Signature", $"v1={Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)))}");
        return await SendAsync(request, path);
    }

    public static async Task<ListBrowser> LogInAsync(Uri node, int number, string login)
    {
        var browser = new ListBrowser(node, number);
        var form = await browser.GetAsync("/login");
        var page = await browser.PostAsync(form, "/login", ("login", login), ("password", ListMarket.Password));
        return page.IsRedirect ? browser : throw new InvalidOperationException($"{login} could not log in: {page.Status}");
    }

    private async Task<Page> SendAsync(HttpRequestMessage request, string path)
    {
        using var response = await _http.SendAsync(request);
        return new Page((int)response.StatusCode, response.Headers.Location?.OriginalString ?? path, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();
}
