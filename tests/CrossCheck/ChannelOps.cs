using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.Alipay;
using Lianka.Modules.Payments.Channels.WeChat;
using Lianka.Platform;
using Lianka.Platform.Http;

namespace Lianka.Tests.CrossCheck;

/// <summary>Whole clients: one opens a trade at a server of whoever asks, or reads a notice.</summary>
/// <remarks>
/// <c>{"op":"create","protocol":"wechat","base_url":"…","values":{…},"order":{"out_no":"…","method":"native","amount":"1.00","subject":"…"}}</c>,
/// <c>{"op":"read","protocol":"wechat","values":{…},"headers":{…},"body":"base64"}</c>
/// </remarks>
internal sealed class ChannelOps : IDisposable
{
    private readonly GuardedHttp _http = new(new Settings("", "", "sqlite", "none", new byte[32]) { AllowsPrivateCalls = true });
    private readonly IChannelProtocol[] _protocols;

    public ChannelOps() => _protocols = [new WeChatProtocol(_http, TimeProvider.System), new AlipayProtocol(_http, TimeProvider.System)];

    public static bool Has(string op) => op is "create" or "read";

    public async Task<JsonObject> AnswerAsync(JsonNode asked)
    {
        var protocol = _protocols.First(p => p.Name == Text("protocol"));
        var terms = new ChannelTerms
        {
            BaseUrl = asked["base_url"] is null ? protocol.BaseUrl : Text("base_url"), NotifyUrl = "https://shop.example/notify/1", Values = asked["values"].Deserialize<Dictionary<string, string>>()!,
        };
        if (protocol.Check(terms) is { Count: > 0 } errors) return new JsonObject { ["error"] = string.Join("; ", errors.Select(e => $"{e.Field}: {e.En}")) };
        var channel = protocol.Open(terms);
        try
        {
            return Text("op") == "read" ? Read(channel, asked) : await CreateAsync(channel, asked["order"].Deserialize<Dictionary<string, string>>()!);
        }
        catch (ChannelException fault)
        {
            return new JsonObject { ["error"] = fault.Message };
        }

        string Text(string name) => asked[name]!.GetValue<string>();
    }

    private static JsonObject Read(IChannel channel, JsonNode asked)
    {
        var headers = new Dictionary<string, string>(asked["headers"].Deserialize<Dictionary<string, string>>() ?? [], StringComparer.OrdinalIgnoreCase);
        return channel.Read(new RawNotice("POST", "", headers, Convert.FromBase64String((string)asked["body"]!))) is { } told
            ? new JsonObject { ["out_no"] = told.OutNo, ["trade_no"] = told.TradeNo, ["amount"] = told.Amount.Text(2), ["currency"] = told.Amount.Currency.Code, ["state"] = told.State.ToString() }
            : new JsonObject { ["out_no"] = null };
    }

    private static async Task<JsonObject> CreateAsync(IChannel channel, Dictionary<string, string> order)
    {
        var now = DateTimeOffset.UtcNow;
        var code = await channel.CreateAsync(new ChannelOrder(
            order["out_no"], order["method"], Money.Parse(order["amount"]), order["subject"], "https://shop.example/返回?a=1&b=2", now, now.AddMinutes(15), "203.0.113.7", order.GetValueOrDefault("openid")), default);
        var fields = new JsonObject();
        foreach (var (name, value) in code.Fields ?? new Dictionary<string, string>()) fields[name] = value;
        return new JsonObject { ["shape"] = code.Shape.ToString().ToLower(CultureInfo.InvariantCulture), ["value"] = code.Value, ["fields"] = fields };
    }

    public void Dispose() => _http.Dispose();
}
