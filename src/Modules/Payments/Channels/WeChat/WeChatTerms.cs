using System.Text;

namespace Lianka.Modules.Payments.Channels.WeChat;

/// <summary>The channel's values, read once.</summary>
/// <param name="ApiKeys">The APIv3 key and, while it is being changed, the one before.</param>
/// <param name="PublicKeyId">Empty where platform certificates are used.</param>
/// <param name="AppSecret">Empty: payments inside WeChat are not offered.</param>
/// <param name="OAuthPage">Where browsers are asked; <paramref name="OAuthCall"/>: where this node asks.</param>
internal sealed record WeChatTerms(
    string BaseUrl, string NotifyUrl, string Merchant, string AppId, string Serial, RsaKey PrivateKey, IReadOnlyList<byte[]> ApiKeys, string PublicKeyId, RsaKey? PublicKey,
    string AppSecret, string OAuthPage, string OAuthCall)
{
    public static WeChatTerms Of(ChannelTerms terms) => new(
        terms.BaseUrl.TrimEnd('/'), terms.NotifyUrl, terms["mchid"], terms["appid"], terms["serial"],
        RsaKey.Private(terms["private_key"]) ?? throw new ArgumentException("The private key was not checked.", nameof(terms)),
        [.. new[] { terms["api_v3_key"], terms["api_v3_key_old"] }.Select(Encoding.UTF8.GetBytes).Where(k => k.Length == 32)],
        terms["public_key_id"], terms["public_key"].Length > 0 ? RsaKey.Public(terms["public_key"]) : null,
        terms["app_secret"], Other(terms, "https://open.weixin.qq.com"), Other(terms, "https://api.weixin.qq.com"));

    private static string Other(ChannelTerms terms, string usual) => terms["oauth_url"] is { Length: > 0 } other ? other.TrimEnd('/') : usual;
}
