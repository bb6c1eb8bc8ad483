using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Lianka.Modules.OpenApi.Core;

/// <summary>The signature LK1 of a request: HMAC-SHA256 over method, path, query, timestamp, nonce and body.</summary>
/// <remarks>Source: docs/decisions/0011-open-api-promises.md. Held by: tests/Unit/OpenApi/SignatureExamples.cs.</remarks>
public static class Signature
{
    public const string Prefix = "v1=";
    public const int TimestampSlackSeconds = 300;
    public const int NonceMin = 16;
    public const int NonceMax = 64;

    private const int MacBytes = 32;
    private const int StackBytes = 1_024;

    private static readonly Comparison<(byte[] Name, byte[] Value)> _byNameThenValue = static (a, b) =>
        a.Name.AsSpan().SequenceCompareTo(b.Name) is var names and not 0 ? names : a.Value.AsSpan().SequenceCompareTo(b.Value);

    /// <summary>Computes the header value <c>v1=…</c> of a request.</summary>
    /// <param name="path">As sent: not decoded, without the query.</param>
    /// <param name="query">As sent, with or without the leading question mark.</param>
    public static string Of(
        string secret, string method, string path, string query, long timestamp, string nonce, ReadOnlySpan<byte> body)
    {
        Span<byte> mac = stackalloc byte[MacBytes];
        Compute(Encoding.UTF8.GetBytes(secret), method, path, query, timestamp.ToString(), nonce, body, mac);
        return Prefix + Convert.ToHexStringLower(mac);
    }

    /// <summary>True when the header value is the signature of this request. Takes the same time for every wrong one.</summary>
    /// <param name="timestamp">The header's text, byte for byte: what was signed is what was sent.</param>
    public static bool IsValid(
        ReadOnlySpan<byte> secret, string method, string path, string query, string timestamp, string nonce,
        ReadOnlySpan<byte> body, string signature)
    {
        Span<byte> given = stackalloc byte[MacBytes];
        if (signature.Length != Prefix.Length + (2 * MacBytes)) return false;
        if (!signature.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (Convert.FromHexString(signature.AsSpan(Prefix.Length), given, out _, out _) != OperationStatus.Done) return false;
        Span<byte> mac = stackalloc byte[MacBytes];
        Compute(secret, method, path, query, timestamp, nonce, body, mac);
        return CryptographicOperations.FixedTimeEquals(mac, given);
    }

    /// <summary>16 to 64 visible ASCII characters.</summary>
    public static bool IsNonce(string nonce) =>
        nonce.Length is >= NonceMin and <= NonceMax && !nonce.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>The parameters sorted by name, then value (byte order of their UTF-8), percent-encoded as RFC 3986 says.</summary>
    /// <remarks>A plus sign means a space, as in HTML forms and as the server reads it; a literal plus is sent as %2B.</remarks>
    public static string CanonicalQuery(string query)
    {
        var rest = query.AsSpan().TrimStart('?');
        if (rest.IsEmpty) return "";
        var parameters = new List<(byte[] Name, byte[] Value)>();
        foreach (var part in rest.Split('&'))
        {
            var pair = rest[part];
            if (pair.IsEmpty) continue;
            var equals = pair.IndexOf('=');
            parameters.Add(equals < 0
                ? (Decode(pair), [])
                : (Decode(pair[..equals]), Decode(pair[(equals + 1)..])));
        }

        parameters.Sort(_byNameThenValue);
        var text = new StringBuilder(query.Length + 16);
        foreach (var (name, value) in parameters)
        {
            if (text.Length > 0) text.Append('&');
            Encode(text, name);
            text.Append('=');
            Encode(text, value);
        }

        return text.ToString();
    }

    private static void Compute(
        ReadOnlySpan<byte> secret, string method, string path, string query, string timestamp, string nonce,
        ReadOnlySpan<byte> body, Span<byte> mac)
    {
        Span<byte> hash = stackalloc byte[MacBytes];
        Span<char> hex = stackalloc char[2 * MacBytes];
        SHA256.HashData(body, hash);
        Convert.TryToHexStringLower(hash, hex, out _);

        var canonical = CanonicalQuery(query);
        // "LK1", five line ends and the body's hash; a character is at most three bytes of UTF-8.
        var most = 8 + hex.Length + (3 * (method.Length + path.Length + canonical.Length + timestamp.Length + nonce.Length)) + 1;
        byte[]? rented = null;
        var text = most <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            var at = 0;
            Add(text, "LK1\n", ref at);
            AddLine(text, method, ref at);
            AddLine(text, path, ref at);
            AddLine(text, canonical, ref at);
            AddLine(text, timestamp, ref at);
            AddLine(text, nonce, ref at);
            Add(text, hex, ref at);
            HMACSHA256.HashData(secret, text[..at], mac);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void AddLine(Span<byte> text, string line, ref int at)
    {
        Add(text, line, ref at);
        text[at++] = (byte)'\n';
    }

    private static void Add(Span<byte> text, ReadOnlySpan<char> part, ref int at) =>
        at += Encoding.UTF8.GetBytes(part, text[at..]);

    private static byte[] Decode(ReadOnlySpan<char> text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            // A per cent sign that no two hex digits follow stands for itself.
            if (bytes[i] == '%' && i + 2 < bytes.Length && Hex(bytes[i + 1]) is >= 0 and var high && Hex(bytes[i + 2]) is >= 0 and var low)
            {
                bytes[length++] = (byte)((high << 4) | low);
                i += 2;
                continue;
            }

            bytes[length++] = bytes[i] == '+' ? (byte)' ' : bytes[i];
        }

        return bytes[..length];
    }

    private static void Encode(StringBuilder text, byte[] bytes)
    {
        foreach (var b in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~') text.Append((char)b);
            else text.Append('%').Append(Convert.ToHexString([b]));
        }
    }

    private static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
