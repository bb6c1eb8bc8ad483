using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.Epay.Core;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.Epay;

/// <summary>易支付, the first version: MD5. Sites of many makers speak it, each a little differently.</summary>
internal sealed class Epay1Protocol(GuardedHttp http, TimeProvider clock) : IChannelProtocol
{
    /// <summary>The methods of both versions.</summary>
    public static readonly IReadOnlyList<PayMethod> PayMethods = [.. EpayTrades.Ways.SelectMany(w => (PayMethod[])
    [
        new($"{w.Type}-qr", PayShape.Qr, PayDevices.Desktop, w.Way),
        new($"{w.Type}-page", PayShape.Form, PayDevices.Desktop | PayDevices.Phone | PayDevices.InApp, w.Way),
    ])];

    public string Name => "epay1";
    public string Zh => "易支付 V1（MD5）";
    public string En => "Epay V1 (MD5)";

    /// <summary>There is no such company: each site has its own address.</summary>
    public string BaseUrl => "";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("pid", "商户 ID（pid）", "Merchant number (pid)"),
        new("key", "商户密钥", "Merchant key", IsSecret: true),
        new("key_old", "旧的商户密钥（更换期间）", "Former key (while it is being changed)", IsSecret: true, IsOptional: true),
        new("dialect", "签名方式", "Way to sign", Choices: ["plain", "encoded", "amp_key"]),
        new("refunds", "退款接口", "Refunds by API", Choices: ["none", "full"]),
    ];

    public IReadOnlyList<PayMethod> Methods => PayMethods;

    /// <summary>A site sends the browser on to whichever company takes the money.</summary>
    public IReadOnlyList<string> FormTargets => ["https:"];

    /// <summary>It gives back whole payments only, and an order of a basket is a part of one.</summary>
    public bool Pays(string purpose) => purpose != PaymentPurposes.Basket;

    /// <summary>Its list of orders has payments only.</summary>
    public bool StatesRefunds => false;

    public IReadOnlyList<FieldError> Check(ChannelTerms terms)
    {
        var check = new FieldCheck();
        Pid(check, terms);
        Address(check, terms);
        if (terms["key"].Length is < 8 or > 128) check.Add("key", "bad_key", "A key has 8 to 128 characters.", "密钥应为 8 到 128 个字符。");
        return check.Errors;
    }

    public IChannel Open(ChannelTerms terms) => new Epay1Channel(terms, http, clock);

    public static void Pid(FieldCheck check, ChannelTerms terms)
    {
        if (terms["pid"].Length is 0 or > 32 || !terms["pid"].All(char.IsAsciiLetterOrDigit))
            check.Add("pid", "bad_number", "Write the merchant number as the site shows it, digits or letters.", "请按站点显示的填写商户 ID（数字或字母）。");
    }

    // The answers of the first version are not signed and its key stands in addresses: without TLS anybody on the way reads and writes them.
    public static void Address(FieldCheck check, ChannelTerms terms)
    {
        if (!Uri.TryCreate(terms.BaseUrl, UriKind.Absolute, out var site) || !(site.Scheme == "https" || (site.Scheme == "http" && site.IsLoopback)))
            check.Add("base_url", "not_https", "Give the site's address, beginning with https://.", "请填写以 https:// 开头的站点地址。");
    }
}
