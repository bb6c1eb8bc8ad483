using System.Threading.Channels;
using Lianka.Modules.Suppliers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lianka.Tests.Integration.Upstream;

/// <summary>An address that notices come to, raw.</summary>
internal sealed class NoticeEar : IAsyncDisposable
{
    private readonly Channel<(string Path, UpstreamNotice Notice)> _heard = Channel.CreateUnbounded<(string, UpstreamNotice)>();
    private readonly WebApplication _app;

    private NoticeEar(string thanks)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var headers = http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString());
            await _heard.Writer.WriteAsync((http.Request.Path, new UpstreamNotice(http.Request.Method, http.Request.QueryString.ToString(), headers, body.ToArray())));
            await http.Response.WriteAsync(thanks);
        });
    }

    public string Address => _app.Urls.First();

    public static async Task<NoticeEar> StartAsync(string thanks = "ok")
    {
        var ear = new NoticeEar(thanks);
        await ear._app.StartAsync();
        return ear;
    }

    public async Task<(string Path, UpstreamNotice Notice)> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _heard.Reader.ReadAsync(limit.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
