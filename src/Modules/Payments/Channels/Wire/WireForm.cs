using System.Net.Http.Headers;
using System.Text;

namespace Lianka.Modules.Payments.Channels.Wire;

/// <summary>Names and values as browsers send them (application/x-www-form-urlencoded), UTF-8.</summary>
internal static class WireForm
{
    /// <summary>More fields than this are no channel's message.</summary>
    public const int FieldsMax = 200;

    public static string Write(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}"));

    public static ByteArrayContent Content(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Write(fields)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") { CharSet = "utf-8" };
        return content;
    }

    public static Dictionary<string, string>? Read(ReadOnlySpan<byte> body) => Read(Encoding.UTF8.GetString(body));

    /// <returns>Null when a name stands twice: what is signed and what is read could then be two things.</returns>
    public static Dictionary<string, string>? Read(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split('&', FieldsMax + 1))
        {
            if (pair.Length == 0) continue;
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = at < 0 ? (pair, "") : (pair[..at], pair[(at + 1)..]);
            if (fields.Count == FieldsMax || !fields.TryAdd(Plain(name), Plain(value))) return null;
        }

        return fields;
    }

    private static string Plain(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
