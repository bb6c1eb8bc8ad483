namespace Lianka.Modules.Payments.Channels.Alipay;

/// <summary>The channel's values, read once.</summary>
/// <param name="Keys">Alipay's public key and, while it is being changed, the one before.</param>
internal sealed record AlipayTerms(string Gateway, string NotifyUrl, string AppId, string SellerId, RsaKey PrivateKey, IReadOnlyList<RsaKey> Keys)
{
    public static AlipayTerms Of(ChannelTerms terms) => new(
        terms.BaseUrl, terms.NotifyUrl, terms["app_id"], terms["seller_id"],
        RsaKey.Private(terms["private_key"]) ?? throw new ArgumentException("The private key was not checked.", nameof(terms)),
        [.. new[] { terms["alipay_public_key"], terms["alipay_public_key_old"] }.Select(RsaKey.Public).OfType<RsaKey>()]);
}
