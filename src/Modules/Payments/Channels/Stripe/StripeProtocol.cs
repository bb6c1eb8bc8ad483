using Lianka.Kernel;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.Stripe;

/// <summary>Stripe's own payment page (Checkout).</summary>
internal sealed class StripeProtocol(GuardedHttp http, TimeProvider clock) : IChannelProtocol
{
    public string Name => "stripe";
    public string Zh => "Stripe";
    public string En => "Stripe";
    public string BaseUrl => "https://api.stripe.com";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("secret_key", "API 密钥（sk_ 或 rk_）", "API key (sk_ or rk_)", IsSecret: true),
        new("webhook_secret", "Webhook 签名密钥（whsec_）", "Webhook signing secret (whsec_)", IsSecret: true),
        new("webhook_secret_old", "旧的 Webhook 签名密钥（更换期间）", "Former webhook secret (while it is being changed)", IsSecret: true, IsOptional: true),
    ];

    public IReadOnlyList<PayMethod> Methods { get; } = [new("checkout", PayShape.Redirect, PayDevices.Desktop | PayDevices.Phone | PayDevices.InApp, PayWays.Card)];

    /// <summary>Balance transactions name the payment intent, notices the session.</summary>
    public bool StatesTradeNumbers => false;

    public bool FilesNameMerchant => false;

    public IReadOnlyList<FieldError> Check(ChannelTerms terms)
    {
        var check = new FieldCheck();
        if (!IsKey(terms["secret_key"], "sk_live_", "sk_test_", "rk_live_", "rk_test_"))
            check.Add("secret_key", "bad_key", "A secret key begins with sk_live_, sk_test_, rk_live_ or rk_test_.", "密钥应以 sk_live_、sk_test_、rk_live_ 或 rk_test_ 开头。");
        foreach (var name in (string[])["webhook_secret", "webhook_secret_old"])
        {
            if ((name == "webhook_secret" || terms[name].Length > 0) && !IsKey(terms[name], "whsec_"))
                check.Add(name, "bad_key", "A signing secret begins with whsec_.", "签名密钥应以 whsec_ 开头。");
        }

        return check.Errors;
    }

    public IChannel Open(ChannelTerms terms) => new StripeChannel(terms, http, clock);

    private static bool IsKey(string key, params string[] starts) =>
        key.Length is > 12 and <= 255 && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && starts.Any(s => key.StartsWith(s, StringComparison.Ordinal));
}
