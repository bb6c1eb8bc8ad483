using System.Security.Cryptography;
using System.Text;

namespace Lianka.Modules.Payments.Channels.UnionPay.Core;

/// <summary>The messages of version 5.1.0: names and values, of which a hash is signed.</summary>
/// <remarks>Held by: tests/Unit/Payments/UnionPayExamples.cs.</remarks>
internal static class UnionPayMessage
{
    public const string Signature = "signature";
    public const string Certificate = "signPubKeyCert";

    private const int FieldsMax = 200;

    /// <summary>What is signed: SHA-256, in lower-case hexadecimal digits, of all fields but the signature, sorted by name.</summary>
    public static string Digest(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var text = string.Join('&', fields.Where(f => f.Key != Signature).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <returns>Null when it is not Base64. White space is left out.</returns>
    public static byte[]? Bytes(string base64)
    {
        var bytes = new byte[(base64.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? bytes[..count] : null;
    }

    /// <summary>Reads an answer, which is not URL-encoded: values hold '=' and '+', and those in brackets '&amp;' as well.</summary>
    /// <returns>Null when a name stands twice, is missing, or there are too many.</returns>
    public static Dictionary<string, string>? ReadAnswer(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        int start = 0, depth = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            var c = at < text.Length ? text[at] : '&';
            if (c is '{' or '[') depth++;
            else if (c is '}' or ']' && depth > 0) depth--;
            if (at < text.Length && (c != '&' || depth > 0)) continue;
            var pair = text[start..at];
            start = at + 1;
            if (pair.Length == 0) continue;
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || fields.Count == FieldsMax || !fields.TryAdd(pair[..equals], pair[(equals + 1)..])) return null;
        }

        return fields.Count == 0 ? null : fields;
    }
}
