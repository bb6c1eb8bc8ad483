using System.Net;
using System.Net.Sockets;
using Lianka.Bench.Crash;

namespace Lianka.Bench.TopUp;

/// <summary>Guests of a shop who top up a number that does not exist and pay for it through the test channel.</summary>
internal static class RetailBuyers
{
    public const string Shop = "topup";

    /// <returns>How many paid.</returns>
    public static async Task<int> PayAsync(Uri node, string product, string sku, int buyers)
    {
        var (next, paid) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int no; (no = Interlocked.Increment(ref next)) <= buyers;)
            {
                using var http = Browser(node, no);
                var page = await PageAsync(await http.GetAsync($"/s/{Shop}/p/{product}?sku={sku}"));
                var placed = await PostAsync(http, page, $"/s/{Shop}/p/{product}?sku={sku}",
                    ("sku", sku), ("quantity", "1"), ("contact", $"139{no:D8}"), ("field.account", $"1380{no:D4}102"), ("token", page.Field("token")), ($"price.{sku}", page.Field($"price.{sku}")));
                var pay = await PageAsync(await http.GetAsync(placed.Path));
                if (pay.Href("/s/[^\"]+/go/[^\"]+") is not { } go || await PageAsync(await http.GetAsync(go)) is not { IsRedirect: true, Path: var cashier }) continue;
                var desk = await PageAsync(await http.GetAsync(cashier));
                if ((await PostAsync(http, desk, cashier, ("act", "Paid"))).IsRedirect) Interlocked.Increment(ref paid);
            }
        })));
        return paid;
    }

    /// <summary>An address of its own within 127.0.0.0/8, as limits count by address.</summary>
    public static HttpClient Browser(Uri node, int no) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (to, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(new IPAddress([127, (byte)(9 + (no >> 15)), (byte)(no >> 7), (byte)((no << 1) | 1)]), 0));
                await socket.ConnectAsync(to.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    }) { BaseAddress = node };

    public static async Task<Page> PostAsync(HttpClient http, Page from, string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", from.Field("__RequestVerificationToken")), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
        return await PageAsync(await http.PostAsync(path, form));
    }

    public static async Task<Page> PageAsync(HttpResponseMessage response)
    {
        using var _ = response;
        return new Page((int)response.StatusCode, response.Headers.Location?.OriginalString ?? response.RequestMessage!.RequestUri!.PathAndQuery, await response.Content.ReadAsStringAsync());
    }
}
