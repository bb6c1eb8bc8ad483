using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Platform;
using Lianka.Platform.Http;

namespace Lianka.Host.Scenarios;

/// <summary>The payment channels of a demo: WeChat Pay, Alipay, UnionPay, Stripe and 易支付 as the simulator plays them, and merchants' wallets, beside the test channel.</summary>
internal sealed class DemoChannels(PaymentChannels channels)
{
    /// <summary>Where the simulator listens when nobody says otherwise.</summary>
    private static readonly Uri _usualAddress = new("http://127.0.0.1:5091");

    // Behind the test channel, which works without the simulator; each way to pay once.
    private static readonly IReadOnlyList<(string Protocol, string Zh, string En, IReadOnlyList<string> Methods)> _channels =
    [
        ("wechat", "微信支付（模拟）", "WeChat Pay (simulated)", []),
        ("alipay", "支付宝（模拟）", "Alipay (simulated)", ["page", "wap"]),
        ("unionpay", "银联在线（模拟）", "UnionPay (simulated)", []),
        ("stripe", "Stripe（模拟）", "Stripe (simulated)", []),
        ("epay2", "易支付（模拟，QQ 钱包）", "Epay (simulated, QQ Wallet)", ["qqpay-qr", "qqpay-page"]),
    ];

    /// <param name="name">Of this demo, by which the simulator of another of its nodes is told from a stranger's.</param>
    /// <returns>Null when the simulator does not start: buyers pay by the test channel.</returns>
    public async Task<DemoSimulator?> StartAsync(string name, Settings settings, GuardedHttp http, TextWriter output, CancellationToken cancel)
    {
        try
        {
            var last = (await channels.ListAsync(cancel)).FirstOrDefault(c => c.Code == _channels[0].Protocol && IsHere(c)) is { } known ? new Uri(known.BaseUrl) : _usualAddress;
            // With the same keys after a restart, because the channels were told them.
            return await DemoSimulator.StartAsync("lianka-channel-simulator.dll", name, last, ["--keys", Path.Combine(settings.DataFolder, "channel-simulator")], http, cancel);
        }
        catch (Exception fault) when (DemoSimulator.IsNoStart(fault, cancel))
        {
            await output.WriteLineAsync($"WARNING: the demo's channel simulator did not start ({fault.Message}) Buyers pay by the test channel.");
            return null;
        }
    }

    /// <summary>Makes the demo's channels, or points them to where the simulator answers now. One that somebody has pointed to another machine stays.</summary>
    /// <param name="baseUrl">Where Stripe's events go: the others are told with each payment.</param>
    public async Task PointAsync(Uri simulator, string baseUrl, TextWriter output, CancellationToken cancel)
    {
        try
        {
            await PointAsync(simulator, baseUrl, cancel);
        }
        catch (Exception fault) when (DemoSimulator.IsNoStart(fault, cancel))
        {
            await output.WriteLineAsync($"WARNING: the demo's channel simulator does not answer ({fault.Message}) Buyers pay by the test channel.");
        }
    }

    /// <summary>Merchants' wallets as a way to pay; behind the others, because few buyers have one.</summary>
    public async Task AddWalletsAsync(CancellationToken cancel)
    {
        if ((await channels.ListAsync(cancel)).Exists(c => c.Protocol == PayWays.Wallet)) return;
        Saved(PayWays.Wallet, await channels.CreateAsync(new ChannelDraft
        {
            Code = PayWays.Wallet, Protocol = PayWays.Wallet, NameZh = "代理余额", NameEn = "Merchants' balance", FeeBps = "0", Priority = "120",
        }, cancel));
    }

    private async Task PointAsync(Uri simulator, string baseUrl, CancellationToken cancel)
    {
        using var client = new HttpClient { Timeout = DemoSimulator.Patience, BaseAddress = simulator };
        var identities = JsonNode.Parse(await client.GetStringAsync("/sim/identity", cancel))!.AsArray().OfType<JsonObject>().ToList();
        var known = (await channels.ListAsync(cancel)).ToDictionary(c => c.Code);
        foreach (var (protocol, zh, en, methods) in _channels)
        {
            var identity = identities.First(i => (string)i["protocol"]! == protocol);
            var draft = new ChannelDraft
            {
                Code = protocol, Protocol = protocol, NameZh = zh, NameEn = en, BaseUrl = (string)identity["base_url"]!, Methods = methods, Priority = "110",
                Values = identity["values"]!.AsObject().ToDictionary(v => v.Key, v => (string)v.Value!),
            };
            var channel = !known.TryGetValue(protocol, out var there) ? Saved(protocol, await channels.CreateAsync(draft, cancel))
                : !IsHere(there) || there.BaseUrl == draft.BaseUrl ? there
                : Saved(protocol, await channels.UpdateAsync(there.Id, ChannelDraft.Of(there) with { BaseUrl = draft.BaseUrl, Values = draft.Values }, cancel));
            if (protocol == "stripe" && IsHere(channel)) await TellAsync(client, draft.Values["secret_key"], baseUrl + channel.NoticePath, cancel);
        }
    }

    // What a person does in Stripe's Dashboard.
    private static async Task TellAsync(HttpClient client, string key, string address, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/stripe/v1/webhook_endpoints") { Content = new FormUrlEncodedContent([new("url", address)]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await client.SendAsync(request, cancel);
        answer.EnsureSuccessStatusCode();
    }

    private static bool IsHere(Channel channel) => Uri.TryCreate(channel.BaseUrl, UriKind.Absolute, out var address) && address.IsLoopback;

    private static Channel Saved(string what, ChannelDecision decision) => decision switch
    {
        ChannelDecision.Saved saved => saved.Value,
        ChannelDecision.Refused refused => throw new DemoRefusedException(what, refused.Errors),
        _ => throw new DemoRefusedException(what, []),
    };
}
