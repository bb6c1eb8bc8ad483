using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>JSON as these protocols write and sign it: no spaces, Chinese as Chinese, slashes as slashes, numbers as they came.</summary>
internal static class WireJson
{
    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };

    /// <returns>Null for anything that is not one whole JSON value.</returns>
    public static JsonNode? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[3..];
        try
        {
            var node = JsonNode.Parse(bytes, documentOptions: _strict);
            // Half a surrogate pair is found only when the text is read; here it costs nobody a purchase.
            _ = Write(node);
            return node;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static JsonNode? Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return text.ToString();
    }

    /// <summary>The outermost names in byte order; what stands inside keeps its own.</summary>
    public static string Sorted(JsonObject fields) =>
        Write(new JsonObject(Ordered(fields).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))));

    /// <summary><c>k=v</c> joined by <c>&amp;</c>, names in byte order, what is empty or null left out, lists and objects as JSON.</summary>
    public static string Pairs(JsonObject fields) => string.Join('&',
        from field in Ordered(fields)
        let value = field.Value is JsonObject or JsonArray ? Write(field.Value) : TextOf(field.Value)
        where !string.IsNullOrEmpty(value)
        select $"{field.Key}={value}");

    /// <summary>Every character of a text in the order of its code point.</summary>
    public static string SortedCharacters(string text)
    {
        var sorted = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes().Order()) sorted.Append(rune.ToString());
        return sorted.ToString();
    }

    /// <summary>A text as it is, a number or a truth value as it was written; null for the rest.</summary>
    public static string? TextOf(JsonNode? node) => node is JsonValue value
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString() : null;

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Ordered(JsonObject fields) => fields.OrderBy(f => f.Key, StringComparer.Ordinal);

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject fields:
                text.Append('{');
                Each(fields, f =>
                {
                    Write(text, f.Key);
                    text.Append(':');
                    Write(text, f.Value);
                });
                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                Each(items, i => Write(text, i));
                text.Append(']');
                break;
            case var value when value.GetValueKind() == JsonValueKind.String:
                Write(text, value.GetValue<string>());
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }

        void Each<T>(IEnumerable<T> parts, Action<T> write)
        {
            var isFirst = true;
            foreach (var part in parts)
            {
                if (!isFirst) text.Append(',');
                isFirst = false;
                write(part);
            }
        }
    }

    private static void Write(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
