using System.Text;

namespace Lianka.Modules.Payments.Channels.WeChat;

/// <summary>The channel's values, read once.</summary>
/// <param name="ApiKeys">The APIv3 key and, while it is being changed, the one before.</param>
/// <param name="PublicKeyId">Empty where platform certificates are used.</param>
internal sealed record WeChatTerms(
    string BaseUrl, string NotifyUrl, string Merchant, string AppId, string Serial, RsaKey PrivateKey, IReadOnlyList<byte[]> ApiKeys, string PublicKeyId, RsaKey? PublicKey)
{
    public static WeChatTerms Of(ChannelTerms terms) => new(
        terms.BaseUrl.TrimEnd('/'), terms.NotifyUrl, terms["mchid"], terms["appid"], terms["serial"],
        RsaKey.Private(terms["private_key"]) ?? throw new ArgumentException("The private key was not checked.", nameof(terms)),
        [.. new[] { terms["api_v3_key"], terms["api_v3_key_old"] }.Select(Encoding.UTF8.GetBytes).Where(k => k.Length == 32)],
        terms["public_key_id"], terms["public_key"].Length > 0 ? RsaKey.Public(terms["public_key"]) : null);
}
