using Lianka.Kernel;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.Epay;

/// <summary>易支付, the second version: RSA with SHA-256 both ways, and a time in every message.</summary>
internal sealed class Epay2Protocol(GuardedHttp http, TimeProvider clock) : IChannelProtocol
{
    public string Name => "epay2";
    public string Zh => "易支付 V2（RSA）";
    public string En => "Epay V2 (RSA)";
    public string BaseUrl => "";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("pid", "商户 ID（pid）", "Merchant number (pid)"),
        new("private_key", "商户私钥", "Merchant's private key", IsSecret: true, IsText: true),
        new("public_key", "平台公钥", "Site's public key", IsText: true),
        new("public_key_old", "旧的平台公钥（更换期间）", "Site's former key (while it is being changed)", IsOptional: true, IsText: true),
    ];

    public IReadOnlyList<PayMethod> Methods => Epay1Protocol.PayMethods;

    /// <summary>A site sends the browser on to whichever company takes the money.</summary>
    public IReadOnlyList<string> FormTargets => ["https:"];

    /// <summary>Its list of orders has payments only.</summary>
    public bool StatesRefunds => false;

    public IReadOnlyList<FieldError> Check(ChannelTerms terms)
    {
        var check = new FieldCheck();
        Epay1Protocol.Pid(check, terms);
        Epay1Protocol.Address(check, terms);
        RsaKey.Check(check, "private_key", terms["private_key"], isPrivate: true);
        RsaKey.Check(check, "public_key", terms["public_key"], isPrivate: false);
        RsaKey.Check(check, "public_key_old", terms["public_key_old"], isPrivate: false);
        return check.Errors;
    }

    public IChannel Open(ChannelTerms terms) => new Epay2Channel(terms, http, clock);
}
