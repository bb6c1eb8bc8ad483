using System.Text.Json;
using Lianka.Kernel;

namespace Lianka.Modules.Agents.Core;

/// <summary>What a shop's own domain looks like, and what its record in the DNS has to say.</summary>
/// <remarks>Held by: tests/Unit/Agents/DomainExamples.cs.</remarks>
internal static class DomainRules
{
    private const int TextType = 16;

    /// <summary>The name below the domain that holds the record: a name of its own stands beside the shop's address, whatever that points to.</summary>
    public static string RecordName(string domain) => $"_lianka.{domain}";

    public static string RecordText(string token) => $"lianka-shop={token}";

    /// <summary>A host name as browsers send it: small ASCII letters, without a dot at its end.</summary>
    public static string Host(string host) => host.TrimEnd('.').ToLowerInvariant();

    /// <returns>Empty: none.</returns>
    public static string Read(FieldCheck check, string field, string text)
    {
        var host = Host(text.Trim());
        if (host.Length == 0) return "";
        var labels = host.Split('.');
        if (host.Length <= 190 && labels.Length >= 2 && Array.TrueForAll(labels, IsLabel) && labels[^1].Any(char.IsAsciiLetter)) return host;
        check.Add(field, "bad_domain", "Give a domain such as shop.example.com, without https:// and path; names in other scripts as xn--….",
            "请填写域名，比如 shop.example.com，不带 https:// 和路径；中文域名请填 xn-- 开头的写法。");
        return "";
    }

    private static bool IsLabel(string label) => label.Length is >= 1 and <= 63 && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>True when a resolver's answer (JSON, as Google, Cloudflare and Alibaba Cloud give it) holds the text; null when it is no such answer.</summary>
    public static bool? Holds(ReadOnlyMemory<byte> answer, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            // 0: found; 3: there is no such name.
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("Status", out var status)
                || status.ValueKind != JsonValueKind.Number || !status.TryGetInt32(out var code) || code is not (0 or 3)) return null;
            return json.RootElement.TryGetProperty("Answer", out var records) && records.ValueKind == JsonValueKind.Array && records.EnumerateArray().Any(r =>
                r.ValueKind == JsonValueKind.Object && r.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.Number && type.TryGetInt32(out var number) && number == TextType
                && r.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.String && Plain(data.GetString()!) == text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text record is one or several strings, each in quotes.</summary>
    private static string Plain(string data) => data.Trim().Replace("\" \"", "", StringComparison.Ordinal).Trim('"');
}
