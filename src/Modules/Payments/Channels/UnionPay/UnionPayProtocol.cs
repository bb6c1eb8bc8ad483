using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.UnionPay.Core;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.UnionPay;

/// <summary>UnionPay's gateway for payments in a browser (网关支付), version 5.1.0.</summary>
internal sealed class UnionPayProtocol(GuardedHttp http, TimeProvider clock) : IChannelProtocol
{
    public const string InEarnest = "https://gateway.95516.com";

    public string Name => "unionpay";
    public string Zh => "银联在线";
    public string En => "UnionPay online";
    public string BaseUrl => InEarnest;

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("mer_id", "商户代码（15 位）", "Merchant number (15 digits)"),
        new("pfx", "签名证书（.pfx 文件的 Base64）", "Signing certificate (the .pfx file as Base64)", IsSecret: true, IsText: true),
        new("pfx_password", "签名证书密码", "Password of the signing certificate", IsSecret: true),
        new("root_cert", "银联根证书（PEM）", "UnionPay's root certificate (PEM)", IsText: true),
        new("middle_cert", "银联中级证书（PEM）", "UnionPay's middle certificate (PEM)", IsText: true),
        new("file_url", "对账文件下载地址（留空用默认）", "Address for statements (empty: the usual one)", IsOptional: true),
    ];

    /// <summary>The gateway takes the form and sends the browser on to its cashier.</summary>
    public IReadOnlyList<string> FormTargets => ["https://*.95516.com"];

    public IReadOnlyList<PayMethod> Methods { get; } =
        [new("front", PayShape.Form, PayDevices.Desktop), new("wap", PayShape.Form, PayDevices.Phone | PayDevices.InApp)];

    public IReadOnlyList<FieldError> Check(ChannelTerms terms)
    {
        var check = new FieldCheck();
        if (terms["mer_id"].Length != 15 || !terms["mer_id"].All(char.IsAsciiLetterOrDigit))
            check.Add("mer_id", "bad_number", "A merchant number has 15 digits.", "商户代码为 15 位。");
        if (UnionPayKey.TryOpen(terms["pfx"], terms["pfx_password"]) is null)
            check.Add("pfx", "bad_key", "This is not a PFX file that opens with this password and holds an RSA key of 2,048 bits or more.", "不是能用此密码打开、含 2048 位以上 RSA 密钥的 PFX 文件。");
        foreach (var name in (string[])["root_cert", "middle_cert"])
        {
            using var certificate = UnionPayTrust.TryRead(terms[name]);
            if (certificate is null) check.Add(name, "bad_certificate", "This is not a certificate in PEM.", "不是 PEM 格式的证书。");
        }

        if (terms["file_url"].Length > 0 && !GuardedHttp.IsWebAddress(terms["file_url"]))
            check.Add("file_url", "bad_url", "Give a whole address that begins with https://.", "请填写以 https:// 开头的完整网址。");
        return check.Errors;
    }

    public IChannel Open(ChannelTerms terms) => new UnionPayChannel(terms, http, clock);
}
