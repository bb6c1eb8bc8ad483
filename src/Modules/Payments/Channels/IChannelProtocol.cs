using Lianka.Kernel;

namespace Lianka.Modules.Payments;

/// <summary>A protocol of payment: what a channel that speaks it has to be told, and how it is opened.</summary>
/// <remarks>One installation may have several channels of one protocol: several merchants' numbers at the same company.</remarks>
public interface IChannelProtocol
{
    /// <summary>Stable, stands in the table <c>channel</c>: <c>wechat</c>, <c>alipay</c>, <c>unionpay</c>, <c>stripe</c>, <c>epay1</c>, <c>epay2</c>, <c>bank</c>, <c>wallet</c>, <c>test</c>.</summary>
    string Name { get; }
    string Zh { get; }
    string En { get; }

    /// <summary>The address in earnest; a channel may have another one (a simulator, a sandbox, a branch).</summary>
    string BaseUrl { get; }
    IReadOnlyList<ChannelField> Fields { get; }
    IReadOnlyList<PayMethod> Methods { get; }

    /// <summary>False: its statements do not tell what was given back, so that refunds are not looked for in them.</summary>
    bool StatesRefunds => true;

    /// <summary>False: its statements number trades otherwise than its notices, so that only our own numbers can be compared.</summary>
    bool StatesTradeNumbers => true;

    /// <summary>Where else its forms lead the browser than to the channel's own address, as sources of a content security policy: gateways answer forms with redirects.</summary>
    IReadOnlyList<string> FormTargets => [];

    /// <summary>False: the method lacks a value that may be left out, so it is not offered.</summary>
    bool Takes(PayMethod method, ChannelTerms terms) => true;

    /// <summary>False: its files of statements do not say whose they are, so that they must name a payment of ours.</summary>
    bool FilesNameMerchant => true;

    /// <summary>
    /// True: its money is confirmed by persons at this platform. There is no address to call, no notice, its attempts live as long as their payment, and a payer
    /// gets there only by choosing it.
    /// </summary>
    bool IsInHouse => false;

    /// <summary>False: what has this purpose (<see cref="PaymentPurposes"/>) is not paid by it.</summary>
    bool Pays(string purpose) => true;

    /// <summary>It is offered to payments that have so long left; paying by it takes its time.</summary>
    TimeSpan TimeNeeded(Channel channel) => TimeSpan.Zero;

    /// <summary>What is wrong with the values of the fields beyond being there: a key that cannot be read, a number of the wrong form.</summary>
    /// <returns>Errors whose field is the <see cref="ChannelField.Name"/>.</returns>
    IReadOnlyList<FieldError> Check(ChannelTerms terms);

    /// <param name="terms">Checked before.</param>
    IChannel Open(ChannelTerms terms);
}

/// <summary>Something that a channel has to be told in the console.</summary>
/// <param name="IsSecret">Sealed at rest and never shown again.</param>
/// <param name="IsText">Several lines: a key or a certificate in PEM.</param>
/// <param name="Choices">Null: anything.</param>
public sealed record ChannelField(
    string Name, string Zh, string En, bool IsSecret = false, bool IsOptional = false, bool IsText = false, IReadOnlyList<string>? Choices = null);

/// <summary>How the buyer gets from our page to the channel's.</summary>
public enum PayShape
{
    /// <summary>The browser goes to an address.</summary>
    Redirect,

    /// <summary>A code that is scanned with the channel's app.</summary>
    Qr,

    /// <summary>The browser posts fields to an address.</summary>
    Form,

    /// <summary>Values for the channel's script inside its own app.</summary>
    Script,

    /// <summary>An account to transfer to, with a number to write into the transfer.</summary>
    Transfer,
}

/// <summary>One of a protocol's ways to pay.</summary>
/// <param name="Name">Stable: <c>native</c>, <c>h5</c>, <c>jsapi</c>, <c>page</c>, <c>wap</c>, <c>checkout</c> …</param>
/// <param name="Way">What the buyer chooses it as (<see cref="PayWays"/>); empty: the protocol's name.</param>
/// <param name="NeedsOpenId">The channel wants to be told who the buyer is (<see cref="IKnowsBuyers"/>).</param>
public sealed record PayMethod(string Name, PayShape Shape, PayDevices Devices, string Way = "", bool NeedsOpenId = false);

/// <summary>What buyers know ways to pay as; several channels may offer the same.</summary>
public static class PayWays
{
    public const string WeChat = "wechat";
    public const string Alipay = "alipay";
    public const string UnionPay = "unionpay";
    public const string Card = "card";
    public const string Qq = "qq";
    public const string Bank = "bank";

    /// <summary>A merchant's wallet on this platform.</summary>
    public const string Wallet = "wallet";
    public const string Test = "test";
}

[Flags]
public enum PayDevices
{
    Desktop = 1, Phone = 2,

    /// <summary>The browser inside the channel's own app.</summary>
    InApp = 4,
}

/// <summary>What a channel knows of itself.</summary>
public sealed record ChannelTerms
{
    public required string BaseUrl { get; init; }

    /// <summary>Of the configured channel.</summary>
    public long ChannelId { get; init; }

    /// <summary>By <see cref="ChannelField.Name"/>, secrets opened. Never logged.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>Where it sends its notices, a whole address of this site.</summary>
    public required string NotifyUrl { get; init; }

    public string this[string field] => Values.GetValueOrDefault(field, "");
}
