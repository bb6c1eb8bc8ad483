using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Platform;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lianka.Tests.Integration.Channels;

/// <summary>The simulator and an address that its notices come to; for all tests of a class.</summary>
public sealed class ChannelWorld : IAsyncLifetime
{
    private static long _lastNo = DateTime.UtcNow.Ticks / 10_000_000;
    private readonly ConcurrentDictionary<string, Channel<RawNotice>> _heard = [];
    private readonly ConcurrentDictionary<string, IChannel> _channels = [];
    private WebApplication _app = null!;

    internal ChannelSimulator Simulator { get; private set; } = null!;
    internal GuardedHttp Http { get; } = new(new Settings("", "", "sqlite", "none", new byte[32]) { AllowsPrivateCalls = true });

    public async Task InitializeAsync()
    {
        Simulator = await ChannelSimulator.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var headers = http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            var path = http.Request.Path.ToString();
            var notice = new RawNotice(http.Request.Method, http.Request.QueryString.ToString().TrimStart('?'), headers, body.ToArray());
            await Ear(path).Writer.WriteAsync(notice);
            var channel = _channels[path];
            var reply = channel.Reply(channel.Read(notice) is not null);
            http.Response.StatusCode = reply.Status;
            http.Response.ContentType = reply.ContentType;
            if (reply.Body.Length > 0) await http.Response.WriteAsync(reply.Body);
        });
        await _app.StartAsync();
    }

    /// <param name="with">Other values than the simulator's own; null takes a field away.</param>
    internal async Task<(IChannel Channel, string Path)> OpenAsync(IChannelProtocol protocol, int merchant = 0, params (string Field, string? Value)[] with)
    {
        var path = $"/notices/{Interlocked.Increment(ref _lastNo)}";
        var terms = await TermsAsync(protocol, path, merchant, with);
        protocol.Check(terms).ShouldBeEmpty();
        foreach (var field in protocol.Fields.Where(f => !f.IsOptional)) terms[field.Name].ShouldNotBeEmpty(field.Name);
        return (_channels[path] = protocol.Open(terms), path);
    }

    internal async Task<ChannelTerms> TermsAsync(IChannelProtocol protocol, string path = "/notices/none", int merchant = 0, params (string Field, string? Value)[] with)
    {
        var identity = (await Simulator.IdentitiesAsync(protocol.Name))[merchant];
        var values = ((JsonObject)identity["values"]!).ToDictionary(v => v.Key, v => (string)v.Value!);
        foreach (var (field, value) in with)
        {
            if (value is null) values.Remove(field);
            else values[field] = value;
        }

        return new ChannelTerms { BaseUrl = (string)identity["base_url"]!, Values = values, NotifyUrl = _app.Urls.First() + path };
    }

    internal static string NewNo() => $"t{Interlocked.Increment(ref _lastNo):d12}";

    internal static ChannelOrder Order(string method, string amount = "49.50") => new(
        NewNo(), method, Money.Parse(amount), "点卡 50 元, \"新\" <1>", "https://shop.example/orders/1", DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(15), "203.0.113.7", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");

    internal async Task<RawNotice> NextAsync(string path)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await Ear(path).Reader.ReadAsync(limit.Token);
    }

    private Channel<RawNotice> Ear(string path) => _heard.GetOrAdd(path, _ => System.Threading.Channels.Channel.CreateUnbounded<RawNotice>());

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await Simulator.DisposeAsync();
        Http.Dispose();
    }
}
