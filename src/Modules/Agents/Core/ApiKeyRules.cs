using System.Net;
using Lianka.Kernel;

namespace Lianka.Modules.Agents.Core;

/// <summary>What an API key may look like and be allowed.</summary>
internal static class ApiKeyRules
{
    public const int AllowedIpsMax = 50;
    public const int CallsPerSecondMax = 100_000;

    /// <summary>Binds the sealed secret to its key, so that it does not open in another key's row.</summary>
    public static string SealContext(string key) => $"key:{key}";

    /// <param name="offered">What a key of this owner may be allowed.</param>
    public static string Scopes(this FieldCheck check, IReadOnlyList<string> scopes, IReadOnlyList<string> offered)
    {
        if (scopes.Count == 0)
            check.Add("scopes", "required", "Choose at least one permission.", "请至少选择一项权限。");
        else if (scopes.Any(s => !offered.Contains(s)))
            check.Add("scopes", "unknown_value", "Choose one of the values offered.", "请选择给出的选项之一。");
        return string.Join(' ', offered.Where(scopes.Contains));
    }

    /// <summary>Addresses or networks (CIDR), separated by spaces, commas or line ends; empty: from everywhere.</summary>
    public static string AllowedIps(this FieldCheck check, string text)
    {
        // Bounded before it is split: a pasted novel is refused, not taken apart.
        if (text.Length > AllowedIpsMax * 50)
        {
            check.Add("allowed_ips", "too_long", $"At most {AllowedIpsMax} addresses.", $"最多 {AllowedIpsMax} 个地址。");
            return "";
        }

        var parts = text.Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > AllowedIpsMax)
            check.Add("allowed_ips", "too_long", $"At most {AllowedIpsMax} addresses.", $"最多 {AllowedIpsMax} 个地址。");
        foreach (var part in parts)
            if (Network(part) is null)
                check.Add("allowed_ips", "bad_address", $"Not an IP address or network: {part}", $"不是有效的 IP 地址或网段：{part}");
        return string.Join(' ', parts.Select(Network).OfType<IPNetwork>().Distinct().Select(n => n.ToString()));
    }

    /// <summary>A network, or an address as the network of itself alone; null when it is neither.</summary>
    public static IPNetwork? Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        // IPAddress reads "1" as 0.0.0.1: people who type that mean something else.
        if (!text.Contains('.') && !text.Contains(':')) return null;
        if (text.Contains('.') && !text.Contains(':') && text.Count(c => c == '.') != 3) return null;
        if (!IPAddress.TryParse(text, out var address)) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}
