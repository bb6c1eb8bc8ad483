using System.Text;
using System.Text.Json;

namespace Lianka.Modules.Payments.Channels.Alipay.Core;

/// <summary>What is signed in Alipay's OpenAPI with RSA2.</summary>
internal static class AlipaySignature
{
    /// <summary>Of a call: everything but the signature, what is empty left out, by name in the order of bytes.</summary>
    public static byte[] OfCall(IEnumerable<KeyValuePair<string, string>> fields) => Joined(fields.Where(f => f.Key != "sign" && f.Value.Length > 0));

    /// <summary>Of a notice: everything that came but <c>sign</c> and <c>sign_type</c>.</summary>
    public static byte[] OfNotice(IEnumerable<KeyValuePair<string, string>> fields) => Joined(fields.Where(f => f.Key is not ("sign" or "sign_type")));

    private static byte[] Joined(IEnumerable<KeyValuePair<string, string>> fields) =>
        Encoding.UTF8.GetBytes(string.Join('&', fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}")));

    /// <summary>The answer's node as it was sent, to the byte: that is what is signed. Reading and writing it again would change escapes and spaces.</summary>
    /// <param name="node"><c>alipay_trade_query_response</c> …</param>
    /// <returns>Null when the node or the signature is missing, or stands there twice.</returns>
    public static (ReadOnlyMemory<byte> Node, string Sign)? OfAnswer(ReadOnlyMemory<byte> body, string node)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            ReadOnlyMemory<byte>? found = null;
            string? sign = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                var (isObject, isText) = (reader.TokenType == JsonTokenType.StartObject, reader.TokenType == JsonTokenType.String);
                if (name == "sign")
                {
                    if (sign is not null || !isText) return null;
                    sign = reader.GetString();
                }

                reader.Skip();
                if (name != node) continue;
                if (found is not null || !isObject) return null;
                found = body[start..(int)reader.BytesConsumed];
            }

            // Nothing may follow.
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read() && found is { } text && sign is not null ? (text, sign) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // A text that is not UTF-16.
        }
    }
}
