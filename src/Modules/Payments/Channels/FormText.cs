using System.Text;

namespace Lianka.Modules.Payments.Channels;

/// <summary>Fields as <c>a=1&amp;b=2</c>.</summary>
internal static class FormText
{
    /// <returns>Null when it is no such text: bytes that are not UTF-8, a broken escape, or a name twice.</returns>
    public static Dictionary<string, string>? Read(ReadOnlySpan<byte> body)
    {
        var fields = new Dictionary<string, string>();
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || Plain(part[..at]) is not { } name || Plain(part[(at + 1)..]) is not { } value || !fields.TryAdd(name, value)) return null;
        }

        return fields;
    }

    public static string Write(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}"));

    private static string? Plain(string text)
    {
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2])) return null;
        }

        return Uri.UnescapeDataString(text.Replace('+', ' '));
    }
}
