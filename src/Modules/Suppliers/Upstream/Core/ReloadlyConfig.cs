using System.Globalization;
using System.Text.Json;
using Lianka.Kernel;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>How a Reloadly account is used by one connection.</summary>
/// <param name="IsGiftCards">Gift cards, otherwise airtime: each has an address and a token of its own.</param>
/// <param name="Currency">Of the account there.</param>
/// <param name="Rate">Yuan for one unit of that currency, the operator's figure; amounts in yuan come from it, rounded up.</param>
/// <param name="Country">Of phone numbers whose order has no field <c>country</c>; empty: none.</param>
internal sealed record ReloadlyConfig(bool IsGiftCards, string AuthUrl, string Currency, Money Rate, string Country, string SenderName, TimeSpan TimeLimit)
{
    public static readonly IReadOnlyList<SecretName> Secrets =
    [
        new("client_id", "Client ID", "Client ID"), new("client_secret", "Client secret", "Client secret"),
        new("webhook_secret", "通知签名密钥（Webhook）", "Webhook signature secret", IsOptional: true),
    ];

    private static readonly Dictionary<string, bool> _kinds = new() { ["airtime"] = false, ["giftcards"] = true };

    public static (ReloadlyConfig? Config, IReadOnlyList<ConfigProblem> Problems) Read(string text)
    {
        var problems = new List<ConfigProblem>();
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip });
            var node = new ConfigNode(document.RootElement, "", problems);
            var kind = node.OneOf("kind", node.Text("kind", isRequired: true) ?? "airtime", _kinds, false);
            var auth = (node.Text("auth_url") ?? "https://auth.reloadly.com").TrimEnd('/');
            if (!Uri.TryCreate(auth, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) node.Problem("auth_url", "must be an address that begins with https://", "要写成 https:// 开头的网址");
            var currency = node.Text("currency", isRequired: true, 3) ?? "";
            if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)) node.Problem("currency", "must be three capital letters such as USD", "要写成三个大写字母，例如 USD");
            if (!Money.TryParse(node.Text("rate", isRequired: true), out var rate) || !rate.IsPositive) node.Problem("rate", "must be an amount in a text, such as \"7.2500\"", "要写成文字形式的金额，例如 \"7.2500\"");
            var country = node.Text("country") ?? "";
            if (country.Length > 0 && (country.Length != 2 || !country.All(char.IsAsciiLetterUpper))) node.Problem("country", "must be two capital letters such as CN", "要写成两个大写字母，例如 CN");
            var sender = node.Text("sender_name", max: 40) ?? "Lianka";
            var limit = TimeSpan.FromSeconds(node.Number("time_limit_s", HttpConfig.TimeLimitSecondsUsual, 1, 120));
            node.Close();
            return problems.Count > 0 ? (null, problems) : (new ReloadlyConfig(kind, auth, currency, rate, country, sender, limit), []);
        }
        catch (JsonException fault)
        {
            return (null, [new ConfigProblem($"line {(fault.LineNumber ?? 0) + 1}", "is not JSON", "不是正确的 JSON")]);
        }
    }

    /// <summary>An amount of the account's currency in yuan, rounded up; null when it is not an amount.</summary>
    public Money? InYuan(string? amount)
    {
        if (UpstreamMoney.Read(amount, isInFen: false) is not { } theirs) return null;
        var product = (Int128)theirs.Units * Rate.Units;
        return new Money((long)((product + Money.UnitsPerYuan - 1) / Money.UnitsPerYuan));
    }

    /// <summary>Goods are written <c>341:5.00</c>: operator or product, and the amount of one unit in the account's currency.</summary>
    public static bool TryGoods(string goods, out string id, out Money unit)
    {
        var cut = goods.IndexOf(':', StringComparison.Ordinal);
        (id, unit) = (cut > 0 ? goods[..cut] : "", default);
        return cut > 0 && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) && id[0] != '0' && Money.TryParse(goods[(cut + 1)..], out unit) && unit.IsPositive;
    }
}
