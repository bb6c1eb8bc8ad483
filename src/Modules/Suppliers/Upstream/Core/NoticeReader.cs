using System.Text;
using System.Text.Json.Nodes;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>Reads a call to a connection's notice address.</summary>
/// <remarks>Held by: tests/Unit/Suppliers/NoticeExamples.cs.</remarks>
internal static class NoticeReader
{
    /// <summary>Holes of the text that a notice's signature covers.</summary>
    public static readonly IReadOnlySet<string> Holes = new HashSet<string>
    {
        "raw_body", "md5_body", "sorted_json", "sorted_pairs", "sorted_chars", "header:", "value:", "secret:",
    };

    /// <returns>Null: nobody who holds the connection's secrets has written this.</returns>
    public static UpstreamNews? Read(NoticeRule rule, UpstreamNotice notice, IReadOnlyDictionary<string, string> secrets)
    {
        var body = Encoding.UTF8.GetString(notice.Body.Span);
        if (FieldsOf(notice, body) is not { } fields) return null;
        if (rule.Sign is { } sign)
        {
            var signature = rule.SignatureHeader is { } header ? HeaderOf(notice, header) : rule.Signature?.TextIn(fields);
            if (!sign.IsGenuine(new NoticeValues(rule, notice, body, fields, secrets), signature)) return null;
        }

        var (own, theirs) = (rule.Answer.OwnNo?.TextIn(fields), rule.Answer.UpstreamNo?.TextIn(fields));
        if (string.IsNullOrEmpty(own) && string.IsNullOrEmpty(theirs)) return null;
        var answer = rule.IsHint
            ? new UpstreamAnswer.Unknown("A notice that is only a hint.")
            : AnswerReader.OfState(rule.Answer, fields, null, rule.Answer.Message?.TextIn(fields));
        return new UpstreamNews(own, theirs, answer);
    }

    private static JsonObject? FieldsOf(UpstreamNotice notice, string body)
    {
        if (body.TrimStart() is ['{' or '\uFEFF', ..]) return WireJson.Read(notice.Body.Span) as JsonObject;
        var fields = new JsonObject();
        foreach (var pair in (body.Length > 0 ? body : notice.Query.TrimStart('?')).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            // A name that comes twice would let one reader see another value than the next.
            if (cut <= 0 || !fields.TryAdd(Plain(pair[..cut]), JsonValue.Create(Plain(pair[(cut + 1)..])))) return null;
        }

        return fields.Count > 0 ? fields : null;
    }

    private static string Plain(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string? HeaderOf(UpstreamNotice notice, string name) =>
        notice.Headers.FirstOrDefault(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    private sealed class NoticeValues(NoticeRule rule, UpstreamNotice notice, string body, JsonObject fields, IReadOnlyDictionary<string, string> secrets) : Values
    {
        protected override string? Find(Hole hole) => hole.Name switch
        {
            "header" => HeaderOf(notice, hole.Key!),
            "value" => JsonPath.Parse(hole.Key!)?.TextIn(fields),
            "secret" => secrets.GetValueOrDefault(hole.Key!),
            _ => CallValues.OfBody(hole.Name, body, new JsonObject(
                fields.Where(f => !rule.Unsigned.Contains(f.Key)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())))),
        };
    }
}
