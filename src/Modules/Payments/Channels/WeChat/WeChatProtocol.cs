using Lianka.Kernel;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.WeChat;

/// <summary>WeChat Pay, APIv3: codes for desktops, H5 for phones, and its script inside WeChat.</summary>
internal sealed class WeChatProtocol(GuardedHttp http, TimeProvider clock) : IChannelProtocol
{
    public string Name => "wechat";
    public string Zh => "微信支付";
    public string En => "WeChat Pay";
    public string BaseUrl => "https://api.mch.weixin.qq.com";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("mchid", "商户号", "Merchant number (mchid)"),
        new("appid", "AppID（公众号、小程序或应用）", "AppID"),
        new("api_v3_key", "APIv3 密钥", "APIv3 key", IsSecret: true),
        new("api_v3_key_old", "旧 APIv3 密钥（更换期间）", "Previous APIv3 key (while it is being changed)", IsSecret: true, IsOptional: true),
        new("serial", "商户 API 证书序列号", "Serial number of the merchant's API certificate"),
        new("private_key", "商户 API 私钥", "Merchant's API private key", IsSecret: true, IsText: true),
        new("public_key_id", "微信支付公钥 ID（没有则用平台证书）", "WeChat Pay public key ID (without it, platform certificates)", IsOptional: true),
        new("public_key", "微信支付公钥", "WeChat Pay public key", IsOptional: true, IsText: true),
        new("app_secret", "公众号 AppSecret（微信内支付要用）", "AppSecret of the official account (for payments inside WeChat)", IsSecret: true, IsOptional: true),
        new("oauth_url", "网页授权地址（留空用微信的）", "Address that tells who the buyer is (empty: WeChat's own)", IsOptional: true),
    ];

    public IReadOnlyList<PayMethod> Methods { get; } =
    [
        new("native", PayShape.Qr, PayDevices.Desktop),
        new("h5", PayShape.Redirect, PayDevices.Phone),
        new("jsapi", PayShape.Script, PayDevices.InApp, NeedsOpenId: true),
    ];

    /// <summary>Inside WeChat the buyer's number is needed, which only who has the account's secret is told.</summary>
    public bool Takes(PayMethod method, ChannelTerms terms) => !method.NeedsOpenId || terms["app_secret"].Length > 0;

    public IReadOnlyList<FieldError> Check(ChannelTerms terms)
    {
        var check = new FieldCheck();
        if (terms["mchid"] is not { Length: >= 8 and <= 32 } merchant || !merchant.All(char.IsAsciiDigit))
            check.Add("mchid", "bad_number", "A merchant number has 8 to 32 digits.", "商户号是 8 到 32 位数字。");
        if (!terms["appid"].StartsWith("wx", StringComparison.Ordinal) || terms["appid"].Length != 18 || !terms["appid"].All(char.IsAsciiLetterOrDigit))
            check.Add("appid", "bad_appid", "An AppID is wx and 16 letters and digits.", "AppID 是 wx 加 16 位字母和数字。");
        foreach (var field in (ReadOnlySpan<string>)["api_v3_key", "api_v3_key_old"])
        {
            if (terms[field] is { Length: not 32 and not 0 } || terms[field].Any(c => !char.IsAscii(c)))
                check.Add(field, "bad_length", "An APIv3 key has 32 characters.", "APIv3 密钥是 32 个字符。");
        }

        if (terms["serial"].Length is 0 or > 64 || !terms["serial"].All(char.IsAsciiHexDigit))
            check.Add("serial", "bad_serial", "A serial number has the digits 0-9 and A-F, usually 40.", "证书序列号由 0-9 和 A-F 组成，一般 40 位。");
        RsaKey.Check(check, "private_key", terms["private_key"], isPrivate: true);
        RsaKey.Check(check, "public_key", terms["public_key"], isPrivate: false);
        if (terms["public_key_id"].Length > 0 && !terms["public_key_id"].StartsWith("PUB_KEY_ID_", StringComparison.Ordinal))
            check.Add("public_key_id", "bad_key_id", "The ID of a public key begins with PUB_KEY_ID_.", "公钥 ID 以 PUB_KEY_ID_ 开头。");
        if (terms["public_key_id"].Length > 0 != terms["public_key"].Length > 0)
            check.Add(terms["public_key"].Length > 0 ? "public_key_id" : "public_key", "required", "The public key and its ID belong together.", "公钥和公钥 ID 要一起填写。");
        if (terms["oauth_url"].Length > 0 && !GuardedHttp.IsWebAddress(terms["oauth_url"]))
            check.Add("oauth_url", "bad_url", "Give a whole address that begins with https://, or nothing.", "请填写以 https:// 开头的完整网址，或留空。");
        return check.Errors;
    }

    public IChannel Open(ChannelTerms terms) => new WeChatChannel(WeChatTerms.Of(terms), http, clock);
}
