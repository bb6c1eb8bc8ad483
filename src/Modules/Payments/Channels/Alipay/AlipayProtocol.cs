using Lianka.Kernel;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.Alipay;

/// <summary>Alipay, OpenAPI with RSA2: its page on desktops, its page on phones, and codes.</summary>
internal sealed class AlipayProtocol(GuardedHttp http, TimeProvider clock) : IChannelProtocol
{
    public string Name => "alipay";
    public string Zh => "支付宝";
    public string En => "Alipay";
    public string BaseUrl => "https://openapi.alipay.com/gateway.do";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("app_id", "应用 AppID", "AppID of the application"),
        new("seller_id", "商户账号 PID（2088 开头）", "Merchant's number (PID, begins with 2088)"),
        new("private_key", "应用私钥", "Application's private key", IsSecret: true, IsText: true),
        new("alipay_public_key", "支付宝公钥", "Alipay public key", IsText: true),
        new("alipay_public_key_old", "旧支付宝公钥（更换期间）", "Previous Alipay public key (while it is being changed)", IsOptional: true, IsText: true),
    ];

    public IReadOnlyList<PayMethod> Methods { get; } =
    [
        new("page", PayShape.Redirect, PayDevices.Desktop),
        new("wap", PayShape.Redirect, PayDevices.Phone),
        new("precreate", PayShape.Qr, PayDevices.Desktop),
    ];

    public IReadOnlyList<FieldError> Check(ChannelTerms terms)
    {
        var check = new FieldCheck();
        if (terms["app_id"].Length != 16 || !terms["app_id"].All(char.IsAsciiDigit)) check.Add("app_id", "bad_appid", "An AppID has 16 digits.", "AppID 是 16 位数字。");
        if (terms["seller_id"].Length != 16 || !terms["seller_id"].StartsWith("2088", StringComparison.Ordinal) || !terms["seller_id"].All(char.IsAsciiDigit))
            check.Add("seller_id", "bad_number", "A PID has 16 digits and begins with 2088.", "PID 是 2088 开头的 16 位数字。");
        RsaKey.Check(check, "private_key", terms["private_key"], isPrivate: true);
        RsaKey.Check(check, "alipay_public_key", terms["alipay_public_key"], isPrivate: false);
        RsaKey.Check(check, "alipay_public_key_old", terms["alipay_public_key_old"], isPrivate: false);
        // The two public keys look the same in Alipay's console, and taking the wrong one is the commonest mistake.
        if (RsaKey.Private(terms["private_key"]) is { } own && RsaKey.Public(terms["alipay_public_key"]) is { } theirs && theirs.Verify([1], Convert.ToBase64String(own.Sign([1]))))
            check.Add("alipay_public_key", "own_key", "This is the application's public key; the one that is wanted is Alipay's.", "这是应用公钥，这里要填支付宝公钥。");
        return check.Errors;
    }

    public IChannel Open(ChannelTerms terms) => new AlipayChannel(AlipayTerms.Of(terms), http, clock);
}
