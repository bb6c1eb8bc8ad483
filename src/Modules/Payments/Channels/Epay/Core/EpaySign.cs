using System.Security.Cryptography;
using System.Text;

namespace Lianka.Modules.Payments.Channels.Epay.Core;

/// <summary>How a site of the first version makes the text that it hashes.</summary>
internal enum EpayDialect
{
    /// <summary><c>a=1&amp;b=2KEY</c>: the usual one.</summary>
    Plain,

    /// <summary>Values URL-encoded as PHP does it, then as <see cref="Plain"/>.</summary>
    Encoded,

    /// <summary><c>a=1&amp;b=2&amp;key=KEY</c></summary>
    AmpKey,
}

/// <summary>The signatures of both versions: over all fields that are not empty, but sign and sign_type, sorted by name.</summary>
/// <remarks>Held by: tests/Unit/Payments/EpayExamples.cs.</remarks>
internal static class EpaySign
{
    public static EpayDialect Dialect(string name) => name switch
    {
        "encoded" => EpayDialect.Encoded,
        "amp_key" => EpayDialect.AmpKey,
        _ => EpayDialect.Plain,
    };

    public static string Text(IEnumerable<KeyValuePair<string, string>> fields, bool isEncoded = false) => string.Join('&', fields
        .Where(f => f.Value.Length > 0 && f.Key is not ("sign" or "sign_type"))
        .OrderBy(f => f.Key, StringComparer.Ordinal)
        .Select(f => $"{f.Key}={(isEncoded ? PhpEncoded(f.Value) : f.Value)}"));

    /// <returns>32 lower-case hexadecimal digits.</returns>
    public static string Md5(IEnumerable<KeyValuePair<string, string>> fields, string key, EpayDialect dialect)
    {
        var text = Text(fields, dialect == EpayDialect.Encoded) + (dialect == EpayDialect.AmpKey ? "&key=" : "") + key;
#pragma warning disable CA5351 // It is what the protocol asks for.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
    }

    /// <summary>False for an empty key: everybody could sign with it (F27).</summary>
    public static bool IsMd5Genuine(IReadOnlyDictionary<string, string> fields, string key, EpayDialect dialect) =>
        key.Length > 0 && fields.TryGetValue("sign", out var sign)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sign.ToLowerInvariant()), Encoding.UTF8.GetBytes(Md5(fields, key, dialect)));

    /// <returns>Base64.</returns>
    public static string Rsa(IEnumerable<KeyValuePair<string, string>> fields, RsaKey key) => Convert.ToBase64String(key.Sign(Encoding.UTF8.GetBytes(Text(fields))));

    public static bool IsRsaGenuine(IReadOnlyDictionary<string, string> fields, RsaKey? key) =>
        key is not null && fields.TryGetValue("sign", out var sign) && key.Verify(Encoding.UTF8.GetBytes(Text(fields)), sign);

    // urlencode() of PHP: a blank is a plus, and the tilde is encoded as well.
    private static string PhpEncoded(string value) =>
        Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal).Replace("~", "%7E", StringComparison.Ordinal);
}
